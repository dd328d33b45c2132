import type { HubPayment, HubRefund } from '@valehub/connector-kit';
import type { Check, Payment } from './schemas.ts';
import { amount, cents, sum, type Till, texts } from './till.ts';

const METHODS: Readonly<Record<string, string>> = { cash: 'CASH', credit: 'CARD', 'gift card': 'GIFT_CARD' };

const methodOf = ({ type }: Payment): string => METHODS[(type ?? '').trim().toLowerCase()] ?? (type?.trim() || 'OTHER');

const tipOf = (till: Till, { tip_amount: tip }: Payment): number => Math.max(0, amount(till, tip).minor);

/** UNVERIFIED: whether an amount holds its tip. It does where the check comes out even only so. */
function holdTips(till: Till, check: Check): boolean {
  const tips = sum(check.payments.map((payment) => tipOf(till, payment)));
  const paid = sum(check.payments.map((payment) => amount(till, payment.amount).minor));
  return tips > 0 && paid - tips === amount(till, check.total).minor;
}

/** Upserve keeps no reference of a payment; a voucher stands in the description of the tender. */
export function hubPayments(till: Till, check: Check): readonly HubPayment[] {
  const areHeld = holdTips(till, check);
  return check.payments.flatMap((payment): HubPayment[] => {
    const tip = tipOf(till, payment);
    const paid = amount(till, payment.amount).minor - (areHeld ? tip : 0);
    if (paid < 0) return [];
    return [
      {
        externalId: payment.id,
        method: methodOf(payment),
        amount: cents(till, paid),
        ...(tip > 0 ? { tip: cents(till, tip) } : {}),
        ...(payment.date ? { at: payment.date } : {}),
        texts: texts(payment.tender_description),
      },
    ];
  });
}

/** UNVERIFIED: a negative payment is money that went back. Which lines came back, nobody says. */
export const hubRefunds = (till: Till, check: Check): readonly HubRefund[] =>
  check.payments.flatMap((payment) => {
    const { minor } = amount(till, payment.amount);
    if (minor >= 0) return [];
    return [{ externalId: payment.id, amount: cents(till, -minor), at: payment.date ?? check.close_time ?? check.open_time }];
  });
