import { CallError, type HubOrder, type Money } from '@valehub/connector-kit';
import { hubDiscounts, takenOff } from './discounts.ts';
import { lineOf, soldOn } from './lines.ts';
import { hubPayment, hubRefunds, paid } from './payments.ts';
import type { Check, Order } from './schemas.ts';
import { amount, phoneOf, type Till, texts, total } from './till.ts';

const liveChecks = (order: Order): readonly Check[] =>
  order.deleted || order.voided ? [] : order.checks.filter((check) => !check.deleted && !check.voided);

const isTouched = (check: Check): boolean =>
  check.selections.length > 0 || check.payments.length > 0 || check.appliedServiceCharges.length > 0;

/** Toast closes checks one by one. An empty check that somebody left open does not keep the others from being paid. */
function state(order: Order, live: readonly Check[]): HubOrder['state'] {
  if (order.deleted || order.voided || (order.checks.length > 0 && live.length === 0)) return 'VOIDED';
  const bills = live.filter(isTouched);
  const isPaid = bills.length > 0 && bills.every(({ paymentStatus }) => paymentStatus === 'PAID' || paymentStatus === 'CLOSED');
  return isPaid ? 'PAID' : 'OPEN';
}

/** Toast's `modifiedDate` of an order may lie before that of its own checks, so the latest of all that is told counts. */
function revision(order: Order): { readonly at: string } | undefined {
  const changes = [
    order.modifiedDate,
    order.voidDate,
    order.deleted ? order.deletedDate : undefined,
    ...order.checks.flatMap((check) => [
      check.modifiedDate,
      check.deleted ? check.deletedDate : undefined,
      ...check.selections.map(({ modifiedDate }) => modifiedDate),
      ...check.payments.flatMap(({ paidDate, voidInfo, refund }) => [paidDate, voidInfo?.voidDate, refund?.refundDate]),
    ]),
  ].flatMap((at) => (at ? [at] : []));
  const last = changes.sort().at(-1);
  return last === undefined ? undefined : { at: last };
}

/**
 * `totalAmount` holds goods, charges and taxes. The documentation says of `amount` that gratuities among the charges are not in it, and
 * leaves open whether they are in the total: where they are what is missing, they are added.
 */
function due(till: Till, check: Check): Money {
  const charges = check.appliedServiceCharges.map((charge) => ({ charge, of: amount(till, charge.chargeAmount) }));
  const gratuity = total(
    till,
    charges.filter(({ charge }) => charge.gratuity).map(({ of }) => of),
  );
  const goods = check.selections.filter(({ voided }) => !voided).map(({ price }) => amount(till, price));
  const all = total(till, [...goods, ...charges.map(({ of }) => of), amount(till, check.taxAmount)]);
  const told = amount(till, check.totalAmount);
  return all.minor - told.minor === gratuity.minor ? all : told;
}

const SOURCES: readonly (readonly [RegExp, NonNullable<HubOrder['channel']>])[] = [
  [/^kiosk$/i, 'KIOSK'],
  [/^in store$|^toast tables$|^order-and-pay-at-table$/i, 'DINE_IN'],
  [/online|app|local|google|api|grubhub/i, 'ONLINE'],
];

function channel({ source, deliveryInfo }: Order): HubOrder['channel'] {
  if (deliveryInfo) return 'DELIVERY';
  return SOURCES.find(([form]) => form.test(source ?? ''))?.[1];
}

function customer(till: Till, live: readonly Check[]): HubOrder['customer'] {
  const known = live.find((check) => check.customer?.guid || check.customer?.phone || check.customer?.email)?.customer;
  if (!known) return undefined;
  const phone = phoneOf(till, known.phone, known.phoneCountryCode);
  return {
    ...(known.guid ? { externalId: known.guid } : {}),
    ...(phone ? { phone } : {}),
    ...(known.email ? { email: known.email } : {}),
  };
}

/** What one check adds to its order. */
function bill(till: Till, check: Check) {
  const sold = soldOn(till, check);
  const taken = takenOff(till, check, sold);
  const payments = paid(check).map((payment) => hubPayment(till, payment));
  return {
    lines: sold.map((selection) => lineOf(till, selection, taken.get(selection.guid))),
    discounts: hubDiscounts(till, check, sold, taken),
    payments,
    refunds: hubRefunds(till, check, sold),
    charges: check.appliedServiceCharges
      .map((charge) => ({ externalId: charge.guid, name: charge.name || 'Service charge', amount: amount(till, charge.chargeAmount) }))
      .filter((charge) => charge.amount.minor > 0),
    due: due(till, check),
    tips: payments.flatMap(({ tip }) => tip ?? []),
    // A code that somebody wrote on the tab belongs to a discount; without one nothing was given for it.
    texts: check.appliedDiscounts.length > 0 ? texts(check.tabName) : [],
  };
}

/** Toast's order with all of its checks as one order of the hub: they move between checks, not between orders. */
export function hubOrder(till: Till, order: Order, location: string): HubOrder {
  const live = liveChecks(order);
  const bills = live.map((check) => bill(till, check));
  const placedAt = order.openedDate ?? order.createdDate ?? order.modifiedDate;
  if (!placedAt) throw new CallError({ code: 'BAD_REPLY', message: `The order ${order.guid} does not say when it was opened.` });
  const is = state(order, live);
  const closedAt = order.closedDate ?? order.paidDate;
  const tip = total(
    till,
    bills.flatMap(({ tips }) => tips),
  );
  const at = revision(order);
  const through = channel(order);
  const guest = customer(till, live);
  return {
    externalId: order.guid,
    ...(at ? { revision: at } : {}),
    location,
    state: is,
    placedAt,
    ...(is === 'PAID' && closedAt ? { closedAt } : {}),
    ...(order.businessDate ? { businessDay: order.businessDate } : {}),
    currency: till.currency,
    // Prices and discounts are told without tax, whether or not the menu shows it in them.
    pricesIncludeTax: false,
    lines: bills.flatMap(({ lines }) => lines),
    discounts: bills.flatMap(({ discounts }) => discounts),
    payments: bills.flatMap(({ payments }) => payments),
    refunds: bills.flatMap(({ refunds }) => refunds),
    charges: bills.flatMap(({ charges }) => charges),
    total: total(till, [...bills.map(({ due: of }) => of), tip]),
    ...(tip.minor > 0 ? { tip } : {}),
    texts: bills.flatMap((of) => of.texts),
    ...(through ? { channel: through } : {}),
    // Neither practice nor food that is written off is a sale.
    ...(order.createdInTestMode || order.excessFood ? { training: true } : {}),
    ...(order.createdDevice?.id ? { till: order.createdDevice.id } : {}),
    ...(order.server?.guid ? { staff: order.server.guid } : {}),
    ...(guest ? { customer: guest } : {}),
  };
}
