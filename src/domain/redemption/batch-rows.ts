import { columnsOf } from '../../database/array-literal.ts';
import type { CounterUse } from '../decision/decision.types.ts';
import { type LedgerDraft } from '../ledger/ledger.types.ts';
import { eventRow } from '../ledger/ledger-writer.ts';
import { voucherKey } from './state.ts';

interface VoucherMove {
  pattern_id: number;
  idx: number;
  code: string;
  campaign_id: string;
  uses: number;
  holds: number;
  max_uses: number | null;
  locked: boolean;
  at: string;
}

interface CounterMove {
  key: string;
  used: number;
  held: number;
  max: number | null;
}

// Columns in the order in which write-batch.sql unnests them.
const COUNTER = ['key', 'used', 'held', 'max'] as const;
const TERM = ['kind', 'id', 'version'] as const;
const VOUCHER = ['pattern_id', 'idx', 'code', 'campaign_id', 'uses', 'holds', 'max_uses', 'locked', 'at'] as const;
const CHECKOUT = [
  ...(['id', 'source', 'external_id', 'sequence', 'store_id', 'customer_id', 'scope', 'redeem_key', 'input_hash', 'business_day'] as const),
  ...(['basket', 'priced', 'locked_discounts', 'stacking_groups', 'exclusive', 'placed_at', 'created_at'] as const),
  ...(['actor_id', 'store_version', 'rule_version', 'inputs'] as const),
] as const;
const REDEMPTION = [
  ...(['id', 'checkout_id', 'campaign_id', 'campaign_version', 'pattern_id', 'idx', 'code', 'kind', 'tax_class'] as const),
  ...(['amount', 'reckoned', 'currency', 'store_id', 'customer_id', 'business_day', 'redeemed_at'] as const),
  ...(['till_id', 'staff_id', 'entry_mode', 'step'] as const),
  ...(['order_source', 'order_external_id', 'taken', 'voucher_id', 'owner_id'] as const),
] as const;
const ALLOCATION = ['redemption_id', 'place', 'line_id', 'unit', 'tax_rate', 'amount'] as const;

type RowOf<Columns extends readonly string[]> = { readonly [name in Columns[number]]: string | number | boolean | null };

/** The rows of one batch, as write-batch.sql takes them: vouchers and counters are summed up, the rest is listed. */
export class BatchRows {
  readonly keys: unknown[] = [];
  readonly checkouts: RowOf<typeof CHECKOUT>[] = [];
  readonly redemptions: RowOf<typeof REDEMPTION>[] = [];
  readonly allocations: RowOf<typeof ALLOCATION>[] = [];
  readonly rejections: unknown[] = [];
  readonly #events: unknown[] = [];
  readonly #vouchers = new Map<string, VoucherMove>();
  readonly #counters = new Map<string, CounterMove>();
  readonly #terms = new Map<string, { kind: 'campaign' | 'store'; id: string; version: number }>();

  event(draft: LedgerDraft): void {
    this.#events.push(eventRow(draft));
  }

  /** The decision hangs on this version; the write checks that it is still the one. */
  term(kind: 'campaign' | 'store', id: string, version: number): void {
    // Decisions of one batch may hang on different versions: then the older one has to fail.
    this.#terms.set(`${id} ${version}`, { kind, id, version });
  }

  /** Uses and holds are differences. */
  voucher(move: VoucherMove): void {
    const key = voucherKey(move.pattern_id, move.idx);
    const sum = this.#vouchers.get(key);
    if (!sum) {
      this.#vouchers.set(key, move);
      return;
    }
    sum.uses += move.uses;
    sum.holds += move.holds;
    sum.locked ||= move.locked;
    if (move.uses > 0) sum.max_uses = move.max_uses;
  }

  counter(use: CounterUse, kind: 'used' | 'held', times: 1 | -1 = 1): void {
    let sum = this.#counters.get(use.key);
    if (!sum) {
      sum = { key: use.key, used: 0, held: 0, max: null };
      this.#counters.set(use.key, sum);
    }
    sum[kind] += times * use.delta;
    // Giving back is never refused, whatever the ceiling became meanwhile.
    if (times === -1) return;
    // Takers of one sum may have ceilings of their own: each must fit after the ones before it, so the end may be as high as they lead.
    const ceiling = Math.min((sum.max ?? Number.POSITIVE_INFINITY) + use.delta, use.max ?? Number.POSITIVE_INFINITY);
    sum.max = Number.isFinite(ceiling) ? ceiling : null;
  }

  /** Whether a voucher nobody read may take this many more uses: the write only guards vouchers that have a row. */
  fits(patternId: number, index: number, maxUses: number | null): boolean {
    const taken = this.#vouchers.get(voucherKey(patternId, index))?.uses ?? 0;
    return maxUses === null || taken + 1 <= maxUses;
  }

  get empty(): boolean {
    return this.keys.length === 0 && this.checkouts.length === 0 && this.rejections.length === 0;
  }

  get vouchers(): VoucherMove[] {
    return [...this.#vouchers.values()];
  }

  /** Those that move. */
  get counters(): CounterMove[] {
    return [...this.#counters.values()].filter((move) => move.used !== 0 || move.held !== 0 || move.max !== null);
  }

  get terms(): { kind: 'campaign' | 'store'; id: string; version: number }[] {
    return [...this.#terms.values()];
  }

  /** The parameters of write-batch.sql: lists that are mostly empty as JSON, the others by column. */
  values(): string[] {
    return [
      ...[this.keys, this.rejections, this.#events].map((rows) => JSON.stringify(rows)),
      ...columnsOf(this.counters, COUNTER),
      ...columnsOf(this.terms, TERM),
      ...columnsOf(this.vouchers, VOUCHER),
      ...columnsOf(this.checkouts, CHECKOUT),
      ...columnsOf(this.redemptions, REDEMPTION),
      ...columnsOf(this.allocations, ALLOCATION),
    ];
  }
}
