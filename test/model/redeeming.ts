import { countedFor, type Decided, decide, type Given } from './decide.ts';
import { activeHolds, campaignOf, type ModelHold, type ModelState, voucherOf } from './state.ts';
import type { Answer, Body, Command } from './words.ts';

const LONGEST = 4 * 3_600_000;

export const fault = (code: string): Answer => ({ kind: 'fault', code });
export const refused = (reasons: Record<string, string>): Answer => ({ kind: 'refused', reasons, replayed: false });

export const outcomesOf = (outcomes: Decided['outcomes']): Record<string, number | string> =>
  Object.fromEntries([...outcomes].map(([code, outcome]) => [code, typeof outcome === 'string' ? outcome : outcome.amount]));

const reasonsOf = (outcomes: Decided['outcomes']): Record<string, string> =>
  Object.fromEntries([...outcomes].flatMap(([code, outcome]) => (typeof outcome === 'string' ? [[code, outcome]] : [])));

const amountsOf = (given: readonly Given[]) => Object.fromEntries(given.map(({ voucher, amount }) => [voucher.code, amount]));

/** The open hold of this order that has one of these codes. */
export const holdOf = (state: ModelState, { id }: Body, codes: readonly string[]): ModelHold | null =>
  activeHolds(state).find((one) => one.order.id === id && one.vouchers.some(({ code }) => codes.includes(code))) ?? null;

export function hold(state: ModelState, { key, codes, order, ttl }: Extract<Command, { do: 'hold' }>): Answer {
  const own = activeHolds(state).find((one) => one.order.id === order.id) ?? null;
  const decided = decide(state, codes, order, own);
  const reasons = reasonsOf(decided.outcomes);
  if (Object.keys(reasons).length > 0) return countRejected(state, reasons);
  if (own) own.status = 'RELEASED';
  const vouchers = decided.given.map(({ voucher, amount }) => ({ ...countedFor(state, voucher, order), amount }));
  for (const { voucher } of decided.given) voucher.handled = true;
  state.holds.push({ key, vouchers, order, began: state.now, until: state.now + ttl * 1_000, status: 'ACTIVE' });
  return { kind: 'held', amounts: amountsOf(decided.given), due: decided.due, replayed: false };
}

export function extend(state: ModelState, { hold: key, ttl }: Extract<Command, { do: 'extend' }>): Answer {
  const found = state.holds.find((one) => one.key === key);
  if (!found) return fault('NOT_FOUND');
  if (!activeHolds(state).includes(found)) return refused({ '': 'HOLD_EXPIRED' });
  found.until = Math.min(state.now + ttl * 1_000, found.began + LONGEST);
  return { kind: 'hold', status: 'ACTIVE' };
}

export function redeemHold(state: ModelState, { key, hold: name, order }: Extract<Command, { do: 'redeemHold' }>): Answer {
  const found = state.holds.find((one) => one.key === name);
  if (!found) return fault('NOT_FOUND');
  const all = (reason: string) => countRejected(state, Object.fromEntries(found.vouchers.map(({ code }) => [code, reason])));
  if (!activeHolds(state).includes(found)) return all('HOLD_EXPIRED');
  const same = JSON.stringify([found.order.lines, found.order.customer]) === JSON.stringify([order.lines, order.customer]);
  if (!same) return all('HOLD_MISMATCH');
  return redeem(
    state,
    key,
    found.vouchers.map(({ code }) => code),
    order,
    found,
  );
}

export function redeem(state: ModelState, key: string, codes: readonly string[], order: Body, own: ModelHold | null): Answer {
  const { outcomes, given, due } = decide(state, codes, order, own);
  const reasons = reasonsOf(outcomes);
  if (Object.keys(reasons).length > 0) return countRejected(state, reasons);
  if (own) own.status = 'REDEEMED';
  for (const { voucher, kind, amount, shares, terms, minimum } of given) {
    voucher.touched = true;
    voucher.handled = true;
    state.redemptions.push({
      ...countedFor(state, voucher, order),
      order: order.id,
      name: `${key} ${voucher.code}`,
      key,
      kind,
      amount,
      reversed: 0,
      undone: false,
      shares: shares.map((share) => ({ ...share, reversed: 0 })),
      returned: {},
      body: order,
      terms,
      minimum,
    });
  }
  return { kind: 'redeemed', amounts: amountsOf(given), due, replayed: false };
}

function countRejected(state: ModelState, reasons: Record<string, string>): Answer {
  for (const code of Object.keys(reasons)) campaignOf(state, voucherOf(state, code).campaign).rejected += 1;
  return refused(reasons);
}

export function release(state: ModelState, { hold: key }: Extract<Command, { do: 'release' }>): Answer {
  const found = state.holds.find((one) => one.key === key);
  if (!found) return fault('NOT_FOUND');
  if (found.status === 'ACTIVE' && found.until > state.now) found.status = 'RELEASED';
  return { kind: 'hold', status: found.status === 'ACTIVE' ? 'EXPIRED' : found.status };
}
