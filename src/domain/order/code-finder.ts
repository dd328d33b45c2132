import type { CodeHit, RedemptionCode } from '../redemption/prepared.ts';
import { largestRemainder } from '../shared/money.ts';
import type { PlatformDiscount, PlatformOrder, PlatformTender } from './order.types.ts';

/** A code of the hub on a platform's order, with the discounts and payments it hangs on; none where its text stands on the order alone. */
export interface FoundCode {
  readonly hit: RedemptionCode;
  readonly discounts: readonly PlatformDiscount[];
  readonly tenders: readonly PlatformTender[];
}

const MAX_TEXT = 500;

/** What the platform gave for it, in minor units; null where it does not tell. */
export function givenFor({ discounts, tenders }: FoundCode): number | null {
  const given = [...discounts, ...tenders];
  return given.length === 0 ? null : given.reduce((sum, one) => sum + one.amount, 0);
}

/**
 * The hub's codes on an order: in the field a platform has for one, else in the texts where one may stand.
 * A text is tried whole, then word by word: "Descuento DV1234567890123", "#SUMMER10".
 */
export function findCodes(order: PlatformOrder, lookup: (typed: string) => CodeHit): FoundCode[] {
  const found = new Map<string, { hit: RedemptionCode; discounts: PlatformDiscount[]; tenders: PlatformTender[] }>();
  const noted = (texts: readonly (string | null)[]) => {
    const hits = new Map(texts.flatMap((text) => codesIn(text, lookup)).map((hit) => [hit.code, hit]));
    return [...hits.values()].map((hit) => {
      const one = found.get(hit.code) ?? { hit, discounts: [], tenders: [] };
      found.set(hit.code, one);
      return one;
    });
  };
  for (const discount of order.discounts)
    for (const one of noted([discount.code, discount.name, ...discount.texts])) one.discounts.push(discount);
  for (const tender of order.tenders ?? []) for (const one of noted([tender.code, ...tender.texts])) one.tenders.push(tender);
  noted(order.texts);
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
  const isLoose = (one: FoundCode): boolean => givenFor(one) === null;
  const unclaimed = order.discounts.filter((discount) => !found.some((one) => one.discounts.includes(discount)));
  if (found.filter(isLoose).length !== 1 || unclaimed.length !== 1) return found;
  return found.map((one) => (isLoose(one) ? { ...one, discounts: unclaimed } : one));
}

/**
 * What these discounts took off each line: as the platform tells, else spread over the lines in the measure of their own discounts.
 * Where no line shows one (a discount on the delivery charge), they took nothing off the lines.
 */
export function sharesOf(discounts: readonly PlatformDiscount[], order: PlatformOrder): Map<string, number> {
  const taken = new Map<string, number>();
  const add = (lineId: string, amount: number) => taken.set(lineId, (taken.get(lineId) ?? 0) + amount);
  for (const discount of discounts) {
    if (discount.shares.length > 0) for (const share of discount.shares) add(share.lineId, share.amount);
    else if (discount.lineId !== null) add(discount.lineId, discount.amount);
    else if (order.lines.some((line) => line.discount > 0)) {
      const parts = largestRemainder(
        discount.amount,
        order.lines.map((line) => line.discount),
      );
      for (const [at, line] of order.lines.entries()) add(line.id, parts[at] ?? 0);
    }
  }
  return taken;
}
