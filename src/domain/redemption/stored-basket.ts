import type { ApplicableDraft, Decision } from '../decision/decision.types.ts';
import type { Basket, BasketLine } from '../order/basket.types.ts';
import { inputsText, type Seen } from './stored-inputs.ts';

/** A basket as it is kept with the redeem it was decided for: without what the row says already; members left out stand at their default. */
export interface StoredBasket {
  readonly channel: Basket['channel'];
  readonly pricesIncludeTax: boolean;
  readonly lines: readonly (Pick<BasketLine, 'id' | 'sku' | 'quantity' | 'unitPrice'> & Partial<BasketLine>)[];
}

/** The basket that was kept, whole again. */
export const basketFrom = (
  stored: StoredBasket,
  { source, externalId, storeId, currency }: Pick<Basket, 'source' | 'externalId' | 'storeId' | 'currency'>,
): Basket => ({
  ...stored,
  source,
  externalId,
  storeId,
  currency,
  lines: stored.lines.map((line) => ({ ...AT_DEFAULT, ...line })),
});

const AT_DEFAULT: Pick<BasketLine, 'name' | 'group' | 'brand' | 'discount' | 'taxRate'> = {
  name: null,
  group: null,
  brand: null,
  discount: 0,
  taxRate: null,
};

const storedBasket = ({ channel, pricesIncludeTax, lines }: Basket): StoredBasket => ({
  channel,
  pricesIncludeTax,
  lines: lines.map(({ id, sku, name, group, brand, quantity, unitPrice, discount, taxRate }) => ({
    id,
    sku,
    quantity,
    unitPrice,
    ...(discount !== 0 && { discount }),
    ...(name !== null && { name }),
    ...(group !== null && { group }),
    ...(brand !== null && { brand }),
    ...(taxRate !== null && { taxRate }),
  })),
});

/** What of a redeem is kept as JSON, as text. */
export interface RedeemTexts {
  readonly basket: string;
  readonly priced: string;
  readonly lockedDiscounts: string | null;
  readonly groups: string | null;
  readonly inputs: string | null;
  /** One an outcome. */
  readonly taken: readonly string[];
}

/** Nothing in it hangs on the other redeems of a batch: it is made while another batch is away. */
export function redeemTexts(basket: Basket, { outcomes, priced, lockedDiscounts }: Decision, seen: Seen | null): RedeemTexts {
  const applicable = outcomes.filter((outcome) => outcome.outcome === 'applicable');
  const groups = groupsOf(applicable);
  return {
    basket: JSON.stringify(storedBasket(basket)),
    priced: JSON.stringify(priced),
    lockedDiscounts: lockedDiscounts && JSON.stringify(lockedDiscounts),
    groups: groups.length > 0 ? JSON.stringify(groups) : null,
    inputs: seen && inputsText(seen, applicable),
    taken: applicable.map((outcome) => JSON.stringify(outcome.counters)),
  };
}

export const groupsOf = (outcomes: readonly ApplicableDraft[]): string[] =>
  outcomes.flatMap((outcome) => outcome.campaign.stacking.group ?? []);
