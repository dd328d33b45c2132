import { balanceValue } from '../decision/balance.ts';
import type { FullCounters } from './full-counters.ts';
import { type JudgeMeans, judge, type Verdict } from './judge.ts';
import type { Prepared } from './prepared.ts';
import type { Recorder } from './recorder.ts';
import { DecisionState, idempotencyKey } from './state.ts';
import { type RedeemTexts, redeemTexts } from './stored-basket.ts';

/**
 * A request with what memory alone tells of it, before the database is asked.
 * `free`: as far as one can see nothing is in its way, so it may be written straight away, with this verdict.
 * `suspect`: surely or probably refused, so looked at without locks. `exact`: has to be read under locks.
 */
export type Prospect = FreeProspect | { readonly item: Prepared; readonly chance: 'suspect' | 'exact' };

export interface FreeProspect {
  readonly item: Prepared;
  readonly chance: 'free';
  readonly verdict: Verdict;
  readonly texts: RedeemTexts;
}

export type Outlook = Pick<DecisionState, 'missing' | 'strangers'>;

/** What the decisions would ask for if nobody had touched anything: counters that are missing, and customers of whom more must be known. */
export function outlookOf(items: readonly Prepared[], means: JudgeMeans): Outlook {
  const blank = new DecisionState();
  for (const item of items) judge(item, blank, means);
  return blank;
}

/** Decides as if nobody had touched the codes. */
export function prospectOf(item: Prepared, means: JudgeMeans, full: FullCounters): Prospect {
  if (item.holdId !== null) return { item, chance: 'exact' };
  for (const code of item.codes) {
    if (code.found !== 'code') return { item, chance: 'suspect' };
    const campaign = means.campaign(code.campaignId);
    // What is on a gift card, and what an issued voucher was promised, has to be read.
    if (campaign?.distribution !== 'OPEN' || campaign.earned || balanceValue(campaign) !== null) return { item, chance: 'exact' };
  }
  const blank = new DecisionState();
  const verdict = judge(item, blank, means);
  if (blank.strangers.size > 0) return { item, chance: 'exact' };
  const { decision, rejections, seen } = verdict;
  if (!decision || rejections.length > 0) return { item, chance: 'suspect' };
  const meetsFull = decision.outcomes.some(
    (outcome) => outcome.outcome === 'applicable' && outcome.counters.some((use) => full.has(use.key)),
  );
  if (meetsFull) return { item, chance: 'suspect' };
  if (item.action !== 'REDEEM') return { item, chance: 'exact' };
  return { item, chance: 'free', verdict, texts: redeemTexts(item.basket, decision, seen) };
}

/** Whether no earlier request of the batch is on the same order or takes the last use of a voucher. */
export function isFirst(item: Prepared, verdict: Verdict, { rows, state }: Recorder): boolean {
  if (state.checkoutsOf(item.order.source, item.order.externalId).length > 0) return false;
  return (verdict.decision?.outcomes ?? []).every(
    (outcome) => outcome.outcome === 'applicable' && rows.fits(outcome.voucher.spaceId, outcome.voucher.index, outcome.voucher.maxUses),
  );
}

/** Requests in the order in which they came. */
export const inOrderOf = (prospects: readonly Prospect[], items: readonly Prepared[]): Prepared[] => {
  const wanted = new Set(items);
  return prospects.flatMap(({ item }) => (wanted.has(item) ? [item] : []));
};

/** The first under each idempotency key, and those that ask the same again beside it. */
export function splitTwins(prospects: readonly Prospect[]): { firsts: Prospect[]; twins: Prepared[] } {
  const seen = new Set<string>();
  const firsts: Prospect[] = [];
  const twins: Prepared[] = [];
  for (const prospect of prospects) {
    const key = idempotencyKey(prospect.item.scope, prospect.item.key);
    if (seen.has(key)) twins.push(prospect.item);
    else firsts.push(prospect);
    seen.add(key);
  }
  return { firsts, twins };
}
