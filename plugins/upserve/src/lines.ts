import type { HubLine, HubOrderDiscount, Money } from '@valehub/connector-kit';
import { compOn, isVoid } from './comps.ts';
import { type Priced, priced } from './prices.ts';
import type { Check, Entry, VoidComp } from './schemas.ts';
import { amount, cents, sum, type Till, texts } from './till.ts';

/** The items of a check and their sides, each a line of its own. A void item takes its sides with it. Negative prices are no lines. */
function soldOn(till: Till, check: Check): readonly Entry[] {
  const sold = check.items
    .filter(({ voidcomp }) => !isVoid(voidcomp))
    .flatMap((item) => [
      item,
      ...item.sides.filter(({ voidcomp }) => !isVoid(voidcomp)).map((side) => ({ ...side, id: `${item.id}/${side.id}` })),
    ]);
  return sold.filter(({ price }) => amount(till, price).minor >= 0);
}

function lineOf(till: Till, { entry, gross }: Priced, discount: Money): HubLine {
  const name = (entry.name ?? '').trim().slice(0, 1000);
  return {
    id: entry.id,
    sku: (entry.item_id || name || 'open-item').slice(0, 255),
    ...(name === '' ? {} : { name }),
    ...(entry.category_id ? { group: entry.category_id } : {}),
    ...till.money.units(gross, entry.quantity ?? '1'),
    gross,
    discount,
  };
}

/** A comp has no id of its own; there is one at most on each thing. */
const discountOf = (told: VoidComp, externalId: string, taken: Money): HubOrderDiscount => ({
  externalId,
  name: (told?.reason_text ?? told?.type ?? '').slice(0, 1000),
  amount: taken,
  texts: texts(told?.reason_text),
});

/** What was sold and what was given away of it. A comp of the whole check lies on the lines in the measure of what is left of them. */
export function goodsOf(
  till: Till,
  check: Check,
): { readonly lines: readonly HubLine[]; readonly discounts: readonly HubOrderDiscount[]; readonly net: number } {
  const sold = priced(till, check, soldOn(till, check)).map((one) => {
    const gross = cents(till, Math.max(0, one.gross.minor));
    return { ...one, gross, comp: cents(till, Math.min(one.comp.minor, gross.minor)) };
  });
  const left = sold.map(({ gross, comp }) => gross.minor - comp.minor);
  const whole = cents(till, Math.min(sum(left), compOn(till, check.voidcomp, cents(till, sum(left))).minor));
  const shares = till.money.spread(whole, left);
  const shareOf = (index: number): Money => shares[index] ?? cents(till, 0);
  return {
    lines: sold.map((one, index) => lineOf(till, one, cents(till, one.comp.minor + shareOf(index).minor))),
    discounts: [
      ...sold.flatMap(({ entry, comp }) =>
        comp.minor > 0 ? [{ ...discountOf(entry.voidcomp, `${entry.id}:comp`, comp), lineId: entry.id }] : [],
      ),
      ...(whole.minor > 0 ? [discountOf(check.voidcomp, 'check:comp', whole)] : []),
    ],
    net: sum(left) - whole.minor,
  };
}
