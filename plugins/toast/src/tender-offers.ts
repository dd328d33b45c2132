import type { DeskOutcome, Plain } from '@valehub/connector-kit';
import { basketOf, isUnknown, number } from './basket.ts';
import { tillOf } from './orders.ts';
import type { TenderTransaction, Used } from './question-schemas.ts';
import type { AppliedDiscount, Check } from './schemas.ts';
import { amount } from './till.ts';
import { accept, type DeskCtx, refuse, type Transaction } from './transactions.ts';

export type Part<K extends keyof TenderTransaction> = NonNullable<TenderTransaction[K]>;
type Good = Extract<DeskOutcome, { readonly ok: true }>;
type Decision = { readonly outcome: Good } | { readonly refused: Plain };

/** The one thing that staff is asked for. */
export const TERM = 'Voucher code';

const account = (code: string): Plain => ({
  tenderIdentifier: code,
  properties: [{ key: TERM, value: code, tenderPropertyType: 'OTHER' }],
});

/** A discount of ours carries its code in its name: by that the order is known again. */
const nameOf = ({ campaign, code }: Good): string => `${campaign} ${code}`;

/** Ours are the discounts that Toast put on the check by our answer. */
export const isOneOf =
  (used: readonly Used[]) =>
  ({ guid, name }: AppliedDiscount): boolean =>
    used.some(({ identifier, appliedDiscountGuid }) => guid === appliedDiscountGuid || (name ?? '').includes(identifier));

/** There is no basket yet, so nothing is said but whether the code is one. */
export async function search(ctx: DeskCtx, { location, guid }: Transaction, info: Part<'searchTransactionInformation'>): Promise<Plain> {
  const typed = info.searchTerms.find(({ value }) => value?.trim())?.value;
  const code = (info.scanData || info.swipeData || typed || '').trim().slice(0, 200);
  const store = ctx.store(location);
  if (!store) return refuse('ERROR_INVALID_RESTAURANT');
  if (code === '') return refuse('ERROR_INVALID_INPUT_PROPERTIES');
  const order = { externalId: info.checkGuid ?? guid, ...(location ? { location } : {}), currency: store.currency, lines: [] };
  const [outcome] = await ctx.desk.validate({ codes: [code], order });
  return outcome && isUnknown(outcome) ? refuse('ERROR_ACCOUNT_INVALID') : accept({ searchResponse: { searchResults: [account(code)] } });
}

async function decide(ctx: DeskCtx, { location }: Transaction, code: string, check: Check, used: readonly Used[]): Promise<Decision> {
  const order = basketOf(ctx, location, check, check.guid, isOneOf(used));
  if (!order) return { refused: refuse('ERROR_INVALID_RESTAURANT') };
  const [outcome] = await ctx.desk.validate({ codes: [code], order });
  if (outcome?.ok) return { outcome: { ...outcome, code } };
  return { refused: refuse(outcome && isUnknown(outcome) ? 'ERROR_ACCOUNT_INVALID' : 'ERROR_UNABLE_TO_PROCESS') };
}

export async function discounts(ctx: DeskCtx, transaction: Transaction, info: Part<'discountsTransactionInformation'>): Promise<Plain> {
  const code = info.tenderIdentifier;
  const decision = await decide(ctx, transaction, code, info.check, []);
  if ('refused' in decision) return decision.refused;
  const { outcome } = decision;
  const [line, another] = outcome.lines.filter((part) => part.amount.minor > 0);
  // Toast takes a discount on a selection of one unit only.
  const isSingle = info.check.selections.some(({ guid, quantity }) => guid === line?.lineId && quantity === '1');
  const onItem = outcome.kind === 'LINE_DISCOUNT' && line && !another && isSingle ? { selectionGuid: line.lineId } : {};
  const offer = { name: nameOf(outcome), identifier: code, amount: number(ctx, outcome.amount), ...onItem };
  return accept({ discountsResponse: { account: account(code), tenderDiscounts: outcome.kind === 'TENDER' ? [] : [offer] } });
}

export async function payments(ctx: DeskCtx, transaction: Transaction, info: Part<'paymentsTransactionInformation'>): Promise<Plain> {
  const code = info.tenderIdentifier;
  const nothing = accept({ paymentsResponse: { account: account(code), tenderPayments: [] } });
  // The voucher was a discount: there is nothing left to pay with.
  if (info.tenderDiscountsApplied.some(({ identifier }) => identifier === code)) return nothing;
  const decision = await decide(ctx, transaction, code, info.check, info.tenderDiscountsApplied);
  if ('refused' in decision) return decision.refused;
  const { outcome } = decision;
  if (outcome.kind !== 'TENDER') return nothing;
  const asked = amount(tillOf(ctx, transaction.location), info.amount ?? ctx.money.toMajor(outcome.amount));
  // The hub says how much a voucher pays; of that no part can be left over.
  if (asked.minor < outcome.amount.minor) return refuse('ERROR_UNABLE_TO_PROCESS');
  const payment = {
    name: nameOf(outcome),
    identifier: code,
    type: 'STORED_VALUE',
    amount: number(ctx, outcome.amount),
    tipAmount: 0,
  };
  return accept({ paymentsResponse: { account: account(code), tenderPayments: [payment] } });
}
