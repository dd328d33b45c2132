import type { RefundCommand, RefundRecord } from '../domain/order/refund.types.ts';
import { normaliseDecimal } from '../domain/shared/decimal.ts';
import { money } from './money.results.ts';
import type { RefundOrderInput } from './refund.inputs.ts';
import type { Refund } from './refund.results.ts';

export const refundCommand = (input: RefundOrderInput): RefundCommand => ({
  idempotencyKey: input.idempotencyKey,
  orderId: input.orderId ?? null,
  source: input.source ?? 'api',
  externalId: input.externalId ?? null,
  amount: input.amount ?? null,
  lines: input.lines ? input.lines.map(({ lineId, quantity }) => ({ lineId, quantity: normaliseDecimal(quantity) })) : null,
  reason: input.reason,
});

export const refundView = (record: RefundRecord): Refund => ({
  id: record.id,
  externalId: record.externalId,
  at: record.at,
  businessDay: record.businessDay,
  amount: money(record.amount, record.currency),
  lines: record.lines,
  whole: record.whole,
  reason: record.reason,
});
