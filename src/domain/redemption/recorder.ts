import type { ApplicableDraft, CampaignTerms } from '../decision/decision.types.ts';
import { instantText } from '../shared/clock.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { BatchRows } from './batch-rows.ts';
import { type Cards, cardStatus, moveCard } from './card-writer.ts';
import type { JudgeMeans } from './judge.ts';
import type { Prepared } from './prepared.ts';
import { type DecisionState, type HoldState, idempotencyKey } from './state.ts';

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

/** What this key will be answered with from now on. */
export function keep(prepared: Prepared, { rows, state }: Recorder, answer: StoredAnswer): void {
  rows.keys.push({
    scope: prepared.scope,
    key: prepared.key,
    input_hash: prepared.inputHash,
    answer,
    created_at: instantText(prepared.now),
  });
  state.keys.set(idempotencyKey(prepared.scope, prepared.key), { inputHash: prepared.inputHash, answer });
}

/** Gives back what a hold set aside; the redemption that uses it up takes its own. Of the vouchers that are not used the book tells. */
export function closeHold(
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

export function takeVoucher(outcome: ApplicableDraft, kind: 'uses' | 'holds', at: string, { rows, state, cards }: Recorder): void {
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

export function takeCounter(
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

/** The write re-checks the versions that were decided on. */
export function termsOf(store: StoreTerms, campaigns: readonly CampaignTerms[], rows: BatchRows): void {
  rows.term('store', store.id, store.version);
  for (const campaign of campaigns) {
    rows.term('campaign', campaign.id, campaign.version);
    if (campaign.main) rows.term('campaign', campaign.main.id, campaign.main.version);
  }
}
