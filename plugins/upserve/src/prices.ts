import type { Money } from '@valehub/connector-kit';
import { compOn } from './comps.ts';
import type { Check, Entry } from './schemas.ts';
import { amount, cents, sum, type Till } from './till.ts';

/** One thing on a check: what it costs before anything is taken off, and what its comp takes off. */
export interface Priced {
  readonly entry: Entry;
  readonly gross: Money;
  readonly comp: Money;
}

const modifiers = (till: Till, { modifiers: of }: Entry): number => sum(of.map(({ price }) => amount(till, price).minor));

const times = (till: Till, minor: number, { quantity }: Entry): number => till.money.times(cents(till, minor), quantity ?? '1').minor;

const bare = (till: Till, { price }: Entry): number => amount(till, price).minor;

/** What `price` may be: of all or of one, with the modifiers or without. */
const READINGS: readonly ((till: Till, entry: Entry) => number)[] = [
  bare,
  (till, entry) => bare(till, entry) + modifiers(till, entry),
  (till, entry) => times(till, bare(till, entry), entry),
  (till, entry) => times(till, bare(till, entry) + modifiers(till, entry), entry),
];

export const isInclusive = ({ taxed_type: type }: Check): boolean => /inclusive/i.test(type ?? '');

/** What the check itself says its goods come to. */
function goodsOf(till: Till, check: Check): ReadonlySet<number> {
  const read = (told: string | null | undefined): number => amount(till, told).minor;
  const [goods, tax, due] = [read(check.sub_total), read(check.tax_total), read(check.total)] as const;
  const gratuity = read(check.mandatory_tip_amount);
  return new Set(isInclusive(check) ? [goods, goods + tax, due, due - gratuity] : [goods, due - tax, due - tax - gratuity]);
}

/**
 * UNVERIFIED: nobody says whether `price` is that of one or of all, with the modifiers or without, before the comp or after. The check tells
 * what its goods come to, so the first reading that comes to it is taken; where none does, the price is that of the line as it stands.
 */
export function priced(till: Till, check: Check, sold: readonly Entry[]): readonly Priced[] {
  const goods = goodsOf(till, check);
  const readings = [false, true].flatMap((isAfterComp) =>
    READINGS.map((read) =>
      sold.map((entry): Priced => {
        const told = cents(till, read(till, entry));
        const comp = compOn(till, entry.voidcomp, told);
        return { entry, gross: isAfterComp ? cents(till, told.minor + comp.minor) : told, comp };
      }),
    ),
  );
  const comesTo = (reading: readonly Priced[]): number => {
    const left = sum(reading.map(({ gross, comp }) => gross.minor - comp.minor));
    return left - compOn(till, check.voidcomp, cents(till, left)).minor;
  };
  return readings.find((reading) => goods.has(comesTo(reading))) ?? readings[0] ?? [];
}
