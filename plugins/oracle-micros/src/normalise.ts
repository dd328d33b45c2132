import type { HubLine, HubOrder, HubOrderDiscount, Money, TimeKit } from '@valehub/connector-kit';
import { amountOf, discountOf, type Reading, reductionsOf } from './amounts.ts';
import { linesOf } from './lines.ts';
import { chargesOf, paymentsOf } from './payments.ts';
import type { Check } from './schemas.ts';
import { counter, textsOf } from './texts.ts';

/** `closed` is paid in full and changes no more. What a cancelled check is called is not documented; any word for it is understood. */
function stateOf(status: string | null | undefined): HubOrder['state'] {
  if (status === 'closed') return 'PAID';
  return /^(cancel|void|delet)/i.test(status ?? '') ? 'VOIDED' : 'OPEN';
}

/** Simphony does not tell how a discount over the whole check lies on its lines, so it is spread over what is left of them. */
function spread(
  check: Check,
  given: readonly HubLine[],
  reading: Reading,
): { readonly lines: readonly HubLine[]; readonly discounts: readonly HubOrderDiscount[] } {
  const name = counter();
  const discounts: HubOrderDiscount[] = [];
  let lines = given;
  for (const { told, amount: minor } of reductionsOf(check.discounts, reading)) {
    const amount = { minor, currency: reading.currency };
    const weights = lines.map(({ gross, discount }) => gross.minor - discount.minor);
    const most = weights.reduce((sum, weight) => sum + weight, 0);
    const onLines = { ...amount, minor: Math.min(amount.minor, most) };
    const shares = reading.money.spread(onLines, weights);
    const externalId = name(`check:${told.discountId ?? 'discount'}`);
    discounts.push({
      ...discountOf(told, externalId, amount),
      ...(onLines.minor === amount.minor
        ? { shares: lines.flatMap(({ id }, at) => (shares[at]?.minor ? [{ lineId: id, amount: shares[at] }] : [])) }
        : {}),
    });
    lines = lines.map((line, at) => ({
      ...line,
      discount: reading.money.sum([line.discount, ...(shares[at] ? [shares[at]] : [])], reading.currency),
    }));
  }
  return { lines, discounts };
}

/** Written with Z, or without: it is UTC all the same. */
export const openedAt = (text: string, time: TimeKit): string => (/[Zz]|[+-]\d\d:?\d\d$/.test(text) ? time.offset(text) : time.utc(text));

export interface CheckReading extends Reading {
  readonly time: TimeKit;
  readonly location: string;
  readonly orderTypes: Readonly<Record<string, NonNullable<HubOrder['channel']>>>;
}

/** What is left to pay. A check without totals owes what stands on it and is not paid; tax on top is not known then. */
function dueOf({ totals }: Check, lines: readonly HubLine[], charges: readonly Money[], paid: readonly Money[], reading: Reading): Money {
  const told = totals?.totalDue;
  const { money, currency } = reading;
  const sum = (amounts: readonly Money[]): number => money.sum(amounts, currency).minor;
  const owed = sum(lines.map(({ gross }) => gross)) - sum(lines.map(({ discount }) => discount)) + sum(charges) - sum(paid);
  return { minor: Math.max(0, told ? amountOf(reading, told).minor : owed), currency };
}

/** Simphony tells no version and no time of change: of two readings the hub takes the later one. */
export function hubOrder(check: Check, reading: CheckReading): HubOrder {
  const { header, totals } = check;
  const { currency, money } = reading;
  const own = linesOf(check, reading);
  const { lines, discounts } = spread(check, own.lines, reading);
  const payments = [...paymentsOf(check, reading)];
  const paid = payments.map(({ amount }) => amount);
  const tip = money.sum(
    payments.flatMap((payment) => payment.tip ?? []),
    currency,
  );
  const charges = chargesOf(check, reading, tip.minor);
  const due = dueOf(
    check,
    lines,
    charges.map(({ amount }) => amount),
    paid,
    reading,
  );
  const combos = check.comboMeals.flatMap(({ comboItem, mainItem, sideItems }) => [comboItem, mainItem, ...sideItems]);
  const items = [...check.menuItems, ...combos.flatMap((item) => item ?? [])];
  const channel = reading.orderTypes[header.orderTypeRef ?? ''];
  return {
    externalId: header.checkRef,
    location: reading.location,
    state: stateOf(header.status),
    placedAt: openedAt(header.openTime, reading.time),
    currency,
    // Only tax that is added to the prices stands in the totals.
    pricesIncludeTax: amountOf(reading, totals?.taxTotal).minor <= 0,
    lines: [...lines],
    discounts: [...own.discounts, ...discounts],
    payments,
    refunds: [],
    charges,
    total: money.sum([...paid, tip, due], currency),
    ...(tip.minor > 0 ? { tip } : {}),
    texts: textsOf(
      [header.checkName, ...header.informationLines, ...items.map(({ referenceText }) => referenceText)],
      [...check.extensions, ...items.flatMap(({ extensions }) => extensions)],
    ),
    ...(channel ? { channel } : {}),
    ...(header.isTrainingCheck === true ? { training: true } : {}),
    ...(header.checkEmployeeRef ? { staff: header.checkEmployeeRef } : {}),
  };
}
