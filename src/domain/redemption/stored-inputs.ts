import type { ApplicableDraft, CounterState, DecisionInput, EarlierCheckout, VoucherState } from '../decision/decision.types.ts';

/** What a voucher's row says of it; the rest of its state follows from its code and its campaign. */
export type VoucherContent = Pick<VoucherState, 'status' | 'uses' | 'customerId' | 'validFrom' | 'validUntil' | 'holds'>;

/** A voucher that nobody touched. */
export const UNTOUCHED: VoucherContent = { status: 'CREATED', uses: 0, customerId: null, validFrom: null, validUntil: null, holds: [] };

/** What a decision looked at besides the basket and the terms of store and campaigns. Members left out stand at their default. */
export interface StoredInputs {
  /** The versions of main campaigns, by id. */
  readonly mains?: Readonly<Record<string, number>>;
  /** By code: what differs from a voucher that nobody touched. */
  readonly vouchers?: Readonly<Record<string, Partial<VoucherContent>>>;
  /** Counters that were read. Those that were not are known to have stayed below their ceilings: the commit has seen to it. */
  readonly counters?: Readonly<Record<string, CounterState>>;
  /** Earlier redeems on the same order of which something stood. */
  readonly earlier?: readonly EarlierCheckout[];
  readonly ownHoldId?: string;
}

/** What was looked at, and the counters that were read for it. */
export interface Seen {
  readonly input: DecisionInput;
  readonly counters: ReadonlyMap<string, CounterState>;
}

/** As JSON; null where nothing was looked at but what is kept elsewhere, as with most redeems. */
export function inputsText({ input, counters }: Seen, outcomes: readonly ApplicableDraft[]): string | null {
  const mains = outcomes.flatMap(({ campaign: { main } }) => (main === null ? [] : [[main.id, main.version] as const]));
  const vouchers = outcomes.flatMap(({ code, voucher }) => {
    const touched = touchOf(voucher);
    return touched === null ? [] : [[code, touched] as const];
  });
  const earlier = input.earlier.filter((checkout) => checkout.voucherCount > 0);
  if (mains.length + vouchers.length + earlier.length + counters.size === 0 && input.ownHoldId === null) return null;
  const stored: StoredInputs = {
    ...(mains.length > 0 && { mains: Object.fromEntries(mains) }),
    ...(vouchers.length > 0 && { vouchers: Object.fromEntries(vouchers) }),
    ...(counters.size > 0 && { counters: Object.fromEntries(counters) }),
    ...(earlier.length > 0 && { earlier: earlier.map(earlierOf) }),
    ...(input.ownHoldId !== null && { ownHoldId: input.ownHoldId }),
  };
  return JSON.stringify(stored);
}

function touchOf({ status, uses, customerId, validFrom, validUntil, holds }: VoucherState): Partial<VoucherContent> | null {
  if (status === 'CREATED' && uses === 0 && customerId === null && validFrom === null && validUntil === null && holds.length === 0)
    return null;
  return {
    ...(status !== 'CREATED' && { status }),
    ...(uses !== 0 && { uses }),
    ...(customerId !== null && { customerId }),
    ...(validFrom !== null && { validFrom }),
    ...(validUntil !== null && { validUntil }),
    ...(holds.length > 0 && { holds }),
  };
}

const earlierOf = ({
  codes,
  voucherCount,
  tendered,
  groups,
  exclusive,
  lockedDiscounts,
  applied = [],
}: EarlierCheckout): EarlierCheckout => ({
  codes,
  voucherCount,
  tendered,
  groups,
  exclusive,
  lockedDiscounts,
  applied,
});
