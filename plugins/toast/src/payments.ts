import type { HubPayment, HubRefund } from '@valehub/connector-kit';
import type { Check, Payment, Selection } from './schemas.ts';
import { amount, type Till } from './till.ts';

const METHODS: Readonly<Record<string, string>> = { CASH: 'CASH', CREDIT: 'CARD', GIFTCARD: 'GIFT_CARD', TOAST_SV: 'GIFT_CARD' };

/** A card is captured at night; the guest has paid when it is authorised. On an open check that is only a tab. */
const TAKEN = new Set(['CAPTURED', 'CAPTURE_IN_PROGRESS']);

function hasPaid(payment: Payment, check: Check): boolean {
  if (payment.voidInfo) return false;
  const status = payment.paymentStatus;
  return status == null || TAKEN.has(status) || (status === 'AUTHORIZED' && check.paymentStatus !== 'OPEN');
}

export const paid = (check: Check): readonly Payment[] => check.payments.filter((payment) => hasPaid(payment, check));

export function hubPayment(till: Till, payment: Payment): HubPayment {
  const tip = amount(till, payment.tipAmount);
  return {
    externalId: payment.guid,
    method: METHODS[payment.type ?? ''] ?? (payment.type || 'OTHER'),
    amount: amount(till, payment.amount),
    ...(tip.minor > 0 ? { tip } : {}),
    ...(payment.paidDate ? { at: payment.paidDate } : {}),
    // Toast tells no reference of a payment.
    texts: [],
  };
}

/** How many of a selection came back, where the refunded money is that of whole units; Toast tells the money only. */
function quantityBack(till: Till, selection: Selection): string | undefined {
  const quantity = selection.quantity ?? '1';
  const back = amount(till, selection.refundDetails?.refundAmount).minor;
  const net = amount(till, selection.price ?? selection.preDiscountPrice).minor;
  if (back <= 0) return undefined;
  if (back >= net) return quantity;
  const units = /^\d{1,6}$/.test(quantity) ? Number(quantity) : 0;
  const product = BigInt(back) * BigInt(units);
  return units > 1 && product % BigInt(net) === 0n ? String(product / BigInt(net)) : undefined;
}

const transactionOf = (of: { readonly refundTransaction?: Selection['item'] } | null | undefined): string =>
  of?.refundTransaction?.guid ?? '';

/**
 * The refunds of a check, tips left out as they are of payments. Payment and selections that came back name the same transaction; where
 * several payments share one, its lines are told with the first. UNVERIFIED: what Toast shows after a second refund of one payment.
 */
export function hubRefunds(till: Till, check: Check, sold: readonly Selection[]): HubRefund[] {
  const told = new Set<string>();
  return check.payments.flatMap((payment): HubRefund[] => {
    const { refund } = payment;
    const money = amount(till, refund?.refundAmount);
    if (!refund || money.minor <= 0) return [];
    const transaction = transactionOf(refund);
    const back = sold.filter((selection) => selection.refundDetails && transactionOf(selection.refundDetails) === transaction);
    const lines = back.flatMap((selection) => {
      const quantity = quantityBack(till, selection);
      return quantity === undefined ? [] : [{ lineId: selection.guid, quantity }];
    });
    const isFirst = !told.has(transaction);
    told.add(transaction);
    return [
      {
        externalId: transaction === '' ? `${payment.guid}:refund` : `${transaction}:${payment.guid}`,
        amount: money,
        at: refund.refundDate,
        ...(lines.length > 0 ? { lines: isFirst ? lines : [] } : {}),
      },
    ];
  });
}
