import { CallError, type Fact, type FeedPage, type JsonBody, z } from '@valehub/connector-kit';
import type { ShopCtx } from './settings.ts';

/** One GraphQL document with the form of what it gives. */
export interface Operation<R extends z.ZodType<{ data: unknown }>> {
  readonly document: string;
  readonly reply: R;
  /**
   * In points, as what it usually comes to: Shopify takes what it might come to at most and gives the difference back, and every reply
   * says what is left.
   */
  readonly cost: number;
}

/** The operation whose `data` has these members. */
export const operation = <T extends z.ZodRawShape>(cost: number, document: string, data: T) => ({
  cost,
  document,
  reply: z.object({ data: z.object(data) }),
});

/** Asks Shopify, once. Throws `CallError`. */
export async function ask<R extends z.ZodType<{ data: unknown }>>(
  ctx: ShopCtx,
  { document, reply, cost }: Operation<R>,
  variables: { readonly [name: string]: JsonBody | undefined } = {},
): Promise<z.output<R>['data']> {
  const answer = await ctx.call({ path: '/graphql.json', json: { query: document, variables }, reply, cost });
  return answer.data;
}

/** One page of a connection. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null | undefined };
}

/** Undefined on the last page. Without a cursor the next page would be the first one again. */
function nextOf({ pageInfo }: Page<unknown>): string | undefined {
  if (!pageInfo.hasNextPage) return undefined;
  if (pageInfo.endCursor) return pageInfo.endCursor;
  throw new CallError({ code: 'BAD_REPLY', message: 'Shopify says that there is more, and not where.' });
}

/** All nodes of a connection. */
export async function allPages<T>(read: (after: string | null) => Promise<Page<T>>): Promise<T[]> {
  const nodes: T[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Page<T> = await read(after);
    nodes.push(...page.nodes);
    const next = nextOf(page);
    if (next === undefined) return nodes;
    after = next;
  }
}

/** A page of a feed, of the page that its facts were read from. */
export function feedPage(facts: readonly Fact[], page: Page<unknown>): FeedPage {
  const next = nextOf(page);
  return next === undefined ? { facts, more: false } : { facts, next, more: true };
}
