import { CallError, durationMs, type Instant, z } from '@valehub/connector-kit';
import { allPages, ask, operation } from './client.ts';
import { throwRefused } from './failure.ts';
import { globalId } from './ids.ts';
import { CODES_PER_CALL } from './limits.ts';
import { pageOf, userErrors } from './schemas.ts';
import type { ShopCtx } from './settings.ts';

/** So many codes are looked up in one query. */
const LOOKED_UP = 50;
const LOOK_AGAIN = 'PT2S';

/** How far the adding has come; stored between the steps. */
export const bulkState = z.strictObject({
  /** Codes that are done with. */
  upTo: z.int().nonnegative(),
  /** Shopify's id of the addition under way. */
  running: z.string().nullable(),
  added: z.int().nonnegative(),
  refused: z.array(z.string()),
});
export type BulkState = z.infer<typeof bulkState>;
export const NOTHING_ADDED: BulkState = { upTo: 0, running: null, added: 0, refused: [] };

const addMutation = operation(
  10,
  `mutation AddCodes($discountId: ID!, $codes: [DiscountRedeemCodeInput!]!) {
  discountRedeemCodeBulkAdd(discountId: $discountId, codes: $codes) { bulkCreation { id } userErrors { field message code } }
}`,
  { discountRedeemCodeBulkAdd: z.object({ bulkCreation: z.object({ id: globalId }).nullish(), userErrors }) },
);
const progressQuery = operation(
  2,
  'query CodesAdded($id: ID!) { discountRedeemCodeBulkCreation(id: $id) { done importedCount failedCount } }',
  {
    discountRedeemCodeBulkCreation: z
      .object({ done: z.boolean(), importedCount: z.int().nonnegative(), failedCount: z.int().nonnegative() })
      .nullable(),
  },
);
const failedQuery = operation(
  100,
  `query CodesRefused($id: ID!, $after: String) {
  discountRedeemCodeBulkCreation(id: $id) {
    codes(first: 250, after: $after) { pageInfo { hasNextPage endCursor } nodes { code errors { message } } }
  }
}`,
  {
    discountRedeemCodeBulkCreation: z
      .object({ codes: pageOf(z.object({ code: z.string(), errors: z.array(z.object({ message: z.string() })) })) })
      .nullable(),
  },
);

const lost = (): never => {
  throw new CallError({ code: 'BAD_REPLY', message: 'Shopify no longer knows the addition of codes that it had begun.' });
};

async function begin(ctx: ShopCtx, discountId: string, codes: readonly string[]): Promise<string> {
  const { discountRedeemCodeBulkAdd: told } = await ask(ctx, addMutation, { discountId, codes: codes.map((code) => ({ code })) });
  throwRefused(told.userErrors, codes);
  return told.bulkCreation?.id ?? lost();
}

async function failedOf(ctx: ShopCtx, id: string): Promise<readonly string[]> {
  const told = await allPages(
    async (after) => ((await ask(ctx, failedQuery, { id, after })).discountRedeemCodeBulkCreation ?? lost()).codes,
  );
  return told.flatMap(({ code, errors }) => (errors.length > 0 ? [code] : []));
}

/** Those that do not hang on this discount already. A step that is done twice so counts what the first had added. */
async function strangers(ctx: ShopCtx, discountId: string, codes: readonly string[]): Promise<readonly string[]> {
  const others: string[] = [];
  for (let from = 0; from < codes.length; from += LOOKED_UP) {
    const some = codes.slice(from, from + LOOKED_UP);
    const owners = operation(
      some.length,
      `query Owners(${some.map((_, index) => `$c${index}: String!`).join(', ')}) {
  ${some.map((_, index) => `c${index}: codeDiscountNodeByCode(code: $c${index}) { id }`).join('\n  ')}
}`,
      Object.fromEntries(some.map((_, index) => [`c${index}`, z.object({ id: globalId }).nullable()])),
    );
    const told = await ask(ctx, owners, Object.fromEntries(some.map((code, index) => [`c${index}`, code])));
    others.push(...some.filter((_, index) => told[`c${index}`]?.id !== discountId));
  }
  return others;
}

/** One step further: an addition is begun, or looked after. `at`: there is nothing to do before. */
export async function addOn(
  ctx: ShopCtx,
  discountId: string,
  codes: readonly string[],
  state: BulkState,
): Promise<{ readonly state: BulkState; readonly isDone: boolean; readonly at?: Instant }> {
  const some = codes.slice(state.upTo, state.upTo + CODES_PER_CALL);
  if (some.length === 0) return { state, isDone: true };
  const later = new Date(Date.parse(ctx.now()) + durationMs(LOOK_AGAIN)).toISOString();
  if (state.running === null) return { state: { ...state, running: await begin(ctx, discountId, some) }, isDone: false, at: later };
  const { discountRedeemCodeBulkCreation: progress } = await ask(ctx, progressQuery, { id: state.running });
  if (!(progress ?? lost()).done) return { state, isDone: false, at: later };
  const failed = progress?.failedCount ? await failedOf(ctx, state.running) : [];
  const refused = await strangers(ctx, discountId, failed);
  const next: BulkState = {
    upTo: state.upTo + some.length,
    running: null,
    added: state.added + some.length - refused.length,
    refused: [...state.refused, ...refused],
  };
  return { state: next, isDone: next.upTo >= codes.length };
}
