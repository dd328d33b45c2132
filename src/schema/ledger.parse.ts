import type { RecordEventCommand } from '../domain/ledger/event.service.ts';
import { badInput } from '../domain/shared/errors.ts';
import type { RecordEventInput } from './ledger.inputs.ts';
import { customerRef } from './order.parse.ts';

export const eventCommand = (input: RecordEventInput): RecordEventCommand => ({
  idempotencyKey: input.idempotencyKey,
  name: input.name,
  storeId: input.storeId ?? null,
  customer: input.customer ? customerRef(input.customer) : null,
  data: eventData(input.data ?? {}),
});

function eventData(data: unknown): Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    throw badInput({ path: 'input.data', message: 'The data of an event is a JSON object.' });
  return data as Readonly<Record<string, unknown>>;
}
