import type { HubLine, HubOrderDiscount } from '@valehub/connector-kit';
import { amountOf, discountOf, type Reading, type Reduction, reductionsOf } from './amounts.ts';
import type { Check, ComboMeal, MenuItem, Priced } from './schemas.ts';
import { counter } from './texts.ts';

/** A dish with what belongs to it, or a combo with all its parts: one thing that the guest bought. */
interface Entry {
  readonly sku: string;
  readonly key: string;
  readonly name: string;
  quantity: string;
  /** Minor units, before discounts; negative for what was taken back. */
  gross: number;
  /** For what has no parts: may have more digits than its sum shows. */
  readonly unitPrice: string | undefined;
  readonly discounts: Reduction[];
}

/** It is not said whether `total` is before or after the item's own discounts: the price times the quantity tells. */
function grossOf(item: Priced, reading: Reading): number {
  const total = amountOf(reading, item.total).minor;
  const off = reductionsOf(item.itemDiscounts, reading).reduce((sum, { amount }) => sum + amount, 0);
  const full = off === 0 ? undefined : fullPrice(item, reading);
  return full !== undefined && full === total + off ? full : total;
}

function fullPrice({ unitPrice, quantity }: Pick<Priced, 'unitPrice' | 'quantity'>, reading: Reading): number | undefined {
  try {
    return reading.money.times(amountOf(reading, unitPrice), quantity ?? '1').minor;
  } catch (cause) {
    // A price for a weight may have more digits than the currency.
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

function entryOf(id: string, head: Priced, parts: readonly Priced[], reading: Reading): Entry {
  const gross = parts.reduce((sum, part) => sum + grossOf(part, reading), 0);
  return {
    sku: id,
    key: `${id}-${head.definitionSequence ?? '1'}`,
    name: head.name ?? '',
    quantity: head.quantity ?? '1',
    gross,
    unitPrice: parts.length === 1 ? (head.unitPrice ?? undefined) : undefined,
    discounts: parts.flatMap(({ itemDiscounts }) => reductionsOf(itemDiscounts, reading)),
  };
}

const withCondiments = (item: MenuItem | null | undefined): Priced[] => (item ? [item, ...item.condiments] : []);

function comboEntry(combo: ComboMeal, reading: Reading): Entry[] {
  const parts = [combo.comboItem, combo.mainItem, ...combo.sideItems].flatMap(withCondiments);
  const [head] = parts;
  if (!head) return [];
  const id = combo.comboItem?.menuItemId ?? combo.comboMealId ?? combo.mainItem?.menuItemId ?? 'combo';
  return [entryOf(id, head, parts, reading)];
}

const isBack = ({ quantity, gross }: Entry): boolean => quantity.startsWith('-') || gross < 0;

/** What was voided or returned in a later round stands as a line with a minus: it takes away from the line that it is about. */
function net(entries: readonly Entry[], { money }: Reading): Entry[] {
  const kept: Entry[] = [];
  for (const entry of entries) {
    if (!isBack(entry)) {
      kept.push({ ...entry, discounts: entry.discounts.map((discount) => ({ ...discount })) });
      continue;
    }
    const back = { quantity: entry.quantity.startsWith('-') ? entry.quantity : `-${entry.quantity}`, gross: -Math.abs(entry.gross) };
    // What is taken back and was never on this check belongs to another one, of which Simphony does not say which.
    const sold = kept.findLast(({ key, gross }) => key === entry.key && gross + back.gross >= 0);
    if (!sold) continue;
    sold.quantity = money.addDecimals([sold.quantity, back.quantity]);
    sold.gross += back.gross;
    for (const { told, amount } of entry.discounts) {
      const discount = sold.discounts.find(({ told: given }) => given.discountId === told.discountId);
      if (discount) discount.amount = Math.max(0, discount.amount - amount);
    }
  }
  return kept.filter(({ quantity }) => quantity !== '0' && !quantity.startsWith('-'));
}

/** A whole number of the same: the price of one, its condiments in it. Else, where that does not come out even, one thing at its sum. */
function pricedAs({ quantity, gross, unitPrice }: Entry, reading: Reading): Pick<HubLine, 'quantity' | 'unitPrice'> {
  const { currency } = reading;
  const whole = /^\d{1,9}$/.test(quantity) ? Number(quantity) : 0;
  if (whole > 0 && gross % whole === 0) return { quantity, unitPrice: { minor: gross / whole, currency } };
  if (unitPrice !== undefined && fullPrice({ unitPrice, quantity }, reading) === gross)
    return { quantity, unitPrice: amountOf(reading, unitPrice) };
  return { quantity: '1', unitPrice: { minor: gross, currency } };
}

/** The lines of a check with their own discounts; those over the whole check are not in them yet. */
export function linesOf(
  check: Check,
  reading: Reading,
): { readonly lines: readonly HubLine[]; readonly discounts: readonly HubOrderDiscount[] } {
  const name = counter();
  const named = counter();
  const { currency } = reading;
  const items = check.menuItems.map((item) => entryOf(item.menuItemId ?? 'open-item', item, withCondiments(item), reading));
  const entries = net([...items, ...check.comboMeals.flatMap((combo) => comboEntry(combo, reading))], reading);
  const discounts: HubOrderDiscount[] = [];
  const lines = entries.map((entry): HubLine => {
    const id = name(entry.key);
    let left = entry.gross;
    for (const { told, amount } of entry.discounts) {
      const minor = Math.min(amount, left);
      left -= minor;
      if (minor === 0) continue;
      const given = discountOf(told, named(`${id}:${told.discountId ?? 'discount'}`), { minor, currency });
      discounts.push({ ...given, lineId: id });
    }
    return {
      id,
      sku: entry.sku,
      ...(entry.name === '' ? {} : { name: entry.name }),
      ...pricedAs(entry, reading),
      gross: { minor: entry.gross, currency },
      discount: { minor: entry.gross - left, currency },
    };
  });
  return { lines, discounts };
}
