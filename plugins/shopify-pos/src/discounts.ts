import { type Fact, type Feed, type HubDiscount, z } from '@valehub/connector-kit';
import { ask, feedPage, operation } from './client.ts';
import { gid, globalId } from './ids.ts';
import { quoted } from './orders.ts';
import { pageOf, text } from './schemas.ts';
import type { ShopCtx, settings } from './settings.ts';
import { grantedScopes } from './shop.ts';

const COMMON = 'title status asyncUsageCount codesCount { count } codes(first: 2) { nodes { code } }';
const CODE_DISCOUNT = `id codeDiscount {
  __typename
  ... on DiscountCodeBasic { ${COMMON} }
  ... on DiscountCodeBxgy { ${COMMON} }
  ... on DiscountCodeFreeShipping { ${COMMON} }
  ... on DiscountCodeApp { ${COMMON} }
}`;

export const codeDiscount = z.object({
  id: globalId,
  codeDiscount: z.object({
    __typename: z.string(),
    title: text,
    status: text,
    asyncUsageCount: z.int().nonnegative().nullish(),
    codesCount: z.object({ count: z.int().nonnegative() }).nullish(),
    codes: z.object({ nodes: z.array(z.object({ code: z.string() })) }).nullish(),
  }),
});
export type CodeDiscount = z.output<typeof codeDiscount>;

const discountQuery = operation(8, `query Discount($id: ID!) { codeDiscountNode(id: $id) { ${CODE_DISCOUNT} } }`, {
  codeDiscountNode: codeDiscount.nullable(),
});
const byCodeQuery = operation(8, `query DiscountByCode($code: String!) { codeDiscountNodeByCode(code: $code) { ${CODE_DISCOUNT} } }`, {
  codeDiscountNodeByCode: codeDiscount.nullable(),
});
// Deprecated in favour of `discountNodes`, whose ids are of another kind than those that all else takes and webhooks carry.
const usedQuery = operation(
  60,
  `query UsedDiscounts($query: String!, $after: String) {
  codeDiscountNodes(first: 25, after: $after, query: $query) { pageInfo { hasNextPage endCursor } nodes { ${CODE_DISCOUNT} } }
}`,
  { codeDiscountNodes: pageOf(codeDiscount) },
);

const STATES: Readonly<Record<string, HubDiscount['state']>> = { ACTIVE: 'ACTIVE', SCHEDULED: 'SCHEDULED' };

/** Without a revision: a use counts up without changing the time of the last change. */
function fact({ id, codeDiscount: told }: CodeDiscount): Fact {
  const [only] = told.codesCount?.count === 1 ? (told.codes?.nodes ?? []) : [];
  return {
    kind: 'discount',
    discount: {
      externalId: id,
      name: told.title ?? '',
      ...(only ? { code: only.code } : {}),
      state: STATES[told.status ?? ''] ?? 'ENDED',
      ...(told.asyncUsageCount === null || told.asyncUsageCount === undefined ? {} : { used: told.asyncUsageCount }),
    },
  };
}

/** Codes are unique in a shop, whatever their case. */
export const discountByCode = async (ctx: ShopCtx, code: string): Promise<CodeDiscount | null> =>
  (await ask(ctx, byCodeQuery, { code })).codeDiscountNodeByCode;

/** Discounts without a code carry none of the hub's, and so are left alone. */
export async function readDiscounts(ctx: ShopCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) {
    if (/DiscountAutomatic/.test(id)) continue;
    const { codeDiscountNode } = await ask(ctx, discountQuery, { id: gid('DiscountCodeNode', id) });
    facts.push(codeDiscountNode ? fact(codeDiscountNode) : { kind: 'gone', resource: 'discount', id });
  }
  return facts;
}

/**
 * How often each code discount was used, for reconciliation. Shopify counts behind the sales, so this never decides anything. All that are
 * active are read each time; what ended since is read once more.
 */
export const usage: Feed<typeof settings> = {
  by: 'time',
  every: 'PT1H',
  gives: ['discount'],
  overlap: 'PT1H',
  complete: false,
  async read(ctx, { from, page }) {
    // A shop that keeps its discounts to itself is told so by `narrow`, not every hour.
    if (page === undefined && !(await grantedScopes(ctx)).has('read_discounts')) return { facts: [], more: false };
    const query = `status:active OR updated_at:>=${quoted(from)} OR ends_at:>=${quoted(from)}`;
    const { codeDiscountNodes } = await ask(ctx, usedQuery, { query, after: page ?? null });
    return feedPage(codeDiscountNodes.nodes.map(fact), codeDiscountNodes);
  },
};
