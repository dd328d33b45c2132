import type { DeskOrder, DeskOutcome, Money, Plain } from '@valehub/connector-kit';
import { number } from './basket.ts';
import type { Redemption } from './question-schemas.ts';
import { accept, type DeskCtx } from './transactions.ts';

type Good = Extract<DeskOutcome, { readonly ok: true }>;

/** What becomes of a reward that is on the check already. */
export interface Judged {
  readonly redemption: Redemption;
  readonly verdict: { readonly ok: true; readonly amount: Money } | { readonly ok: false; readonly message: string };
}

/** An offer as Toast can apply it: to one selection, to several where each is a single unit without a discount, else to the check. */
function offer(ctx: DeskCtx, order: DeskOrder, outcome: Good): Plain {
  const parts = outcome.lines.filter(({ amount }) => amount.minor > 0);
  const lines = parts.map(({ lineId }) => order.lines.find(({ id }) => id === lineId));
  const isBare = lines.every((line) => line !== undefined && !line.discount);
  const isOnItems =
    outcome.kind === 'LINE_DISCOUNT' &&
    isBare &&
    (parts.length === 1 || (parts.length > 1 && lines.every((line) => line?.quantity === '1')));
  const itemApplication = parts.map(({ lineId, amount }) => ({ selectionIdentifier: lineId, amount: number(ctx, amount) }));
  return {
    identifier: outcome.code,
    name: outcome.campaign,
    // A voucher that pays is no discount; it has the tender question.
    applicable: outcome.kind !== 'TENDER',
    selectionType: isOnItems ? (parts.length === 1 ? 'ITEM' : 'MULTI_ITEM') : 'CHECK',
    amount: number(ctx, outcome.amount),
    quantity: 1,
    ...(isOnItems ? { itemApplication } : {}),
  };
}

/** The voucher of the account. One that cannot be used now is shown greyed, with the reason for its name. */
export const offerOf = (ctx: DeskCtx, order: DeskOrder, outcome: DeskOutcome): Plain =>
  outcome.ok
    ? offer(ctx, order, outcome)
    : { identifier: outcome.code, name: outcome.message, applicable: false, selectionType: 'CHECK', quantity: 0 };

/** A redemption as it was asked about, with the amount that the hub gives. */
function echo(ctx: DeskCtx, { amount: told, quantity, itemApplication, ...rest }: Redemption, given?: Money): Plain {
  const items = itemApplication.map(({ amount, ...part }) => ({ ...part, amount: Number(amount ?? 0) }));
  const amount = given === undefined ? told : ctx.money.toMajor(given);
  return {
    ...rest,
    ...(quantity == null ? {} : { quantity: Number(quantity) }),
    ...(items.length > 0 ? { itemApplication: items } : amount == null ? {} : { amount: Number(amount) }),
  } as Plain;
}

/** The names of an account would become the name of the tab, so it has none. */
export const checkResponse = (ctx: DeskCtx, code: string, offers: readonly Plain[], judged: readonly Judged[]): Plain =>
  accept({
    checkResponse: {
      accountInfo: { identifier: code },
      offers,
      rejectedRedemptions: judged.flatMap(({ redemption, verdict }) =>
        verdict.ok ? [] : [{ redemption: echo(ctx, redemption), message: verdict.message }],
      ),
      appliedRedemptions: judged.flatMap(({ redemption, verdict }) => (verdict.ok ? [echo(ctx, redemption, verdict.amount)] : [])),
    },
  });
