import type { SalesChannel } from '../campaign/campaign.types.ts';

/** An order as handed in, with the declared defaults filled in and its customer resolved. Amounts in minor units of `currency`. */
export interface Basket {
  readonly source: string;
  readonly externalId: string;
  readonly storeId: string;
  readonly channel: SalesChannel;
  readonly currency: string;
  readonly pricesIncludeTax: boolean;
  readonly lines: readonly BasketLine[];
}

export interface BasketLine {
  readonly id: string;
  readonly sku: string;
  readonly name: string | null;
  readonly group: string | null;
  readonly brand: string | null;
  /** Exact decimal text, above zero. */
  readonly quantity: string;
  readonly unitPrice: number;
  /** Already given on the whole line, at most its gross. */
  readonly discount: number;
  /** Percent as decimal text; null = the store's rate for the group. */
  readonly taxRate: string | null;
}
