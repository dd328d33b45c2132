/** What decisions need of a store: a snapshot of one version. */
export interface StoreTerms {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  /** IANA zone */
  readonly timeZone: string;
  /** HH:MM local; the business day begins here. */
  readonly businessDayStart: string;
  readonly currency: string;
  readonly groups: readonly string[];
  readonly language: string;
  /** Percent as decimal text. */
  readonly defaultTaxRate: string;
  readonly taxRates: readonly { readonly group: string; readonly rate: string }[];
  readonly maxVouchersPerOrder: number | null;
}
