import type { Given } from './decide.ts';
import { budgetOf, type Pending, useOf } from './limits.ts';
import {
  type Counted,
  campaignOf,
  goodFor,
  heldBy,
  type InForce,
  type ModelCampaign,
  type ModelHold,
  type ModelRedemption,
  type ModelState,
  type ModelVoucher,
  ownersOf,
  paidWith,
  saidPerVoucher,
  setAside,
  usesOf,
} from './state.ts';
import { dayOf, sum, unitsOf } from './sums.ts';
import type { Body, Limit, Terms } from './words.ts';

export interface Asked {
  readonly state: ModelState;
  readonly voucher: ModelVoucher;
  readonly terms: InForce;
  readonly body: Body;
  /** The hold that does not stand in its way. */
  readonly own: ModelHold | null;
  /** What stands of earlier redeems on the order. */
  readonly earlier: readonly ModelRedemption[];
}

/** In this order: each says why not, or null. */
const RULES: readonly ((asked: Asked) => string | null)[] = [
  ({ earlier, voucher }) =>
    when(
      'DUPLICATE_TRANSACTION',
      earlier.some(({ code }) => code === voucher.code),
    ),
  ({ voucher }) => voucher.withdrawn,
  ({ voucher, terms }) => when('NOT_ISSUED', terms.own.distribution === 'CUSTOMER' && !voucher.touched && voucher.customer === null),
  ({ state, voucher, terms }) => when('ALREADY_REDEEMED', isGoodOnce(voucher, terms) && usesOf(state, voucher.code) > 0),
  ({ state, voucher, terms, own }) => {
    const { incentive } = terms.own;
    if (incentive?.kind !== 'gift') return null;
    const left = incentive.minor - paidWith(state, voucher.code);
    return left <= 0 ? 'BALANCE_EMPTY' : when('HELD_ELSEWHERE', left <= setAside(state, voucher.code, own));
  },
  ({ state, voucher, terms, own }) => when('HELD_ELSEWHERE', goodFor(voucher, terms) === 1 && heldBy(state, voucher.code, own).length > 0),
  ({ state, voucher }) => stopped(state, campaignOf(state, voucher.campaign)),
  ({ state, terms }) =>
    when(
      'CAMPAIGN_NOT_STARTED',
      ownersOf(terms).some(({ startsOn }) => startsOn !== null && dayOf(state.now) < startsOn),
    ),
  ({ state, terms }) =>
    when(
      'CAMPAIGN_ENDED',
      ownersOf(terms).some(({ endsOn }) => endsOn !== null && dayOf(state.now) > endsOn),
    ),
  ({ state, voucher }) => when('VOUCHER_EXPIRED', voucher.until !== null && state.now >= voucher.until),
  ({ voucher: { customer }, body }) => when('OTHER_CUSTOMER', customer !== null && body.customer !== null && customer !== body.customer),
  ({ terms, body }) => when('CUSTOMER_REQUIRED', body.customer === null && ownersOf(terms).some(countsByCustomer)),
  ({ terms, body }) => when('ORDER_BELOW_MINIMUM', sum(unitsOf(body.lines).map(({ due }) => due)) < minimumOf(terms)),
  ({ terms: { own }, body }) => {
    const sku = own.incentive && 'sku' in own.incentive ? own.incentive.sku : null;
    return when('NO_ELIGIBLE_ITEM', sku !== null && !body.lines.some(({ id }) => id === sku));
  },
];

const when = (reason: string, speaksAgainst: boolean): string | null => (speaksAgainst ? reason : null);

/** The first rule that speaks against it whatever else is on the order. */
export function refusedAtOnce(asked: Asked): string | null {
  for (const rule of RULES) {
    const reason = rule(asked);
    if (reason !== null) return reason;
  }
  return null;
}

const isGoodOnce = (voucher: ModelVoucher, terms: InForce): boolean =>
  saidPerVoucher(terms) === null && !voucher.shared && terms.own.incentive?.kind !== 'gift';

const countsByCustomer = ({ limits }: Terms): boolean => limits.some(({ per, counts }) => per === 'CUSTOMER' && counts !== 'ISSUED');

export const minimumOf = (terms: InForce): number => Math.max(...ownersOf(terms).map(({ minimumOrder }) => minimumOrder));

const STOPPED: Readonly<Record<string, string>> = { PAUSED: 'CAMPAIGN_PAUSED', ENDED: 'CAMPAIGN_ENDED', DRAFT: 'CAMPAIGN_NOT_ACTIVE' };

/** What a person decided about a campaign or its main. */
export const stopped = (state: ModelState, { status, main }: ModelCampaign): string | null =>
  STOPPED[status] ?? (main === null ? null : (STOPPED[campaignOf(state, main).status] ?? null));

/** `amount`: what it would give; null where there is nothing to reckon it on. */
export function refusedByLimits(
  { state, voucher, terms, own }: Asked,
  amount: number | null,
  who: Counted,
  pending: Pending,
): string | null {
  const said = saidPerVoucher(terms);
  const uses = usesOf(state, voucher.code);
  if (said !== null && (uses >= said || (said > 1 && uses + heldBy(state, voucher.code, own).length >= said))) return 'LIMIT_VOUCHER';
  const { name, main } = campaignOf(state, voucher.campaign);
  const owners: readonly (readonly [string, Terms])[] = [
    [name, terms.own],
    ...(main !== null && terms.main ? [[main, terms.main] as const] : []),
  ];
  for (const [owner, { limits }] of owners) {
    const full = limits.find((limit) => countsRedeems(limit) && isFull(limit, amount, useOf(state, owner, limit, who, own, pending)));
    if (full) return `LIMIT_${full.per}`;
  }
  const spent = owners.some(([owner, { budget }]) => {
    const { used, held } = budgetOf(state, owner, own, pending);
    return budget !== null && amount !== null && used + held + amount > budget;
  });
  return when('BUDGET_EXHAUSTED', spent);
}

/** How often one voucher is good was asked before. */
const countsRedeems = ({ counts, per, period }: Limit): boolean =>
  counts === 'DISCOUNT_AMOUNT' || (counts === 'REDEMPTIONS' && (per !== 'VOUCHER' || period !== 'EVER'));

const isFull = (
  { counts, max }: Limit,
  amount: number | null,
  { used, held }: { readonly used: number; readonly held: number },
): boolean => (counts === 'REDEMPTIONS' ? used + held + 1 > max : amount !== null && used + held + amount > max);

export function refusedByOthers({ state, terms, earlier }: Asked, given: readonly Given[]): string | null {
  const { group, exclusive, incentive } = terms.own;
  const there = [...given, ...earlier];
  if (group !== null && there.some((other) => other.terms.group === group)) return 'NOT_COMBINABLE';
  if (there.some((other) => other.terms.exclusive) || (exclusive && there.length > 0)) return 'EXCLUSIVE_LOST';
  if (state.most !== null && there.length >= state.most) return 'TOO_MANY_VOUCHERS';
  return when('TOO_MANY_VOUCHERS', incentive?.kind === 'tender' && there.some(({ kind }) => kind === 'TENDER'));
}

/** An order-level voucher stands, and a line is discounted higher than it was then. */
export const refusedByLock = ({ earlier, body }: Asked): string | null =>
  when(
    'LINES_LOCKED',
    earlier.some(
      (redemption) =>
        redemption.kind === 'ORDER' &&
        body.lines.some(({ id, discount }) => discount > (redemption.body.lines.find((line) => line.id === id)?.discount ?? 0)),
    ),
  );
