import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { placeLiteralFaults, variablesOf } from './coercion.ts';
import { checkShape, MAX_TOKENS, pagesOf, tooNested } from './limits.ts';

export type ExecutorKind = 'jit' | 'graphql-js';

const KEPT_DOCUMENTS = 1_000;
const KEPT_CHARACTERS = 4_000_000;
/** A document that comes once is not worth compiling, and a flood of new ones must not compile. */
const COMPILE_AT_USE = 2;

/** One operation of a document, with all that is worked out once. */
export interface Operation {
  readonly document: DocumentNode;
  readonly node: OperationDefinitionNode;
  readonly name: string | undefined;
  readonly pages: ReturnType<typeof pagesOf>;
  readonly variables: ReturnType<typeof variablesOf>;
  /** null until it is worth it, or where it is left to graphql-js. */
  compiled: CompiledQuery | null;
  uses: number;
}

/** A query text that was parsed and is within the limits. */
export interface KnownDocument {
  readonly document: DocumentNode;
  /** Set once it was validated: empty = sound. */
  faults: readonly GraphQLError[] | null;
  readonly operations: Map<string | undefined, Operation>;
  readonly compilable: boolean;
}

/** The query texts that callers send, each parsed, measured, validated and compiled once. */
export class Documents {
  readonly schema: GraphQLSchema;
  readonly #executor: ExecutorKind;
  readonly #compileAtUse: number;
  readonly #pinned = new Map<string, KnownDocument>();
  readonly #known = new LRUCache<string, KnownDocument>({
    max: KEPT_DOCUMENTS,
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (_document, text) => text.length + 1,
  });

  constructor(schema: GraphQLSchema, executor: ExecutorKind = 'jit', compileAtUse = COMPILE_AT_USE) {
    this.schema = schema;
    this.#executor = executor;
    this.#compileAtUse = compileAtUse;
  }

  peek(text: string): KnownDocument | undefined {
    return this.#pinned.get(text) ?? this.#known.get(text);
  }

  /** Keeps a document for good, however many others come. */
  pin(text: string): void {
    this.#pinned.set(text, this.open(text));
  }

  /** Throws GraphQLError for what is no document, TOO_COMPLEX for one beyond the limits. */
  open(text: string): KnownDocument {
    const known = this.peek(text);
    if (known) return known;
    const document = parsed(text);
    checkShape(document);
    const opened: KnownDocument = { document, faults: null, operations: new Map(), compilable: isSafeToCompile(document) };
    this.#known.set(text, opened);
    return opened;
  }

  /** Faults of a document against the schema, worked out once. */
  faultsOf(known: KnownDocument): readonly GraphQLError[] {
    if (known.faults === null) {
      known.faults = validate(this.schema, known.document, specifiedRules);
      placeLiteralFaults(known.document, known.faults);
      for (const fault of known.faults) Object.assign(fault.extensions, { code: 'GRAPHQL_VALIDATION_FAILED' });
    }
    return known.faults;
  }

  /** undefined where the document has no such operation, or several and no name was given. */
  operation(known: KnownDocument, name: string | undefined): Operation | undefined {
    let operation = known.operations.get(name);
    if (!operation) {
      const node = getOperationAST(known.document, name);
      if (!node) return undefined;
      const { document } = known;
      operation = {
        document,
        node,
        name,
        pages: pagesOf(this.schema, document, node),
        variables: variablesOf(this.schema, node, document),
        compiled: null,
        uses: 0,
      };
      known.operations.set(name, operation);
    }
    operation.uses += 1;
    // Each event of a subscription is a use.
    const worthIt = operation.node.operation === 'subscription' ? 1 : this.#compileAtUse;
    if (operation.uses === worthIt && this.#executor === 'jit' && known.compilable) operation.compiled = this.#compile(operation);
    return operation;
  }

  #compile({ document, name, variables }: Operation): CompiledQuery | null {
    // graphql-jit does not check that exactly one field is given.
    if (variables.some(({ oneOf }) => oneOf)) return null;
    const compiled = compileQuery(this.schema, document, name, { disablingCapturingStackErrors: true });
    return isCompiledQuery(compiled) ? compiled : null;
  }
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    // The parser walks down by calling itself.
    if (error instanceof RangeError) throw tooNested();
    if (error instanceof GraphQLError) Object.assign(error.extensions, { code: 'GRAPHQL_PARSE_FAILED' });
    throw error;
  }
}

/**
 * What graphql-jit gets wrong is left to graphql-js. It writes the literals of a query into the text of a function and looks for
 * marks of its own in them, so a caller's literal that carries such a mark would be run as code; and of a field that is asked for
 * under several conditions it follows one.
 */
function isSafeToCompile(document: DocumentNode): boolean {
  let safe = true;
  const look = (text: string): void => {
    if (text.includes('__MAGIC_') || text === '__proto__') safe = false;
  };
  visit(document, {
    StringValue: ({ value }) => look(value),
    Name: ({ value }) => look(value),
    Directive: ({ name }) => {
      if (name.value === 'skip' || name.value === 'include') safe = false;
    },
  });
  return safe;
}
