import type { CustomerRef } from '../redemption/redemption.types.ts';

/** A customer to be made or changed: found by id, else by phone or e-mail. Left out = unchanged, null = cleared. */
export interface CustomerDraft {
  readonly id?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly groups?: readonly string[] | null | undefined;
  /** YYYY-MM-DD */
  readonly birthday?: string | null | undefined;
  readonly anniversary?: string | null | undefined;
}

export interface CustomerRecord {
  readonly id: string;
  readonly name: string | null;
  /** E.164 */
  readonly phone: string | null;
  /** Lower case */
  readonly email: string | null;
  readonly groups: readonly string[];
  readonly birthday: string | null;
  readonly anniversary: string | null;
}

/** Exactly one. */
export type CustomerKey = { readonly id: string } | { readonly phone: string } | { readonly email: string };

/** What became of a reference. `given`: the order names somebody; `unknownId`: by an id that is nobody's. */
export interface ResolvedCustomer {
  readonly id: string | null;
  readonly given: boolean;
  readonly unknownId: boolean;
}

/** `create` makes a customer of an unknown phone or e-mail; `look` writes nothing. */
export type ResolveMode = 'create' | 'look';

export type { CustomerRef };
