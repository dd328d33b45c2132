import type { Actor } from '../domain/access/roles.ts';
import type { Hub } from '../domain/hub.ts';
import { instantText } from '../domain/shared/clock.ts';
import { HubError } from '../domain/shared/errors.ts';
import { reasonText } from '../domain/shared/reason-texts.ts';
import type { AllocatePort } from './campaign-flow/ports.ts';

/** What a run does in the hub, it does in marketing's name. */
const actorOf = (runId: string): Actor => ({ id: runId, role: 'MARKETING', storeIds: null, connectionId: null, partnerId: null });

/** Runs are read by those who made the workflow, not by one reader whose language is known. */
const SETTING = { language: 'en', timeZone: 'UTC' } as const;

/** Vouchers for the runs, from the hub of this process. */
export function hubVouchers(hub: Pick<Hub, 'issuing' | 'vouchers'>): AllocatePort {
  return {
    async allocate({ idempotencyKey, runId, campaignId, customerId, validUntil }) {
      const answer = await hub.issuing.issue(actorOf(runId), { idempotencyKey, campaignId, customer: { id: customerId }, validUntil });
      if (answer.kind === 'refused') {
        const failure = answer.rejections[0]?.failures[0];
        if (failure === undefined) throw new Error(`The refusal of a voucher to run ${runId} names no reason.`);
        return { refused: { reason: failure.reason, message: reasonText(failure.reason, failure.facts, SETTING) } };
      }
      const [voucher] = await hub.vouchers.byPlaces([answer]);
      if (!voucher) throw new Error(`The voucher of run ${runId} was not found.`);
      return {
        voucher: { id: voucher.id, code: voucher.code, validUntil: voucher.validUntil === null ? null : instantText(voucher.validUntil) },
      };
    },

    async cancel(voucherId, reason, runId) {
      try {
        await hub.vouchers.cancel(actorOf(runId), voucherId, reason);
        return true;
      } catch (fault) {
        if (fault instanceof HubError && fault.code === 'CONFLICT') return false;
        throw fault;
      }
    },
  };
}
