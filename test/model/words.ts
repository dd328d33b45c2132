// What the model and the hub are both told, and what both answer: plain data, so that a failing sequence can be shrunk, printed and compared.

export type Incentive =
  | { readonly kind: 'percent'; readonly percent: number; readonly maximum: number | null; readonly sku: string | null }
  | { readonly kind: 'amount'; readonly minor: number; readonly sku: string | null }
  | { readonly kind: 'tender'; readonly minor: number }
  | { readonly kind: 'gift'; readonly minor: number };

export type Per = 'VOUCHER' | 'CUSTOMER' | 'STORE' | 'TILL' | 'ORDER' | 'CAMPAIGN' | 'MAIN_CAMPAIGN';

export interface Limit {
  readonly counts: 'REDEMPTIONS' | 'DISCOUNT_AMOUNT' | 'ISSUED';
  readonly per: Per;
  readonly period: 'EVER' | 'BUSINESS_DAY' | 'WEEK';
  readonly max: number;
}

/** Vouchers that a paid order earns: `count` of them, for each full `every` where it is given. */
export interface Issuance {
  readonly minimum: number;
  readonly count: number;
  readonly every: number | null;
}

export interface Terms {
  /** null = a main campaign */
  readonly incentive: Incentive | null;
  readonly minimumOrder: number;
  readonly limits: readonly Limit[];
  readonly budget: number | null;
  readonly group: string | null;
  readonly exclusive: boolean;
  readonly priority: number;
  readonly policy: 'KEEP' | 'CLAW_BACK';
  readonly distribution: 'OPEN' | 'CUSTOMER';
  /** Inclusive business days; in a draft days from the first one on. */
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly issuance: Issuance | null;
}

export interface Line {
  readonly id: string;
  readonly quantity: number;
  readonly price: number;
  readonly discount: number;
}

/** An order as it is sent. Each line's id is its sku; prices include tax. */
export interface Body {
  readonly id: string;
  readonly lines: readonly Line[];
  readonly customer: string | null;
  readonly till: string | null;
}

export type Patch = Partial<Pick<Terms, 'incentive' | 'limits' | 'budget' | 'minimumOrder' | 'policy'>>;
export type Back =
  | { readonly by: 'whole' }
  | { readonly by: 'amount'; readonly amount: number }
  | { readonly by: 'unit'; readonly line: string };

/** `key`: the idempotency key. Redemptions are named by the key of their redeem and their code, holds by the key that made them. */
export type Command =
  | { readonly do: 'tick'; readonly seconds: number }
  | { readonly do: 'validate'; readonly codes: readonly string[]; readonly order: Body }
  | { readonly do: 'hold'; readonly key: string; readonly codes: readonly string[]; readonly order: Body; readonly ttl: number }
  | { readonly do: 'extend'; readonly hold: string; readonly ttl: number }
  | { readonly do: 'release'; readonly hold: string }
  | { readonly do: 'redeem'; readonly key: string; readonly codes: readonly string[]; readonly order: Body }
  | { readonly do: 'redeemHold'; readonly key: string; readonly hold: string; readonly order: Body }
  | { readonly do: 'reverse'; readonly key: string; readonly redemption: string; readonly back: Back }
  | { readonly do: 'reverseKey'; readonly key: string; readonly redeemKey: string }
  | { readonly do: 'issue'; readonly key: string; readonly campaign: string; readonly customer: string; readonly days: number | null }
  | { readonly do: 'withdraw'; readonly code: string; readonly to: 'BLOCKED' | 'CANCELLED' }
  | { readonly do: 'move'; readonly campaign: string; readonly move: 'activate' | 'pause' | 'end' }
  | { readonly do: 'change'; readonly campaign: string; readonly patch: Patch; readonly applyToIssued: boolean }
  | { readonly do: 'record'; readonly order: Body }
  | { readonly do: 'refund'; readonly key: string; readonly order: string; readonly line: string | null };

type Figures = Readonly<Record<string, number>>;

export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'fault'; readonly code: string }
  | { readonly kind: 'validated'; readonly outcomes: Readonly<Record<string, number | string>>; readonly due: number }
  | { readonly kind: 'redeemed' | 'held'; readonly amounts: Figures; readonly due: number; readonly replayed: boolean }
  /** The headline by code; '' where it is of no code. */
  | { readonly kind: 'refused'; readonly reasons: Readonly<Record<string, string>>; readonly replayed: boolean }
  | { readonly kind: 'hold'; readonly status: string }
  /** By redemption. */
  | { readonly kind: 'reversed'; readonly amounts: Figures; readonly replayed: boolean }
  | { readonly kind: 'issued'; readonly code: string; readonly replayed: boolean }
  /** Codes that the order earned, by campaign. */
  | { readonly kind: 'recorded'; readonly issued: Readonly<Record<string, readonly string[]>> }
  | {
      readonly kind: 'refunded';
      readonly amounts: Figures;
      readonly takenBack: readonly string[];
      readonly kept: readonly string[];
      readonly replayed: boolean;
    };

/** What stands after a command, as anybody may look it up. */
export interface Shown {
  readonly budgets: Readonly<Record<string, { readonly used: number; readonly held: number }>>;
  /** Of the limits that bind a campaign as a whole, in their order. */
  readonly limits: Readonly<Record<string, readonly { readonly used: number; readonly held: number }[]>>;
  readonly counts: Readonly<
    Record<string, { readonly issued: number; readonly redeemed: number; readonly reversed: number; readonly rejected: number }>
  >;
  readonly vouchers: Readonly<Record<string, { readonly status: string; readonly balance: number | null; readonly held: number | null }>>;
}
