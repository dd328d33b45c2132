import type { Payment } from '../order/order.entity.ts';
import type { InputFault } from '../shared/errors.ts';
import { checkText } from './check-basket.ts';

const MAX_PAYMENTS = 500;
const MAX_TEXT_LENGTH = 255;

/** `under`: where the order stands in the caller's input. */
export function checkPayments(payments: readonly Payment[], under: string): InputFault[] {
  const faults: InputFault[] = [];
  const tell = (path: string, message: string) => void faults.push({ path, message });
  if (payments.length > MAX_PAYMENTS)
    tell(`${under}.payments`, `An order has at most ${MAX_PAYMENTS} payments; this one has ${payments.length}.`);
  for (const [index, { method, amount, externalId, paidAt }] of payments.slice(0, MAX_PAYMENTS).entries()) {
    const path = `${under}.payments[${index}]`;
    checkText(method, MAX_TEXT_LENGTH, `${path}.method`, tell);
    if (externalId !== null) checkText(externalId, MAX_TEXT_LENGTH, `${path}.externalId`, tell);
    if (paidAt !== null) checkText(paidAt, MAX_TEXT_LENGTH, `${path}.paidAt`, tell);
    if (!Number.isSafeInteger(amount) || amount < 0)
      tell(`${path}.amount`, 'An amount is a whole number of minor units from 0 to 9007199254740991.');
  }
  return faults;
}
