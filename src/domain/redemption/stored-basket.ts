import type { Basket, BasketLine } from '../order/basket.types.ts';

/** A basket as it is kept with the redeem it was decided for: without what the row says already; members left out stand at their default. */
export interface StoredBasket {
  readonly channel: Basket['channel'];
  readonly pricesIncludeTax: boolean;
  readonly lines: readonly (Pick<BasketLine, 'id' | 'sku' | 'quantity' | 'unitPrice'> & Partial<BasketLine>)[];
}

export const storedBasket = ({ channel, pricesIncludeTax, lines }: Basket): StoredBasket => ({
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
