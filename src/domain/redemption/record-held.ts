import { givenBack } from '../decision/counters.ts';
import type { ApplicableDraft } from '../decision/decision.types.ts';
import { holdRecord } from '../hold/hold-record.ts';
import { instantText } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { heldBasketHash } from './fingerprint.ts';
import type { Verdict } from './judge.ts';
import type { Prepared } from './prepared.ts';
import { closeHold, keep, type Recorder, takeCounter, takeVoucher, termsOf } from './recorder.ts';
import type { HoldAnswer } from './redemption.types.ts';
import type { HoldState } from './state.ts';

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
      // Gross counts are not set aside. What a sister's limit watches is: it has no ceiling here, but there.
      counters: outcomes.flatMap((outcome) => outcome.counters.filter((use) => givenBack(use.key) !== 'NOTHING')),
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
