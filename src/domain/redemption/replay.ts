import type pg from 'pg';
import { rejectionRow } from '../rejection/rejection-writer.ts';
import type { BatchRows } from './batch-rows.ts';
import type { Prepared } from './prepared.ts';
import { rejectionOf } from './record-refused.ts';
import type { StoredAnswer } from './recorder.ts';
import type { HoldAnswer, RedeemAnswer, RedemptionRecord, RefusedAnswer } from './redemption.types.ts';
import { readCheckout, readHold, readRejections } from './redemption-reader.ts';
import type { StoredKey } from './state.ts';

/** The first answer again, in the state of now. Nothing is written. */
export async function replay(run: Pick<pg.Pool, 'query'>, prepared: Prepared, stored: StoredKey): Promise<RedeemAnswer | HoldAnswer> {
  const answer = stored.answer as StoredAnswer;
  switch (answer.kind) {
    case 'redeemed': {
      const checkout = await readCheckout(run, answer.checkoutId);
      if (checkout)
        return { kind: 'redeemed', ...checkout, redemptions: await asAsked(run, prepared, checkout.redemptions), replayed: true };
      break;
    }
    case 'held': {
      const hold = await readHold(run, answer.holdId, prepared.now);
      if (hold) return { kind: 'held', hold, replayed: true };
      break;
    }
    case 'refused':
      return { kind: 'refused', rejections: await readRejections(run, answer.rejectionIds), replayed: true };
  }
  throw new Error(`The answer under the key of a ${prepared.scope} points to something that is not there.`);
}

/** In the order of the codes that were sent, or of the hold. */
async function asAsked(
  run: Pick<pg.Pool, 'query'>,
  prepared: Prepared,
  redemptions: readonly RedemptionRecord[],
): Promise<RedemptionRecord[]> {
  const hold = prepared.holdId === null ? null : await readHold(run, prepared.holdId, prepared.now);
  const codes = hold?.codes ?? prepared.codes.map(({ code }) => code);
  return redemptions.toSorted((a, b) => codes.indexOf(a.code) - codes.indexOf(b.code));
}

/** A refusal of the request itself, not of a voucher: kept, but neither counted nor in the book. */
export function recordKeyReused(prepared: Prepared, rows: BatchRows): RefusedAnswer {
  const rejection = rejectionOf(prepared, {
    outcome: 'rejected',
    code: '',
    voucherId: null,
    campaignId: null,
    failures: [{ reason: 'IDEMPOTENCY_KEY_REUSED', facts: {} }],
    nearestBasket: null,
  });
  rows.rejections.push(rejectionRow(rejection, prepared.actor.id));
  return { kind: 'refused', rejections: [rejection], replayed: false };
}
