import type { ApplicableDraft, CampaignTerms, RejectionDraft } from '../decision/decision.types.ts';
import { isTender } from '../decision/incentive.ts';
import { RULE_VERSION } from '../decision/rule-versions.ts';
import { holdRecord } from '../hold/hold-record.ts';
import { rejectedKey } from '../rejection/rejection-count.ts';
import { rejectionRow } from '../rejection/rejection-writer.ts';
import { instantText } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { BatchRows } from './batch-rows.ts';
import { type Cards, cardStatus, moveCard } from './card-writer.ts';
import { heldBasketHash } from './fingerprint.ts';
import type { JudgeMeans, Verdict } from './judge.ts';
import type { Prepared } from './prepared.ts';
import type { HoldAnswer, RedeemAnswer, RedemptionRecord, RefusedAnswer, RejectionRecord } from './redemption.types.ts';
import { type DecisionState, type HoldState, idempotencyKey } from './state.ts';
import { groupsOf, type RedeemTexts, redeemTexts } from './stored-basket.ts';

/** What is kept under an idempotency key: enough to give the answer again. */
export type StoredAnswer =
  | { readonly kind: 'redeemed'; readonly checkoutId: string }
  | { readonly kind: 'held'; readonly holdId: string }
  | { readonly kind: 'refused'; readonly rejectionIds: readonly string[] };

/** Where a verdict is written: the rows of the batch, the state that the next request sees, and the holds it changes. */
export interface Recorder {
  readonly rows: BatchRows;
  readonly state: DecisionState;
  readonly means: JudgeMeans;
  readonly cards: Cards;
  readonly newHolds: { readonly record: HoldState; readonly prepared: Prepared }[];
  readonly closedHolds: { readonly id: string; readonly status: 'REDEEMED' | 'RELEASED' | 'EXPIRED' }[];
}

function keep(prepared: Prepared, { rows, state }: Recorder, answer: StoredAnswer): void {
  rows.keys.push({
    scope: prepared.scope,
    key: prepared.key,
    input_hash: prepared.inputHash,
    answer,
    created_at: instantText(prepared.now),
  });
  state.keys.set(idempotencyKey(prepared.scope, prepared.key), { inputHash: prepared.inputHash, answer });
}

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

export function recordHeld(prepared: Prepared, verdict: Verdict, recorder: Recorder): HoldAnswer {
  const { rows, state } = recorder;
  const decision = verdict.decision;
  if (!decision) throw new Error('Only a decision can be held.');
  const outcomes = decision.outcomes as readonly ApplicableDraft[];
  const at = instantText(prepared.now);
  if (verdict.ownHold) closeHold(verdict.ownHold, { status: 'RELEASED', used: [] }, at, recorder);
  const record: HoldState = {
    id: newId('hold', prepared.now),
    status: 'ACTIVE',
    codes: outcomes.map((outcome) => outcome.code),
    source: prepared.order.source,
    externalId: prepared.order.externalId,
    storeId: prepared.order.storeId,
    createdAt: prepared.now,
    expiresAt: prepared.now + prepared.ttlSeconds * 1_000,
    content: {
      basketHash: heldBasketHash(prepared),
      vouchers: outcomes.map(({ voucher, code, campaign, amount }) => ({
        patternId: voucher.spaceId,
        index: voucher.index,
        code,
        campaignId: campaign.id,
        amount,
      })),
      // Counts of what happened are not set aside: only what has a ceiling can be taken by somebody else.
      counters: outcomes.flatMap((outcome) => outcome.counters.filter((use) => use.max !== null)),
      businessDay: prepared.businessDay,
      customerId: prepared.customer.id,
      tillKey: prepared.tillId ?? prepared.actor.id,
      priced: decision.priced,
    },
  };
  for (const outcome of outcomes) {
    takeVoucher(outcome, 'holds', at, recorder);
    rows.event({
      type: 'VOUCHER_HELD',
      at,
      businessDay: prepared.businessDay,
      storeId: record.storeId,
      campaignId: outcome.campaign.id,
      code: outcome.code,
      data: {
        holdId: record.id,
        expiresAt: instantText(record.expiresAt),
        order: { source: record.source, externalId: record.externalId },
      },
      voucherId: outcome.voucher.id,
      customerId: prepared.customer.id ?? outcome.voucher.customerId,
      orderSource: record.source,
      orderExternalId: record.externalId,
    });
  }
  for (const use of record.content.counters) takeCounter(use, 'held', rows, state, record.expiresAt);
  state.holds.set(record.id, record);
  recorder.newHolds.push({ record, prepared });
  keep(prepared, recorder, { kind: 'held', holdId: record.id });
  termsOf(
    verdict.store,
    outcomes.map((outcome) => outcome.campaign),
    rows,
  );
  return { kind: 'held', hold: holdRecord(record, prepared.now), replayed: false };
}

/** Gives back what a hold set aside; the redemption that uses it up takes its own. Of the vouchers that are not used the book tells. */
function closeHold(
  hold: HoldState,
  { status, used }: { status: 'REDEEMED' | 'RELEASED'; used: readonly string[] },
  at: string,
  { rows, state, closedHolds, means }: Recorder,
): void {
  hold.status = status;
  closedHolds.push({ id: hold.id, status });
  for (const voucher of hold.content.vouchers) {
    const row = state.voucher({ found: 'code', shared: false, ...voucher });
    row.holds -= 1;
    rows.voucher({
      pattern_id: voucher.patternId,
      idx: voucher.index,
      code: voucher.code,
      campaign_id: voucher.campaignId,
      uses: 0,
      holds: -1,
      max_uses: row.maxUses,
      locked: row.stored,
      at,
    });
    if (!used.includes(voucher.code)) {
      rows.event({
        type: 'HOLD_RELEASED',
        at,
        businessDay: hold.content.businessDay,
        storeId: hold.storeId,
        campaignId: voucher.campaignId,
        code: voucher.code,
        data: { holdId: hold.id, because: status === 'RELEASED' ? 'REPLACED' : 'NOT_USED' },
        voucherId: means.voucherId(voucher.patternId, voucher.index),
        orderSource: hold.source,
        orderExternalId: hold.externalId,
      });
    }
  }
  for (const use of hold.content.counters) {
    rows.counter(use, 'held', -1);
    const counter = state.counters.get(use.key);
    if (counter) counter.held -= use.delta;
  }
}

function takeVoucher(outcome: ApplicableDraft, kind: 'uses' | 'holds', at: string, { rows, state, cards }: Recorder): void {
  const { voucher } = outcome;
  const row = state.voucher({
    found: 'code',
    code: outcome.code,
    patternId: voucher.spaceId,
    index: voucher.index,
    campaignId: outcome.campaign.id,
    shared: voucher.shared,
  });
  row[kind] += 1;
  if (kind === 'uses') {
    const usedUp = voucher.maxUses !== null && row.uses >= voucher.maxUses;
    const card = cardStatus(outcome, state);
    row.status = usedUp ? 'REDEEMED' : (card ?? 'ISSUED');
    if (card !== null) moveCard(cards, outcome, usedUp ? 'REDEEMED' : card);
  }
  rows.voucher({
    pattern_id: voucher.spaceId,
    idx: voucher.index,
    code: outcome.code,
    campaign_id: outcome.campaign.id,
    uses: kind === 'uses' ? 1 : 0,
    holds: kind === 'holds' ? 1 : 0,
    max_uses: voucher.maxUses,
    locked: row.stored,
    at,
  });
}

function takeCounter(
  use: { key: string; delta: number; max: number | null },
  kind: 'used' | 'held',
  rows: BatchRows,
  state: DecisionState,
  heldUntil: number | null = null,
): void {
  rows.counter(use, kind);
  const counter = state.counters.get(use.key);
  if (!counter) return;
  counter[kind] += use.delta;
  if (heldUntil !== null) counter.heldUntil = Math.max(counter.heldUntil ?? 0, heldUntil);
}

function termsOf(store: StoreTerms, campaigns: readonly CampaignTerms[], rows: BatchRows): void {
  rows.term('store', store.id, store.version);
  for (const campaign of campaigns) {
    rows.term('campaign', campaign.id, campaign.version);
    if (campaign.main) rows.term('campaign', campaign.main.id, campaign.main.version);
  }
}

/** A refusal hangs on the terms as well: what was changed a moment ago may allow it. */
export function recordRefused(prepared: Prepared, verdict: Verdict, recorder: Recorder): RefusedAnswer {
  const { rows, means } = recorder;
  termsOf(
    verdict.store,
    verdict.rejections.flatMap(({ campaignId }) => (campaignId === null ? [] : (means.campaign(campaignId) ?? []))),
    rows,
  );
  const rejections = verdict.rejections.map((draft) => recordRejection(prepared, draft, recorder.rows));
  keep(prepared, recorder, { kind: 'refused', rejectionIds: rejections.map((rejection) => rejection.id) });
  return { kind: 'refused', rejections, replayed: false };
}

export function rejectionOf(prepared: Prepared, draft: RejectionDraft): RejectionRecord {
  const { order } = prepared;
  return {
    id: newId('rejection', prepared.now),
    at: instantText(prepared.now),
    action: prepared.action,
    code: draft.code === '' ? null : draft.code,
    reason: draft.failures[0].reason,
    failures: draft.failures,
    nearestBasket: draft.nearestBasket,
    campaignId: draft.campaignId,
    storeId: order.storeId,
    customerId: prepared.customer.id,
    orderSource: order.source,
    orderExternalId: order.externalId,
  };
}

function recordRejection(prepared: Prepared, draft: RejectionDraft, rows: BatchRows): RejectionRecord {
  const { order } = prepared;
  const record = rejectionOf(prepared, draft);
  rows.rejections.push(rejectionRow(record, prepared.actor.id));
  if (record.campaignId !== null) rows.counter({ key: rejectedKey(record.campaignId), delta: 1, max: null }, 'used');
  rows.event({
    type: 'VOUCHER_REJECTED',
    at: record.at,
    businessDay: prepared.businessDay,
    storeId: record.storeId,
    campaignId: record.campaignId,
    code: record.code,
    data: {
      rejectionId: record.id,
      action: record.action,
      reason: record.reason,
      order: { source: order.source, externalId: order.externalId },
    },
    voucherId: draft.voucherId,
    customerId: record.customerId,
    orderSource: order.source,
    orderExternalId: order.externalId,
  });
  return record;
}
