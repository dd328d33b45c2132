import type { RejectionDraft } from '../decision/decision.types.ts';
import { rejectedKey } from '../rejection/rejection-count.ts';
import { rejectionRow } from '../rejection/rejection-writer.ts';
import { instantText } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { BatchRows } from './batch-rows.ts';
import type { Verdict } from './judge.ts';
import type { Prepared } from './prepared.ts';
import { keep, type Recorder, termsOf } from './recorder.ts';
import type { RefusedAnswer, RejectionRecord } from './redemption.types.ts';

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
