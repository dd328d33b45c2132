import type { VersionKey } from '../campaign/campaign-versions.ts';
import type { CounterState, EarlierCheckout, VoucherState } from '../decision/decision.types.ts';
import type { FactsAsked, LoadedFacts } from '../decision/facts-asked.ts';
import type { HeldContent } from '../hold/hold.types.ts';
import { orderKey } from '../shared/order-key.ts';
import type { Prepared, RedemptionCode } from './prepared.ts';

/** A hold as read, open until now passes `expiresAt` or its status says otherwise. */
export interface HoldState {
  readonly id: string;
  status: 'ACTIVE' | 'RELEASED' | 'REDEEMED' | 'EXPIRED';
  readonly codes: readonly string[];
  readonly source: string;
  readonly externalId: string;
  readonly storeId: string;
  readonly content: HeldContent;
  readonly expiresAt: number;
  readonly createdAt: number;
}

export interface StoredKey {
  readonly inputHash: string;
  readonly answer: unknown;
}

/** A voucher's row, or what stands for one that nobody touched. */
export interface VoucherRow {
  readonly stored: boolean;
  status: VoucherState['status'];
  uses: number;
  maxUses: number | null;
  holds: number;
  customerId: string | null;
  /** Under which version of its campaign it was issued; null = it was not. */
  termsVersion: number | null;
  validFrom: number | null;
  validUntil: number | null;
}

export interface CheckoutRow extends EarlierCheckout {
  readonly sequence: number;
}

const untouched = (): VoucherRow => ({
  stored: false,
  status: 'CREATED',
  uses: 0,
  maxUses: null,
  holds: 0,
  customerId: null,
  termsVersion: null,
  validFrom: null,
  validUntil: null,
});

export const voucherKey = (patternId: number, index: number): string => `${patternId}:${index}`;
export const idempotencyKey = (scope: string, key: string): string => JSON.stringify([scope, key]);

/**
 * What a batch is decided on. It changes while the batch is decided, so that a later request of the batch sees
 * what an earlier one took.
 */
export class DecisionState {
  readonly vouchers = new Map<string, VoucherRow>();
  readonly checkouts = new Map<string, CheckoutRow[]>();
  readonly keys = new Map<string, StoredKey>();
  readonly holds = new Map<string, HoldState>();
  readonly counters = new Map<string, { used: number; held: number; heldUntil: number | null }>();
  /** Counters of which something is held, and not read until when: what was refused for them cannot be told until it is. */
  readonly untold = new Set<string>();
  /** Counters that were asked for and not read: the decision is not worth anything until they are. */
  readonly missing = new Set<string>();
  /** Likewise versions of campaigns under which vouchers were issued. */
  readonly unread: VersionKey[] = [];
  /** Of whom more must be known; and what is. */
  readonly strangers = new Map<Prepared, FactsAsked>();
  readonly facts = new Map<Prepared, LoadedFacts>();

  /** To decide on, and to change while deciding: what was read stays as it is. */
  copy(): DecisionState {
    const copy = new DecisionState();
    for (const [key, row] of this.vouchers) copy.vouchers.set(key, { ...row });
    for (const [key, list] of this.checkouts) copy.checkouts.set(key, [...list]);
    for (const [key, stored] of this.keys) copy.keys.set(key, stored);
    for (const [key, hold] of this.holds) copy.holds.set(key, { ...hold });
    for (const [key, counter] of this.counters) copy.counters.set(key, { ...counter });
    for (const [item, facts] of this.facts) copy.facts.set(item, facts);
    return copy;
  }

  voucher(code: RedemptionCode): VoucherRow {
    const key = voucherKey(code.patternId, code.index);
    let row = this.vouchers.get(key);
    if (!row) {
      row = untouched();
      this.vouchers.set(key, row);
    }
    return row;
  }

  /** Own hold taken off. */
  counter(key: string, own: HoldState | null): CounterState {
    const row = this.counters.get(key);
    if (!row) {
      this.missing.add(key);
      return { used: 0, held: 0, heldUntil: null };
    }
    const mine =
      own?.status === 'ACTIVE' ? own.content.counters.filter((use) => use.key === key).reduce((sum, use) => sum + use.delta, 0) : 0;
    return { used: row.used, held: row.held - mine, heldUntil: row.heldUntil };
  }

  checkoutsOf(source: string, externalId: string): CheckoutRow[] {
    const key = orderKey(source, externalId);
    let list = this.checkouts.get(key);
    if (!list) {
      list = [];
      this.checkouts.set(key, list);
    }
    return list;
  }

  /** The open hold of this very order, if there is one. */
  holdOfOrder(source: string, externalId: string, now: number): HoldState | null {
    for (const hold of this.holds.values())
      if (hold.status === 'ACTIVE' && hold.expiresAt > now && hold.source === source && hold.externalId === externalId) return hold;
    return null;
  }
}
