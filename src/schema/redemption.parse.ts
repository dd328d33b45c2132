import type { HoldCommand, RedeemCommand, ReverseCommand, ValidateCommand } from '../domain/redemption/redemption.types.ts';
import { normaliseDecimal } from '../domain/shared/decimal.ts';
import { orderDraft } from './order.parse.ts';
import type { HoldInput, RedeemInput, ReverseInput, ValidateInput } from './redemption.inputs.ts';

const DEFAULT_TTL_SECONDS = 600;

export const validateCommand = (input: ValidateInput): ValidateCommand => ({
  codes: input.codes,
  order: orderDraft(input.order),
  tillId: input.tillId ?? null,
  staffId: input.staffId ?? null,
});

export const holdCommand = (input: HoldInput): HoldCommand => ({
  idempotencyKey: input.idempotencyKey,
  codes: input.codes,
  order: orderDraft(input.order),
  tillId: input.tillId ?? null,
  staffId: input.staffId ?? null,
  ttlSeconds: input.ttlSeconds ?? DEFAULT_TTL_SECONDS,
});

export const redeemCommand = (input: RedeemInput): RedeemCommand => ({
  idempotencyKey: input.idempotencyKey,
  holdId: input.holdId ?? null,
  codes: input.codes ?? null,
  order: orderDraft(input.order),
  tillId: input.tillId ?? null,
  staffId: input.staffId ?? null,
  entryMode: input.entryMode ?? 'SCANNED',
});

export const reverseCommand = (input: ReverseInput): ReverseCommand => ({
  idempotencyKey: input.idempotencyKey,
  redemptionId: input.redemptionId ?? null,
  redeemKey: input.redeemKey ?? null,
  units: input.units ? input.units.map(({ lineId, quantity }) => ({ lineId, quantity: normaliseDecimal(quantity) })) : null,
  amount: input.amount ?? null,
  reason: input.reason,
});
