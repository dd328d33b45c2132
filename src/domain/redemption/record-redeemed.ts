import type { ApplicableDraft } from '../decision/decision.types.ts';
import { isTender } from '../decision/incentive.ts';
import { RULE_VERSION } from '../decision/rule-versions.ts';
import { instantText } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Verdict } from './judge.ts';
import type { Prepared } from './prepared.ts';
import { closeHold, type Recorder, takeCounter, takeVoucher, termsOf } from './recorder.ts';
import type { RedeemAnswer, RedemptionRecord } from './redemption.types.ts';
import { idempotencyKey } from './state.ts';
import { groupsOf, type RedeemTexts, redeemTexts } from './stored-basket.ts';

/** `made`: the texts, where they were made beforehand. */
export function recordRedeemed(prepared: Prepared, verdict: Verdict, recorder: Recorder, made?: RedeemTexts): RedeemAnswer {
  const { rows, state } = recorder;
  const decision = verdict.decision;
  if (!decision) throw new Error('Only a decision can be redeemed.');
  const outcomes = decision.outcomes as readonly ApplicableDraft[];
  const texts = made ?? redeemTexts(prepared.basket, decision, verdict.seen);
  const at = instantText(prepared.now);
  const { order } = prepared;
  const checkouts = state.checkoutsOf(order.source, order.externalId);
  const checkoutId = newId('checkout', prepared.now);
  const groups = groupsOf(outcomes);
  const exclusive = outcomes.some((outcome) => outcome.campaign.stacking.exclusive);
  if (verdict.ownHold) closeHold(verdict.ownHold, { status: 'REDEEMED', used: outcomes.map((outcome) => outcome.code) }, at, recorder);
  rows.checkouts.push({
    id: checkoutId,
    source: order.source,
    external_id: order.externalId,
    sequence: (checkouts.at(-1)?.sequence ?? -1) + 1,
    store_id: order.storeId,
    customer_id: prepared.customer.id,
    scope: prepared.scope,
    redeem_key: prepared.key,
    input_hash: prepared.inputHash,
    business_day: prepared.businessDay,
    basket: texts.basket,
    priced: texts.priced,
    locked_discounts: texts.lockedDiscounts,
    stacking_groups: texts.groups,
    exclusive,
    placed_at: instantText(prepared.placedAt),
    created_at: at,
    actor_id: prepared.actor.id,
    store_version: verdict.store.version,
    rule_version: RULE_VERSION,
    inputs: texts.inputs,
  });
  const redemptions = outcomes.map((outcome, place) =>
    recordRedemption(prepared, outcome, texts.taken[place] ?? '[]', checkoutId, at, recorder),
  );
  checkouts.push({
    sequence: (checkouts.at(-1)?.sequence ?? -1) + 1,
    codes: outcomes.map((outcome) => outcome.code),
    voucherCount: outcomes.length,
    tendered: outcomes.some((outcome) => isTender(outcome.campaign.incentive)),
    groups,
    exclusive,
    lockedDiscounts: decision.lockedDiscounts,
    applied: outcomes.map(({ kind, amount, allocations }) => ({ kind, amount, allocations })),
  });
  state.keys.set(idempotencyKey(prepared.scope, prepared.key), { inputHash: prepared.inputHash, answer: { kind: 'redeemed', checkoutId } });
  termsOf(
    verdict.store,
    outcomes.map((outcome) => outcome.campaign),
    rows,
  );
  return { kind: 'redeemed', redemptions, priced: decision.priced, replayed: false };
}

function recordRedemption(
  prepared: Prepared,
  outcome: ApplicableDraft,
  taken: string,
  checkoutId: string,
  at: string,
  recorder: Recorder,
): RedemptionRecord {
  const { rows, state } = recorder;
  const id = newId('redemption', prepared.now);
  const { voucher, campaign, kind, amount } = outcome;
  const { order } = prepared;
  takeVoucher(outcome, 'uses', at, recorder);
  for (const use of outcome.counters) takeCounter(use, 'used', rows, state);
  rows.redemptions.push({
    id,
    checkout_id: checkoutId,
    campaign_id: campaign.id,
    campaign_version: campaign.version,
    pattern_id: voucher.spaceId,
    idx: voucher.index,
    code: outcome.code,
    kind,
    tax_class: campaign.taxClass,
    amount,
    reckoned: outcome.reckoned ?? null,
    currency: order.currency,
    store_id: order.storeId,
    customer_id: prepared.customer.id,
    business_day: prepared.businessDay,
    redeemed_at: at,
    till_id: prepared.tillId,
    staff_id: prepared.staffId,
    entry_mode: prepared.entryMode,
    step: outcome.step,
    order_source: order.source,
    order_external_id: order.externalId,
    taken,
    voucher_id: voucher.id,
    owner_id: prepared.customer.id ?? voucher.customerId,
  });
  outcome.allocations.forEach((share, place) => {
    rows.allocations.push({
      redemption_id: id,
      place,
      line_id: share.lineId,
      unit: share.unit,
      tax_rate: share.taxRate,
      amount: share.amount,
    });
  });
  return {
    id,
    checkoutId,
    campaignId: campaign.id,
    campaignVersion: campaign.version,
    patternId: voucher.spaceId,
    index: voucher.index,
    code: outcome.code,
    kind,
    taxClass: campaign.taxClass,
    amount,
    currency: order.currency,
    reversed: 0,
    undone: false,
    step: outcome.step,
    storeId: order.storeId,
    customerId: prepared.customer.id,
    businessDay: prepared.businessDay,
    redeemedAt: at,
    orderSource: order.source,
    orderExternalId: order.externalId,
    allocations: outcome.allocations,
  };
}
