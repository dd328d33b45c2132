import type { HubPayment, HubRefund, Money, MoneyKit } from '@valehub/connector-kit';
import type { Order, Refund, Transaction } from './order-schemas.ts';
import { words } from './words.ts';

/** A refund with all its lines. */
export interface Returned {
  readonly refund: Refund;
  readonly lines: Refund['refundLineItems']['nodes'];
}

const isDone = ({ status }: Pick<Transaction, 'status'>): boolean => status === 'SUCCESS';

/** What was only authorised, voided or has failed is no payment. */
const isPayment = (transaction: Transaction): boolean =>
  isDone(transaction) && (transaction.kind === 'SALE' || transaction.kind === 'CAPTURE');

const METHODS: Readonly<Record<string, string>> = {
  cash: 'CASH',
  gift_card: 'GIFT_CARD',
  shopify_payments: 'CARD',
  shopify_store_credit: 'STORE_CREDIT',
};

function method({ gateway, formattedGateway, manualPaymentGateway, paymentDetails }: Transaction): string {
  const known = METHODS[gateway ?? ''] ?? (paymentDetails?.__typename === 'CardPaymentDetails' ? 'CARD' : undefined);
  if (known !== undefined) return known;
  // A way to pay that the shop has named itself: vouchers on paper, lunch cards.
  return (manualPaymentGateway ? formattedGateway || gateway : gateway || formattedGateway) || 'OTHER';
}

/**
 * Cash is told as it was handed over, with the change as a transaction of its own. UNVERIFIED whether every till does so: change counts
 * only as far as more was received than was to pay.
 */
function changeOf(order: Order, payments: readonly Transaction[], money: MoneyKit): ReadonlyMap<string, number> {
  const sum = (transactions: readonly Transaction[]): number =>
    money.sum(
      transactions.map(({ amountSet }) => amountSet),
      order.currencyCode,
    ).minor;
  let over = Math.max(0, sum(payments) - order.totalPriceSet.minor);
  const back = new Map<string, number>();
  for (const change of order.transactions.filter((transaction) => isDone(transaction) && transaction.kind === 'CHANGE')) {
    const paid =
      payments.find(({ id }) => id === change.parentTransaction?.id) ?? payments.find(({ gateway }) => METHODS[gateway ?? ''] === 'CASH');
    const amount = Math.min(over, change.amountSet.minor, paid?.amountSet.minor ?? 0);
    if (!paid || amount === 0) continue;
    over -= amount;
    back.set(paid.id, (back.get(paid.id) ?? 0) + amount);
  }
  return back;
}

/** A transaction holds the tip, and Shopify does not say which: the first that is large enough and no gift card. */
export function payments(order: Order, money: MoneyKit): HubPayment[] {
  const currency = order.currencyCode;
  const done = order.transactions.filter(isPayment);
  const back = changeOf(order, done, money);
  const tip = order.totalTipReceivedSet.minor;
  const netOf = (transaction: Transaction): Money => ({ minor: transaction.amountSet.minor - (back.get(transaction.id) ?? 0), currency });
  const bearers = tip === 0 ? [] : done.filter((transaction) => netOf(transaction).minor >= tip);
  const bearer = bearers.find((transaction) => method(transaction) !== 'GIFT_CARD') ?? bearers[0];
  return done.map((transaction) => {
    const net = netOf(transaction);
    const isBearer = transaction === bearer;
    return {
      externalId: transaction.id,
      method: method(transaction),
      amount: isBearer ? { minor: net.minor - tip, currency } : net,
      ...(isBearer ? { tip: order.totalTipReceivedSet } : {}),
      ...(transaction.processedAt ? { at: transaction.processedAt } : {}),
      texts: words(transaction.gateway, transaction.formattedGateway === transaction.gateway ? null : transaction.formattedGateway),
    };
  });
}

/**
 * What really went back, adjustments included, with the units that came back by line. Units that an edit took off the order come as a
 * refund without money; money without units is an adjustment. One that is still under way is told when it is done, and one of nothing
 * but the tip is no return of goods.
 */
export function refunded({ refund, lines }: Returned, known: ReadonlySet<string>, currency: string, money: MoneyKit): HubRefund[] {
  const moves = refund.transactions.filter(({ kind }) => kind === 'REFUND');
  const done = moves.filter(isDone);
  const told = lines.filter(({ quantity }) => quantity > 0);
  const units = told.filter(({ lineItem }) => known.has(lineItem.id));
  if (done.length === 0 && (moves.length > 0 || units.length === 0)) return [];
  if (told.length > 0 && units.length === 0) return [];
  const amounts = done.map(({ amountSet }) => amountSet);
  return [
    {
      externalId: refund.id,
      amount: money.sum(amounts, currency),
      at: refund.processedAt,
      ...(refund.note?.trim() ? { reason: refund.note.slice(0, 1000) } : {}),
      ...(units.length > 0 ? { lines: units.map(({ quantity, lineItem }) => ({ lineId: lineItem.id, quantity: String(quantity) })) } : {}),
    },
  ];
}
