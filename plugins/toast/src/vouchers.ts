import type { DeskOrder, DeskOutcome, Money } from '@valehub/connector-kit';
import type { DeskCtx, Transaction } from './transactions.ts';

/** Under this key a code is redeemed by a transaction; by the same it is found again when Toast takes the transaction back. */
const keyOf = (transaction: string, code: string): string => `toast:${transaction}:${code}`;

/** What came of a code that a till has already taken off, or been paid with. */
export type Redeemed = { readonly ok: true; readonly amount: Money } | { readonly ok: false; readonly message: string };

const refusal = (outcome: DeskOutcome | undefined): string =>
  outcome && !outcome.ok ? outcome.message : 'The voucher cannot be used on this check.';

/** Redeems one code for what the till has given. Where the hub would give another amount, nothing is redeemed: the till has to ask anew. */
export async function redeemOne(
  ctx: DeskCtx,
  { guid, location }: Transaction,
  order: DeskOrder,
  code: string,
  atTill: Money,
): Promise<Redeemed> {
  const key = keyOf(guid, code);
  const { redeemed, outcomes } = await ctx.desk.redeem({ key, codes: [code], order });
  const [outcome] = outcomes;
  if (!redeemed || !outcome?.ok) return { ok: false, message: refusal(outcome) };
  if (outcome.amount.minor === atTill.minor) return { ok: true, amount: outcome.amount };
  await ctx.desk.reverse({ key: `${key}:undo`, redeemKey: key, ...(location ? { location } : {}) });
  return { ok: false, message: `The voucher is worth ${ctx.money.toMajor(outcome.amount)} by now: apply it again.` };
}

/** Takes back what a transaction has redeemed; where it redeemed nothing, nothing of it can come later. False where one stays. */
export async function reverseAll(
  ctx: DeskCtx,
  { guid, location }: Transaction,
  redeemedBy: string,
  codes: readonly string[],
): Promise<boolean> {
  let isBack = true;
  for (const code of new Set(codes)) {
    const { reversed } = await ctx.desk.reverse({
      key: keyOf(guid, code),
      redeemKey: keyOf(redeemedBy, code),
      ...(location ? { location } : {}),
    });
    isBack &&= reversed;
  }
  return isBack;
}
