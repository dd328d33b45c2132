import { type Asked, minimumOf, refusedAtOnce, refusedByLimits, refusedByLock, refusedByOthers } from './refusing.ts';
import {
  type Counted,
  type InForce,
  inForce,
  type ModelHold,
  type ModelRedemption,
  type ModelState,
  type ModelVoucher,
  paidWith,
  setAside,
  voucherOf,
} from './state.ts';
import { dayOf, percentOf, spread, sum, type Unit, unitsOf } from './sums.ts';
import type { Body, Incentive, Terms } from './words.ts';

export interface Given {
  readonly voucher: ModelVoucher;
  readonly terms: Terms;
  readonly minimum: number;
  readonly kind: ModelRedemption['kind'];
  readonly amount: number;
  readonly shares: readonly { readonly line: string; readonly unit: number; readonly amount: number }[];
}

export interface Decided {
  /** By code: what it gives, or the headline of why not. */
  readonly outcomes: ReadonlyMap<string, Given | string>;
  /** In order of application. */
  readonly given: readonly Given[];
  readonly due: number;
}

interface Turn {
  readonly asked: Asked;
  readonly kind: ModelRedemption['kind'];
  readonly first: string | null;
}

const LEVEL = { LINE: 0, ORDER: 1, TENDER: 2, GIFT: 2 } as const;

const kindOf = (incentive: Incentive): ModelRedemption['kind'] =>
  incentive.kind === 'tender' ? 'TENDER' : incentive.kind === 'gift' ? 'GIFT' : incentive.sku === null ? 'ORDER' : 'LINE';

/** May these be used on this order now, and what do they give? `own`: the hold that does not stand in their way. */
export function decide(state: ModelState, codes: readonly string[], body: Body, own: ModelHold | null): Decided {
  const day = dayOf(state.now);
  const earlier = state.redemptions.filter((redemption) => redemption.order === body.id && !redemption.undone);
  const units = unitsOf(body.lines);
  for (const { shares } of earlier)
    for (const share of shares) {
      const unit = units.find(({ line, unit: n }) => line === share.line && n === share.unit);
      if (unit) unit.due -= Math.min(unit.due, share.amount - share.reversed);
    }
  let tendered = sum(earlier.map(({ kind, amount, reversed }) => (kind === 'TENDER' || kind === 'GIFT' ? amount - reversed : 0)));
  const outcomes = new Map<string, Given | string>();
  const given: Given[] = [];
  const pending: (Counted & { amount: number })[] = [];
  for (const { asked, kind, first } of inTurn(state, codes, body, own, earlier)) {
    const { voucher, terms } = asked;
    const open = Math.max(0, sum(units.map(({ due }) => due)) - tendered);
    const gift = giftOf(state, voucher, terms, units, open, own);
    const who = { ...countedFor(state, voucher, body), amount: gift?.amount ?? 0 };
    const reason =
      first ??
      refusedByLimits(asked, gift?.amount ?? null, who, pending) ??
      refusedByOthers(asked, given) ??
      refusedByLock(asked) ??
      (gift?.amount === 0 ? 'NO_EFFECT' : null);
    if (reason !== null || gift === null) {
      outcomes.set(voucher.code, reason ?? 'the model has no reason');
      continue;
    }
    for (const share of gift.shares) {
      const unit = units.find(({ line, unit: n }) => line === share.line && n === share.unit) as Unit;
      unit.due -= share.amount;
    }
    if (kind === 'TENDER' || kind === 'GIFT') tendered += gift.amount;
    const one = { voucher, terms: terms.own, minimum: minimumOf(terms), kind, ...gift };
    outcomes.set(voucher.code, one);
    given.push(one);
    pending.push({ ...who, day });
  }
  const goods = sum(units.map(({ due }) => due));
  return { outcomes, given, due: goods - Math.min(goods, tendered) };
}

export const countedFor = (state: ModelState, voucher: ModelVoucher, body: Body): Counted => ({
  campaign: voucher.campaign,
  code: voucher.code,
  customer: body.customer,
  till: body.till,
  order: body.id,
  day: dayOf(state.now),
});

function inTurn(
  state: ModelState,
  codes: readonly string[],
  body: Body,
  own: ModelHold | null,
  earlier: readonly ModelRedemption[],
): readonly Turn[] {
  const turns = [...new Set(codes)].map((code) => {
    const voucher = voucherOf(state, code);
    const terms = inForce(state, voucher);
    const asGiven = unitsOf(body.lines);
    const alone = giftOf(state, voucher, terms, asGiven, sum(asGiven.map(({ due }) => due)), own)?.amount ?? 0;
    const kind = kindOf(terms.own.incentive as Incentive);
    const asked = { state, voucher, terms, body, own, earlier };
    return { asked, kind, first: refusedAtOnce(asked), alone };
  });
  return turns.sort(
    (a, b) =>
      LEVEL[a.kind] - LEVEL[b.kind] ||
      b.asked.terms.own.priority - a.asked.terms.own.priority ||
      b.alone - a.alone ||
      (a.asked.voucher.code < b.asked.voucher.code ? -1 : 1),
  );
}

/** What it gives on what is due; null where there is nothing to reckon it on. */
function giftOf(
  state: ModelState,
  voucher: ModelVoucher,
  { own: { incentive } }: InForce,
  units: readonly Unit[],
  open: number,
  own: ModelHold | null,
): Pick<Given, 'amount' | 'shares'> | null {
  if (incentive === null) return null;
  if (incentive.kind === 'tender') return { amount: Math.min(incentive.minor, open), shares: [] };
  if (incentive.kind === 'gift') {
    const left = incentive.minor - paidWith(state, voucher.code) - setAside(state, voucher.code, own);
    return left <= 0 ? null : { amount: Math.min(left, open), shares: [] };
  }
  const scoped = units.filter(({ line }) => incentive.sku === null || line === incentive.sku);
  if (scoped.length === 0) return null;
  const due = sum(scoped.map((unit) => unit.due));
  const wanted =
    incentive.kind === 'amount'
      ? incentive.minor
      : Math.min(percentOf(due, incentive.percent), incentive.maximum ?? Number.MAX_SAFE_INTEGER);
  // What was paid by part before is not given a second time.
  const amount = Math.min(wanted, due, open);
  const cents = spread(
    amount,
    scoped.map((unit) => unit.due),
  );
  const shares = scoped.flatMap(({ line, unit }, at) => (cents[at] ? [{ line, unit, amount: cents[at] }] : []));
  return { amount, shares };
}
