import type { Actor } from '../access/roles.ts';
import type { LoadedFacts } from '../decision/facts-asked.ts';
import type { Basket } from '../order/basket.types.ts';
import type { EntryMode } from './redemption.entity.ts';
import type { OrderDraft } from './redemption.types.ts';

/** A code that exists, found without a database. */
export interface RedemptionCode {
  readonly found: 'code';
  readonly code: string;
  readonly patternId: number;
  readonly index: number;
  readonly campaignId: string;
  readonly shared: boolean;
}

export type CodeHit = RedemptionCode | { readonly found: 'malformed' | 'unknown' | 'checkFailed'; readonly code: string };

/** A redeem, hold or validate whose form is right, whose caller may ask it and whose customer is known. */
export interface Prepared {
  readonly action: 'REDEEM' | 'HOLD' | 'VALIDATE';
  readonly actor: Actor;
  readonly now: number;
  readonly placedAt: number;
  readonly businessDay: string;
  readonly order: OrderDraft;
  readonly basket: Basket;
  readonly customer: { readonly id: string | null; readonly unknownId: boolean; readonly given: boolean };
  /** Of that customer; null = nobody is known to ask. */
  readonly facts: LoadedFacts | null;
  /** Empty where a hold is redeemed: the hold has them. */
  readonly codes: readonly CodeHit[];
  readonly holdId: string | null;
  /** Idempotency: the mutation's name, the caller's key, what was asked. Unused by VALIDATE. */
  readonly scope: string;
  readonly key: string;
  readonly inputHash: string;
  readonly ttlSeconds: number;
  readonly tillId: string | null;
  readonly staffId: string | null;
  readonly entryMode: EntryMode;
  /** What a platform has given already, by code, in minor units: booked instead of what the rules reckon. */
  readonly booked: Readonly<Record<string, number>> | null;
}
