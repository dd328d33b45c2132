import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  visit,
} from 'graphql';
import { HubError } from '../domain/shared/errors.ts';

const MAX_DEPTH = 12;
const MAX_FIELDS = 500;
const MAX_ALIASES = 50;
const MAX_NESTED_NODES = 10_000;
/** Of anything in a document: selections, values, types. Far beyond it, whoever walks down runs out of stack. */
const MAX_NESTING = 300;
export const MAX_OPERATIONS = 10;
export const MAX_BODY_BYTES = 1_048_576;
/** More than any document within the other bounds has; ends the reading of a monster early. */
export const MAX_TOKENS = 15_000;

const tooComplex = (message: string): HubError => new HubError('TOO_COMPLEX', message);

export const tooNested = (): HubError => tooComplex('A document may not be nested so deep.');

/** Throws TOO_COMPLEX where an operation is too deep, too wide or full of aliases, fragments written out. Cheap: it ends as soon as a bound is passed. */
export function checkShape(document: DocumentNode): void {
  let nesting = 0;
  visit(document, {
    enter: () => {
      nesting += 1;
      if (nesting > MAX_NESTING) throw tooNested();
    },
    leave: () => {
      nesting -= 1;
    },
  });
  const fragments = new Map(
    document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION) new Shape(fragments).enter(node.selectionSet, 1, false);
  }
}

class Shape {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #open = new Set<string>();
  #fields = 0;
  #aliases = 0;
  #spreads = 0;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments;
  }

  /** `free`: inside introspection, whose own depth graphql-js bounds. */
  enter({ selections }: SelectionSetNode, depth: number, free: boolean): void {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        if (++this.#fields > MAX_FIELDS) throw tooComplex(`An operation may ask for ${MAX_FIELDS} fields, fragments written out.`);
        if (node.alias && ++this.#aliases > MAX_ALIASES) throw tooComplex(`An operation may have ${MAX_ALIASES} aliases.`);
        if (depth > MAX_DEPTH && !free) throw tooComplex(`An operation may be ${MAX_DEPTH} fields deep.`);
        if (node.selectionSet) this.enter(node.selectionSet, depth + 1, free || node.name.value.startsWith('__'));
      } else if (node.kind === Kind.INLINE_FRAGMENT) {
        this.#spread();
        this.enter(node.selectionSet, depth, free);
      } else {
        this.#follow(node.name.value, depth, free);
      }
    }
  }

  /** A cycle is left to validation, which names it. */
  #follow(name: string, depth: number, free: boolean): void {
    const fragment = this.#fragments.get(name);
    if (!fragment || this.#open.has(name)) return;
    this.#spread();
    this.#open.add(name);
    this.enter(fragment.selectionSet, depth, free);
    this.#open.delete(name);
  }

  #spread(): void {
    if (++this.#spreads > MAX_FIELDS) throw tooComplex(`An operation may spread ${MAX_FIELDS} fragments.`);
  }
}

type Size = number | { readonly variable: string; readonly byDefault: number };

/** A field that gives a page, with the pages inside it. */
interface PageField {
  readonly size: Size;
  readonly inside: readonly PageField[];
}

/** The pages that an operation asks for; worked out once a document, reckoned with the variables of each request. */
export function pagesOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): readonly PageField[] {
  const fragments = new Map(
    document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION).map((node) => [node.name.value, node]),
  );
  const root = schema.getRootType(operation.operation);
  return root ? collect(root, operation.selectionSet) : [];

  function collect(type: GraphQLObjectType | undefined, { selections }: SelectionSetNode): PageField[] {
    return selections.flatMap((node): readonly PageField[] => {
      if (node.kind === Kind.INLINE_FRAGMENT) return collect(objectType(node.typeCondition?.name.value) ?? type, node.selectionSet);
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(node.name.value);
        return fragment ? collect(objectType(fragment.typeCondition.name.value), fragment.selectionSet) : [];
      }
      const field = type?.getFields()[node.name.value];
      if (!field || !node.selectionSet) return [];
      const named = getNamedType(field.type);
      const inside = collect(isObjectType(named) ? named : undefined, node.selectionSet);
      const first = field.args.find(({ name }) => name === 'first');
      if (!first || !isObjectType(named)) return inside;
      const given = node.arguments?.find(({ name }) => name.value === 'first')?.value;
      return [{ size: sizeOf(given, Number(first.defaultValue ?? 0)), inside }];
    });
  }

  function objectType(name: string | undefined): GraphQLObjectType | undefined {
    const type = name === undefined ? undefined : schema.getType(name);
    return isObjectType(type) ? type : undefined;
  }
}

function sizeOf(value: ValueNode | undefined, byDefault: number): Size {
  if (value?.kind === Kind.INT) return Number(value.value);
  if (value?.kind === Kind.VARIABLE) return { variable: value.name.value, byDefault };
  return byDefault;
}

/** Throws TOO_COMPLEX where pages inside pages ask for too many nodes together. */
export function checkPages(pages: readonly PageField[], variables: Readonly<Record<string, unknown>>): void {
  const nodes = pages.reduce((sum, { size, inside }) => sum + nestedNodes(inside, sizeNow(size, variables), variables), 0);
  if (nodes > MAX_NESTED_NODES)
    throw tooComplex(`Pages inside pages may ask for ${MAX_NESTED_NODES} entries together; this asks for ${nodes}.`);
}

const nestedNodes = (pages: readonly PageField[], times: number, variables: Readonly<Record<string, unknown>>): number =>
  pages.reduce((sum, { size, inside }) => {
    const nodes = times * sizeNow(size, variables);
    return sum + nodes + nestedNodes(inside, nodes, variables);
  }, 0);

function sizeNow(size: Size, variables: Readonly<Record<string, unknown>>): number {
  if (typeof size === 'number') return size;
  const given = variables[size.variable];
  return typeof given === 'number' && given >= 0 ? given : size.byDefault;
}
