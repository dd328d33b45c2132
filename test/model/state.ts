import { sum } from './sums.ts';
import type { Answer, Body, Terms } from './words.ts';

export interface ModelCampaign {
  readonly name: string;
  readonly main: string | null;
  status: 'DRAFT' | 'SCHEDULED' | 'ACTIVE' | 'PAUSED' | 'ENDED';
  terms: Terms;
  rejected: number;
}

/** What was promised with an issued voucher: by its campaign and by its main. */
export interface Promised {
  own: Terms;
  main: Terms | null;
}

export interface ModelVoucher {
  readonly code: string;
  readonly campaign: string;
  readonly shared: boolean;
  /** Somebody used or was given it. */
  touched: boolean;
  /** Anybody set it aside: it is not given out any more. */
  handled: boolean;
  withdrawn: 'BLOCKED' | 'CANCELLED' | null;
  customer: string | null;
  until: number | null;
  promise: Promised | null;
  /** The order that earned it. */
  readonly source: string | null;
}

export interface Share {
  readonly line: string;
  readonly unit: number;
  readonly amount: number;
  reversed: number;
}

/** Whom and when something counts for. */
export interface Counted {
  readonly campaign: string;
  readonly code: string;
  readonly customer: string | null;
  readonly till: string | null;
  readonly order: string | null;
  readonly day: string;
}

export interface ModelRedemption extends Counted {
  readonly name: string;
  readonly key: string;
  readonly order: string;
  readonly kind: 'LINE' | 'ORDER' | 'TENDER' | 'GIFT';
  readonly amount: number;
  reversed: number;
  undone: boolean;
  readonly shares: readonly Share[];
  /** Pieces that came back, by line. */
  readonly returned: Record<string, number>;
  readonly body: Body;
  /** As it was redeemed by. */
  readonly terms: Terms;
  readonly minimum: number;
}

export interface ModelHold {
  readonly key: string;
  readonly vouchers: readonly (Counted & { readonly amount: number })[];
  readonly order: Body;
  readonly began: number;
  until: number;
  status: 'ACTIVE' | 'RELEASED' | 'REDEEMED';
}

export interface ModelOrder {
  readonly body: Body;
  readonly refunds: { readonly line: string | null; readonly whole: boolean }[];
}

export interface ModelState {
  now: number;
  readonly most: number | null;
  readonly campaigns: Record<string, ModelCampaign>;
  readonly vouchers: Record<string, ModelVoucher>;
  readonly redemptions: ModelRedemption[];
  readonly holds: ModelHold[];
  readonly orders: Record<string, ModelOrder>;
  readonly issued: Counted[];
  /** By command and key: what was asked, and the first answer. */
  readonly answers: Record<string, { readonly asked: string; readonly answer: Answer }>;
}

export const campaignOf = (state: ModelState, name: string): ModelCampaign => {
  const found = state.campaigns[name];
  if (!found) throw new Error(`The model has no campaign ${name}.`);
  return found;
};

export const voucherOf = (state: ModelState, code: string): ModelVoucher => {
  const found = state.vouchers[code];
  if (!found) throw new Error(`The model has no voucher ${code}.`);
  return found;
};

/** By what a voucher is judged: what was promised with it, all else as it is now. */
export interface InForce {
  readonly own: Terms;
  readonly main: Terms | null;
}

export function inForce(state: ModelState, { campaign, promise }: Pick<ModelVoucher, 'campaign' | 'promise'>): InForce {
  const { terms, main } = campaignOf(state, campaign);
  const ofMain = main === null ? null : campaignOf(state, main).terms;
  return { own: kept(terms, promise?.own ?? null), main: ofMain && kept(ofMain, promise?.main ?? null) };
}

function kept(now: Terms, promised: Terms | null): Terms {
  if (promised === null) return now;
  const limits = [...now.limits.filter(({ per }) => per !== 'VOUCHER'), ...promised.limits.filter(({ per }) => per === 'VOUCHER')];
  return { ...promised, limits, budget: now.budget, distribution: now.distribution, issuance: now.issuance };
}

export const ownersOf = ({ own, main }: InForce): readonly Terms[] => (main === null ? [own] : [own, main]);

/** How often one voucher is good; null = nothing but money or others' limits ends it. */
export function goodFor(voucher: ModelVoucher, terms: InForce): number | null {
  return saidPerVoucher(terms) ?? (voucher.shared || terms.own.incentive?.kind === 'gift' ? null : 1);
}

export function saidPerVoucher(terms: InForce): number | null {
  const said = ownersOf(terms).flatMap(({ limits }) =>
    limits.flatMap(({ counts, per, period, max }) => (counts === 'REDEMPTIONS' && per === 'VOUCHER' && period === 'EVER' ? [max] : [])),
  );
  return said.length === 0 ? null : Math.min(...said);
}

export const usesOf = (state: ModelState, code: string): number =>
  state.redemptions.filter((redemption) => redemption.code === code && !redemption.undone).length;

export const activeHolds = (state: ModelState): ModelHold[] =>
  state.holds.filter((hold) => hold.status === 'ACTIVE' && hold.until > state.now);

export const heldBy = (state: ModelState, code: string, own: ModelHold | null): ModelHold[] =>
  activeHolds(state).filter((hold) => hold.key !== own?.key && hold.vouchers.some((voucher) => voucher.code === code));

export const paidWith = (state: ModelState, code: string): number =>
  sum(state.redemptions.filter((redemption) => redemption.code === code).map(({ amount, reversed }) => amount - reversed));

export const setAside = (state: ModelState, code: string, own: ModelHold | null): number =>
  sum(heldBy(state, code, own).flatMap(({ vouchers }) => vouchers.flatMap((voucher) => (voucher.code === code ? [voucher.amount] : []))));
