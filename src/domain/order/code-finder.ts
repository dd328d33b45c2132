import type { CodeHit, RedemptionCode } from '../redemption/prepared.ts';
import { largestRemainder } from '../shared/money.ts';
import type { PlatformDiscount, PlatformOrder } from './order.types.ts';

/** A code of the hub on a platform's order, with the discount it hangs on; null where its text stands on the order alone. */
export interface FoundCode {
  readonly hit: RedemptionCode;
  readonly discount: PlatformDiscount | null;
}

const MAX_TEXT = 500;

/**
 * The hub's codes on an order: in the field a platform has for one, else in the texts where one may stand.
 * A text is tried whole, then word by word: "Descuento DV1234567890123", "#SUMMER10".
 */
export function findCodes(order: PlatformOrder, lookup: (typed: string) => CodeHit): FoundCode[] {
  const found = new Map<string, FoundCode>();
  const note = (texts: readonly (string | null)[], discount: PlatformDiscount | null) => {
    for (const text of texts) {
      for (const hit of codesIn(text, lookup)) {
        const known = found.get(hit.code);
        if (!known || known.discount === null) found.set(hit.code, { hit, discount });
      }
    }
  };
  for (const discount of order.discounts) note([discount.code, discount.name, ...discount.texts], discount);
  note(order.texts, null);
  return pairUp([...found.values()], order);
}

function codesIn(text: string | null, lookup: (typed: string) => CodeHit): RedemptionCode[] {
  if (text === null || text.length > MAX_TEXT) return [];
  const whole = lookup(text);
  if (whole.found === 'code') return [whole];
  return text.split(/[^\p{L}\p{N}-]+/u).flatMap((word) => {
    const hit = word === '' ? null : lookup(word);
    return hit?.found === 'code' ? [hit] : [];
  });
}

/** One code in the order's own texts and one discount that no code claims: they belong together. */
function pairUp(found: FoundCode[], order: PlatformOrder): FoundCode[] {
  const loose = found.filter((one) => one.discount === null);
  const unclaimed = order.discounts.filter((discount) => !found.some((one) => one.discount === discount));
  const [discount] = unclaimed;
  if (loose.length !== 1 || unclaimed.length !== 1 || !discount) return found;
  return found.map((one) => (one.discount === null ? { ...one, discount } : one));
}

/** What these discounts took off each line: as the platform tells, else spread over the lines in the measure of their own discounts. */
export function sharesOf(discounts: readonly PlatformDiscount[], order: PlatformOrder): Map<string, number> {
  const taken = new Map<string, number>();
  const add = (lineId: string, amount: number) => taken.set(lineId, (taken.get(lineId) ?? 0) + amount);
  for (const discount of discounts) {
    if (discount.shares.length > 0) for (const share of discount.shares) add(share.lineId, share.amount);
    else if (discount.lineId !== null) add(discount.lineId, discount.amount);
    else {
      const parts = largestRemainder(discount.amount, order.lines.map((line) => line.discount));
      order.lines.forEach((line, at) => add(line.id, parts[at] ?? 0));
    }
  }
  return taken;
}
