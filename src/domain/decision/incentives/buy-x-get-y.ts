import type { BuyXGetYTerms } from '../../campaign/incentive.types.ts';
import type { BasketLine } from '../../order/basket.types.ts';
import { percentOf } from '../../shared/money.ts';
import { chooses, type ItemMiss, openUnits, skusOf } from '../scope.ts';
import { sumOf, unitsOf } from '../units.ts';
import type { IncentiveKind } from './kind.types.ts';

/** Pieces by what they may be: bought only, got only, or either. */
interface Pieces {
  readonly bought: number;
  readonly got: number;
  readonly either: number;
}

export const buyXGetY: IncentiveKind<BuyXGetYTerms> = {
  effect: () => 'LINE_DISCOUNT',
  find,
  wish: (terms, { units, lines, due }) => {
    // What costs nothing is not bought, and is nothing to get.
    const open = openUnits(lines ?? [], units, due);
    const side = new Map((lines ?? []).map((line) => [line, sideOf(terms, units.lines[line])]));
    const sideAt = (unit: number) => side.get(units.lineOf[unit] ?? 0) ?? null;
    const pieces = { bought: 0, got: 0, either: 0 };
    for (const unit of open) {
      const at = sideAt(unit);
      if (at !== null) pieces[at] += 1;
    }
    const count = gettable(terms, pieces);
    // Of the pieces that may be either, so many may be got: the others are bought.
    let eitherLeft = pieces.bought + pieces.either - terms.buyQuantity * Math.ceil(count / terms.getQuantity);
    const picked: number[] = [];
    const cheapestFirst = open.filter((unit) => sideAt(unit) !== 'bought').sort((a, b) => (due[a] ?? 0) - (due[b] ?? 0) || a - b);
    for (const unit of cheapestFirst) {
      if (picked.length === count) break;
      if (sideAt(unit) === 'either') {
        if (eitherLeft === 0) continue;
        eitherLeft -= 1;
      }
      picked.push(unit);
    }
    picked.sort((a, b) => a - b);
    const most = picked.map((unit) => due[unit] ?? 0);
    return { amount: percentOf(sumOf(most), terms.percentOff), units: picked, most };
  },
  money: () => [],
};

function sideOf({ buy, get }: BuyXGetYTerms, line: BasketLine | undefined): keyof Pieces | null {
  if (line === undefined) return null;
  const buyable = chooses(buy, line);
  const gettable = get === undefined ? buyable : chooses(get, line);
  return buyable ? (gettable ? 'either' : 'bought') : gettable ? 'got' : null;
}

/**
 * The most pieces that can be got while enough others are bought. If n can be got, so can fewer, so the first that
 * cannot ends the search; each step forward asks of the bought ones a whole set more.
 */
function gettable({ buyQuantity, getQuantity, maximumTimes }: BuyXGetYTerms, { bought, got, either }: Pieces): number {
  const most = Math.min(got + either, maximumTimes === undefined ? Number.POSITIVE_INFINITY : maximumTimes * getQuantity);
  let count = 0;
  while (count < most) {
    const next = count + 1;
    const gotOfEither = Math.max(0, next - got);
    if (bought + either - gotOfEither < buyQuantity * Math.ceil(next / getQuantity)) break;
    count = next;
  }
  return count;
}

function find(terms: BuyXGetYTerms, lines: readonly BasketLine[]): readonly number[] | ItemMiss {
  const sides = lines.map((line) => sideOf(terms, line));
  const named = lines.flatMap((_, index) => (sides[index] === null ? [] : [index]));
  const eligible = terms.excludeDiscounted ? named.filter((index) => lines[index]?.discount === 0) : named;
  const ofNamed = countPieces(lines, sides, named);
  const pieces = countPieces(lines, sides, eligible);
  if (gettable(terms, pieces) > 0) return eligible;
  return missOf(terms, ofNamed, pieces);
}

/** Why nothing can be got: what has to be bought is looked at first, then what there is to get. */
function missOf(terms: BuyXGetYTerms, named: Pieces, { bought, got, either }: Pieces): ItemMiss {
  const buySkus = skusOf(terms.buy);
  const getSkus = terms.get === undefined ? buySkus : skusOf(terms.get);
  const same = terms.get === undefined;
  // Of the same items one more than what is bought has to be there, to be got.
  const needed = terms.buyQuantity + (same ? 1 : 0);
  const buyable = bought + either;
  const gettable = got + either;
  const add = (quantity: number, skus: readonly string[]) => ({
    addQuantity: String(quantity),
    ...(skus.length === 0 ? {} : { eligibleSkus: skus }),
  });
  if (named.bought + named.either === 0) return { reason: 'NO_ELIGIBLE_ITEM', facts: {}, nearest: add(needed, buySkus) };
  if (buyable === 0) return { reason: 'ALL_ITEMS_ALREADY_DISCOUNTED', facts: {}, nearest: add(needed, buySkus) };
  if (buyable < needed)
    return {
      reason: 'TRIGGER_QUANTITY_NOT_MET',
      facts: { quantityRequired: String(needed), quantityActual: String(buyable) },
      nearest: add(needed - buyable, buySkus),
    };
  if (gettable === 0) {
    const reason = named.got + named.either === 0 ? 'NO_ELIGIBLE_ITEM' : 'ALL_ITEMS_ALREADY_DISCOUNTED';
    return { reason, facts: {}, nearest: add(1, getSkus) };
  }
  // All that could be got has to be bought: one more of either kind will do.
  const skus = buySkus.length === 0 || getSkus.length === 0 ? [] : [...new Set([...buySkus, ...getSkus])];
  return {
    reason: 'TRIGGER_QUANTITY_NOT_MET',
    facts: { quantityRequired: String(terms.buyQuantity + 1), quantityActual: String(buyable + got) },
    nearest: add(1, skus),
  };
}

function countPieces(lines: readonly BasketLine[], sides: readonly (keyof Pieces | null)[], indexes: readonly number[]): Pieces {
  const pieces = { bought: 0, got: 0, either: 0 };
  for (const index of indexes) {
    const side = sides[index] ?? null;
    if (side !== null) pieces[side] += unitsOf(lines[index]?.quantity ?? '1');
  }
  return pieces;
}
