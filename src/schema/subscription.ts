import { createSourceEventStream, type ExecutionResult } from 'graphql';
import type { Context } from './context.ts';
import type { Documents, Operation } from './documents.ts';
import type { Executor } from './executor.ts';

type Variables = Readonly<Record<string, unknown>>;

/** Opens the source of a subscription: batches of records, each of which is run through the operation on its own. Or what is wrong with it. */
export async function openSource(
  documents: Documents,
  executor: Executor,
  operation: Operation,
  context: Context,
  given: Variables,
): Promise<AsyncIterator<readonly object[]> | ExecutionResult> {
  const faults = executor.faultsOf(operation, given);
  if (faults) return faults;
  const { document, name } = operation;
  const source: unknown = await createSourceEventStream({
    schema: documents.schema,
    document,
    contextValue: context,
    variableValues: given,
    operationName: name ?? null,
  });
  return isIterable(source) ? batched(source[Symbol.asyncIterator]()) : (source as ExecutionResult);
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

function batched(source: AsyncIterator<unknown>): AsyncIterator<readonly object[]> {
  return {
    async next() {
      const { done, value } = await source.next();
      return done ? { done, value: undefined } : { done: false, value: (Array.isArray(value) ? value : [value]) as readonly object[] };
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
  };
}

/** What two subscribers must have in common to be shown the same. */
export function likenessOf({ document, name }: Operation, { actor, caller }: Context, variables: Variables): string {
  return JSON.stringify([
    document.loc?.source.body,
    name,
    variables,
    actor.role,
    actor.storeIds,
    actor.connectionId,
    caller.acceptLanguage,
  ]);
}
