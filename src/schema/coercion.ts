import {
  coerceInputValue,
  type DocumentNode,
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInputType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type ValueNode,
  visit,
} from 'graphql';
import type { InputFault } from '../domain/shared/errors.ts';

type Key = string | number;
type Variables = Readonly<Record<string, unknown>>;

/** A variable of an operation: its type, and where in the arguments it stands. */
interface VariableUse {
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly hasDefault: boolean;
  /** As the caller writes paths: `input`, or `input.order` where it stands inside a literal. */
  readonly path: string;
  /** Holds an input of which exactly one field is given, which graphql-jit does not know. */
  readonly oneOf: boolean;
}

export function variablesOf(schema: GraphQLSchema, operation: OperationDefinitionNode, document: DocumentNode): readonly VariableUse[] {
  const paths = variablePaths(document);
  return (operation.variableDefinitions ?? []).flatMap(({ variable, type: typeNode, defaultValue }) => {
    const type = typeFromAST(schema, typeNode);
    if (!isInputType(type)) return [];
    const name = variable.name.value;
    return [{ name, type, hasDefault: defaultValue !== undefined, path: paths.get(name) ?? name, oneOf: holdsOneOf(type) }];
  });
}

/** What is wrong with the variables, all of it, by the paths of the arguments they fill; empty = they fit. */
export function variableFaults(uses: readonly VariableUse[], variables: Variables): InputFault[] {
  const faults: InputFault[] = [];
  for (const { name, type, hasDefault, path } of uses) {
    const value = variables[name];
    if (value === undefined) {
      if (isNonNullType(type) && !hasDefault) faults.push({ path, message: `${path} is required (${String(type)}).` });
      continue;
    }
    coerceInputValue(value, type, (keys, _value, error) => faults.push(faultAt([path, ...keys], error)));
  }
  return faults;
}

/** Tells those faults of validation that are about literals the path of the value in the arguments. */
export function placeLiteralFaults(document: DocumentNode, errors: readonly unknown[]): void {
  for (const error of errors) {
    const fault = error instanceof GraphQLError ? literalFault(document, error) : undefined;
    if (fault && error instanceof GraphQLError) Object.assign(error.extensions, { path: fault.path, faults: [fault] });
  }
}

function literalFault(document: DocumentNode, error: GraphQLError): InputFault | undefined {
  const [node] = error.nodes ?? [];
  if (!node) return undefined;
  let found: readonly Key[] | undefined;
  walkArguments(
    document,
    (value, keys) => {
      if ((value as unknown) === node) found = keys;
    },
    (field, keys) => {
      if ((field as unknown) === node) found = keys;
    },
  );
  return found && faultAt(found, error);
}

const REQUIRED_FIELD = /^Field "(?:\w+\.)?(\w+)" of required type/;
const UNKNOWN_FIELD = /^Field "(?:\w+\.)?(\w+)" is not defined by type/;

function faultAt(keys: readonly Key[], { message }: { message: string }): InputFault {
  const more = REQUIRED_FIELD.exec(message)?.[1] ?? UNKNOWN_FIELD.exec(message)?.[1];
  return { path: pathText(more === undefined || keys.at(-1) === more ? keys : [...keys, more]), message };
}

const pathText = (keys: readonly Key[]): string =>
  keys.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`), '');

function variablePaths(document: DocumentNode): Map<string, string> {
  const paths = new Map<string, string>();
  walkArguments(document, (value, keys) => {
    if (value.kind === Kind.VARIABLE && !paths.has(value.name.value)) paths.set(value.name.value, pathText(keys));
  });
  return paths;
}

function walkArguments(
  document: DocumentNode,
  onValue: (value: ValueNode, keys: readonly Key[]) => void,
  onField: (field: unknown, keys: readonly Key[]) => void = () => undefined,
): void {
  visit(document, {
    Argument(node) {
      walk(node.value, [node.name.value]);
      return false;
    },
  });

  function walk(value: ValueNode, keys: readonly Key[]): void {
    onValue(value, keys);
    if (value.kind === Kind.LIST) for (const [index, item] of value.values.entries()) walk(item, [...keys, index]);
    if (value.kind !== Kind.OBJECT) return;
    for (const field of value.fields) {
      onField(field, [...keys, field.name.value]);
      walk(field.value, [...keys, field.name.value]);
    }
  }
}

function holdsOneOf(type: GraphQLInputType, seen = new Set<GraphQLInputType>()): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named) || seen.has(named)) return false;
  seen.add(named);
  return named.isOneOf || Object.values(named.getFields()).some((field) => holdsOneOf(field.type, seen));
}
