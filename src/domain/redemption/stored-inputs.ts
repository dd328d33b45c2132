import { ownersOf } from '../decision/counters.ts';
import type {
  ApplicableDraft,
  CampaignTerms,
  CounterState,
  DecisionInput,
  EarlierCheckout,
  VoucherState,
} from '../decision/decision.types.ts';

/** What a voucher's row says of it; the rest of its state follows from its code and its campaign. */
export type VoucherContent = Pick<VoucherState, 'status' | 'uses' | 'customerId' | 'validFrom' | 'validUntil' | 'holds'>;

/** A voucher that nobody touched. */
export const UNTOUCHED: VoucherContent = { status: 'CREATED', uses: 0, customerId: null, validFrom: null, validUntil: null, holds: [] };

/** What a decision looked at besides the basket and the terms of store and campaigns. Members left out stand at their default. */
export interface StoredInputs {
  /** The versions of main campaigns, by id. */
  readonly mains?: Readonly<Record<string, number>>;
  /** By code: the versions under which a voucher was issued, and to whose promise it is held. */
  readonly promises?: Readonly<Record<string, NonNullable<CampaignTerms['promise']>>>;
  /** By code: what differs from a voucher that nobody touched. */
  readonly vouchers?: Readonly<Record<string, Partial<VoucherContent>>>;
  /** Counters that were read. Those that were not are known to have stayed below their ceilings: the commit has seen to it. */
  readonly counters?: Readonly<Record<string, CounterState>>;
  /** Earlier redeems on the same order of which something stood. */
  readonly earlier?: readonly EarlierCheckout[];
  readonly ownHoldId?: string;
  /** How it was to be paid, where a campaign asked. */
  readonly payments?: NonNullable<DecisionInput['payments']>;
  /** What was known of the customer, where a campaign asked: sealed, for it is personal. */
  readonly customer?: string;
}

/** Binds the sealed facts to what they are. */
export const CUSTOMER_CONTEXT = 'customer of a decision';

/** What was looked at, and the counters that were read for it. */
export interface Seen {
  readonly input: DecisionInput;
  readonly counters: ReadonlyMap<string, CounterState>;
  seal(text: string, context: string): string;
}

/** As JSON; null where nothing was looked at but what is kept elsewhere, as with most redeems. */
export function inputsText({ input, counters, seal }: Seen, outcomes: readonly ApplicableDraft[]): string | null {
  const mains = outcomes.flatMap(({ campaign: { main } }) => (main === null ? [] : [[main.id, main.version] as const]));
  const promises = outcomes.flatMap(({ code, campaign: { promise } }) => (promise ? [[code, promise] as const] : []));
  const vouchers = outcomes.flatMap(({ code, voucher }) => {
    const touched = touchOf(voucher);
    return touched === null ? [] : [[code, touched] as const];
  });
  const earlier = input.earlier.filter((checkout) => checkout.voucherCount > 0);
  const facts = input.customerFacts ?? null;
  const payments = outcomes.some(({ campaign }) => asksForPayments(campaign)) ? (input.payments ?? []) : [];
  if (
    mains.length + promises.length + vouchers.length + earlier.length + counters.size + payments.length === 0 &&
    input.ownHoldId === null &&
    facts === null
  )
    return null;
  const stored: StoredInputs = {
    ...(mains.length > 0 && { mains: Object.fromEntries(mains) }),
    ...(promises.length > 0 && { promises: Object.fromEntries(promises) }),
    ...(vouchers.length > 0 && { vouchers: Object.fromEntries(vouchers) }),
    ...(counters.size > 0 && { counters: Object.fromEntries(counters) }),
    ...(earlier.length > 0 && { earlier: earlier.map(earlierOf) }),
    ...(input.ownHoldId !== null && { ownHoldId: input.ownHoldId }),
    ...(payments.length > 0 && { payments: payments.map(({ method, amount }) => ({ method, amount })) }),
    ...(facts !== null && { customer: seal(JSON.stringify(facts), CUSTOMER_CONTEXT) }),
  };
  return JSON.stringify(stored);
}

const asksForPayments = (campaign: CampaignTerms): boolean =>
  ownersOf(campaign).some(({ conditions }) => conditions.paymentMethods !== undefined || conditions.expression !== undefined);

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

/** As it stood then; where it stands among the redeems of the order says the checkout. */
const earlierOf = ({ sequence: _, ...earlier }: EarlierCheckout & { readonly sequence?: number }): EarlierCheckout => earlier;
