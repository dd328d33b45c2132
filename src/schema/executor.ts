import { type ExecutionResult, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { HubError } from '../domain/shared/errors.ts';
import { variableFaults } from './coercion.ts';
import type { Context } from './context.ts';
import type { Operation } from './documents.ts';
import { graphqlFault } from './faults.ts';
import { checkPages } from './limits.ts';

type Variables = Readonly<Record<string, unknown>>;
export type Result = Outcome | Promise<Outcome>;
type Outcome = ExecutionResult<Record<string, unknown>, Record<string, unknown>>;

const NO_VARIABLES: Variables = Object.freeze({});

/** Runs operations of documents that are valid: compiled where they are, else by graphql-js. Both answer alike. */
export class Executor {
  readonly #schema: GraphQLSchema;
  readonly #log: Logger;

  constructor(schema: GraphQLSchema, log: Logger) {
    this.#schema = schema;
    this.#log = log;
  }

  /** Errors of the result are GraphQLErrors; `showFault` makes of them what callers see. */
  run(operation: Operation, context: Context, given: Variables | null | undefined, root?: unknown): Result {
    const variables = given ?? NO_VARIABLES;
    try {
      checkPages(operation.pages, variables);
    } catch (error) {
      if (error instanceof HubError) return { errors: [graphqlFault(error.code, error.message)] };
      throw error;
    }
    const { compiled } = operation;
    const result = compiled ? (compiled.query(root, context, variables) as Result) : this.#interpret(operation, context, variables, root);
    return result instanceof Promise
      ? result.then((settled) => this.#checked(operation, variables, settled))
      : this.#checked(operation, variables, result);
  }

  #interpret({ document, name }: Operation, context: Context, variableValues: Variables, rootValue: unknown): Result {
    return execute({
      schema: this.#schema,
      document,
      rootValue,
      contextValue: context,
      variableValues,
      operationName: name ?? null,
    }) as Result;
  }

  /** Whether the variables fit the operation; null = they do. */
  faultsOf(operation: Operation, variables: Variables): Outcome | null {
    const faults = variableFaults(operation.variables, variables);
    const [first] = faults;
    return first ? { errors: [graphqlFault('BAD_USER_INPUT', first.message, faults)] } : null;
  }

  /** A result without data never began: the variables did not fit. Each executor says so in its own way, so it is worked out anew. */
  #checked(operation: Operation, variables: Variables, result: Outcome): Outcome {
    if (!result.errors) return result;
    if (result.data !== undefined) return { data: result.data, errors: result.errors.map(wholeError) };
    const faults = this.faultsOf(operation, variables);
    if (faults) return faults;
    this.#log.warn({ errors: result.errors.map(({ message }) => message) }, 'an executor refused an operation for a reason of its own');
    return { errors: result.errors.map((error) => new GraphQLError(error.message, { extensions: { code: 'BAD_REQUEST' } })) };
  }
}

/** graphql-jit's errors may lack extensions, on which Apollo Server relies. */
const wholeError = (error: GraphQLError): GraphQLError =>
  (error.extensions as unknown) === undefined ? (Object.create(error, { extensions: { value: {} } }) as GraphQLError) : error;
