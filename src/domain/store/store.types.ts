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

/** A store as it is put in. null = left out (its default). */
export interface StoreDraft {
  readonly name: string;
  readonly timeZone?: string | null | undefined;
  readonly businessDayStart?: string | null | undefined;
  readonly currency?: string | null | undefined;
  readonly groups?: readonly string[] | null | undefined;
  readonly language?: string | null | undefined;
  readonly defaultTaxRate?: string | null | undefined;
  readonly taxRates?: readonly { readonly group: string; readonly rate: string }[] | null | undefined;
  readonly maxVouchersPerOrder?: number | null | undefined;
}

/** A change: left out = unchanged, null = cleared, lists replace. The currency stays. */
export interface StorePatch extends Omit<StoreDraft, 'name' | 'currency'> {
  readonly name?: string | null | undefined;
}
