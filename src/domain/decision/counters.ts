import type { Limit } from '../campaign/campaign.types.ts';
import { periodKey } from '../shared/business-time.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import { balanceValue, isBalanceKey } from './balance.ts';
import type { CampaignTerms, CounterUse } from './decision.types.ts';

/**
 * The text under which a limit's sum is kept. It is made of what is counted, per what and in which period, so an edit of `max`
 * keeps the sum. Per CAMPAIGN on a main and per MAIN_CAMPAIGN on its subs are one sum. `subject` is '' where the campaign is the subject.
 */
export function counterKey(campaignId: string, limit: Pick<Limit, 'counts' | 'per' | 'period'>, subject: string, period: string): string {
  const per = limit.per === 'MAIN_CAMPAIGN' ? 'CAMPAIGN' : limit.per;
  return `limit:${campaignId}:${limit.counts}:${per}:${limit.period}:${period}:${subject}`;
}

export const budgetKey = (campaignId: string): string => `budget:${campaignId}`;

/** Gross counts of a campaign, never refused. */
export const countKey = (campaignId: string, what: 'issued' | 'redeemed'): string => `count:${campaignId}:${what}`;

const isUses = (limit: Limit): boolean => limit.counts === 'REDEMPTIONS' && limit.per === 'VOUCHER' && limit.period === 'EVER';

/** How often a limit per VOUCHER, of the campaign or its main, lets one voucher be redeemed; null = none says. */
export function voucherLimit(campaign: CampaignTerms): number | null {
  let max: number | null = null;
  for (const owner of ownersOf(campaign)) {
    for (const limit of owner.limits) if (isUses(limit) && (max === null || limit.max < max)) max = limit.max;
  }
  return max;
}

/**
 * How often one voucher of the campaign may be redeemed: 1 unless a limit per VOUCHER says n; without one, a shared word or a
 * gift card: null, as its campaign's limits or its balance end it.
 */
export const maxUsesOf = (campaign: CampaignTerms, shared: boolean): number | null =>
  voucherLimit(campaign) ?? (shared || balanceValue(campaign) !== null ? null : 1);

/** The campaign and, if it has one, its main: whose limits and budgets bind. */
export const ownersOf = (campaign: CampaignTerms): readonly CampaignTerms[] =>
  campaign.main === null ? [campaign] : [campaign, campaign.main];

/** Whom a counter counts for; null where there is nobody, so that nothing is counted. */
export interface Subjects {
  readonly voucherId: string | null;
  readonly customerId: string | null;
  readonly storeId: string | null;
  readonly tillKey: string | null;
  readonly orderKey: string | null;
  /** The business day, whose periods count. */
  readonly day: string;
}

/** A limit with the key of its sum. */
export interface BoundLimit {
  readonly limit: Limit;
  readonly key: string;
}

/** The limits of a campaign and its main that a redemption (or, for ISSUED, an issue) counts against. */
export function boundLimits(campaign: CampaignTerms, subjects: Subjects, issued: boolean): BoundLimit[] {
  const bound: BoundLimit[] = [];
  for (const owner of ownersOf(campaign)) {
    for (const limit of owner.limits) {
      if ((limit.counts === 'ISSUED') !== issued || isUses(limit)) continue;
      const subject = subjectOf(limit, subjects);
      if (subject === null) continue;
      const ownerId = limit.per === 'MAIN_CAMPAIGN' && owner.main !== null ? owner.main.id : owner.id;
      bound.push({ limit, key: counterKey(ownerId, limit, subject, periodKey(limit.period, subjects.day)) });
    }
  }
  return bound;
}

function subjectOf(limit: Limit, subjects: Subjects): string | null {
  switch (limit.per) {
    case 'VOUCHER':
      return subjects.voucherId;
    case 'CUSTOMER':
      return subjects.customerId;
    case 'STORE':
      return subjects.storeId;
    case 'TILL':
      return subjects.tillKey;
    case 'ORDER':
      return subjects.orderKey;
    case 'CAMPAIGN':
    case 'MAIN_CAMPAIGN':
      return '';
  }
}

/** What is counted for the MAIN_CAMPAIGN limits of sister campaigns, which this one may not have itself. */
export function watchedKeys(
  campaign: CampaignTerms,
  day: string,
  issued: boolean,
): { readonly key: string; readonly counts: Limit['counts'] }[] {
  const main = campaign.main;
  if (main?.watched === undefined) return [];
  return main.watched
    .filter((watched) => (watched.counts === 'ISSUED') === issued)
    .map(({ counts, period }) => ({ counts, key: counterKey(main.id, { counts, per: 'CAMPAIGN', period }, '', periodKey(period, day)) }));
}

/** One use a key; where several limits share a sum, the lowest ceiling binds. */
export function addUse(uses: CounterUse[], use: CounterUse): void {
  const at = uses.findIndex((other) => other.key === use.key);
  const other = uses[at];
  if (other === undefined) {
    uses.push(use);
    return;
  }
  const max = use.max === null ? other.max : other.max === null ? use.max : Math.min(use.max, other.max);
  uses[at] = { ...other, max };
}

/** What a reversal gives back of a use: its amount at once, the redemption itself once nothing is left of it, or nothing (gross counts). */
export function givenBack(key: string): 'AMOUNT' | 'USE' | 'NOTHING' {
  if (key.startsWith('budget:') || isBalanceKey(key)) return 'AMOUNT';
  if (key.startsWith('first:')) return 'USE';
  if (!key.startsWith('limit:')) return 'NOTHING';
  return key.split(':', 3)[2] === 'DISCOUNT_AMOUNT' ? 'AMOUNT' : 'USE';
}

/** The same uses where the redemption gives another amount than reckoned. */
export const usesAtAmount = (uses: readonly CounterUse[], amount: number): CounterUse[] =>
  uses.map((use) => (givenBack(use.key) === 'AMOUNT' ? { ...use, delta: amount } : use));

/** Why a use that does not fit this counter is refused. */
export function overrunReason(key: string): ReasonCode {
  if (key.startsWith('budget:')) return 'BUDGET_EXHAUSTED';
  if (isBalanceKey(key)) return 'BALANCE_EMPTY';
  if (key.startsWith('first:')) return 'NOT_FIRST_ORDER';
  const per = key.split(':', 4)[3] as Limit['per'];
  return `LIMIT_${per}`;
}
