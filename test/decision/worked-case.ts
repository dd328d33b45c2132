import { decide } from '../../src/domain/decision/decide.ts';
import type { CampaignTerms, CodeOutcome, CounterState, CustomerFacts, Decision } from '../../src/domain/decision/decision.types.ts';
import type { Basket, BasketLine } from '../../src/domain/order/basket.types.ts';
import type { ReasonCode } from '../../src/domain/shared/reasons.ts';
import { basket, campaign, countersOf, earlier, found, input } from './builders.ts';

/** What is expected, reckoned by hand: amounts in minor units, shares as "line/unit:amount", tax as "rate:base+tax". */
export interface WorkedCase {
  readonly title: string;
  readonly why: string;
  readonly lines: readonly BasketLine[];
  readonly order?: Partial<Basket>;
  /** With the offset of the store's clock; left out, the time does not matter. */
  readonly placedAt?: string;
  readonly guest?: { readonly birthday: string };
  readonly vouchers: readonly WorkedVoucher[];
  /** What was used or held before, by counter. */
  readonly counters?: Readonly<Record<string, Partial<CounterState>>>;
  /** By code. */
  readonly gives: Readonly<Record<string, { readonly amount: number; readonly shares: string }>>;
  readonly refused?: Readonly<Record<string, ReasonCode>>;
  readonly due: number;
  readonly tax: string;
}

export interface WorkedVoucher {
  readonly code: string;
  readonly says: string;
  readonly terms: CampaignTerms;
  /** Redeemed on the order before the others. */
  readonly earlier?: true;
}

export const voucherOf = (code: string, says: string, ...terms: Parameters<typeof campaign>): WorkedVoucher => ({
  code,
  says,
  terms: campaign(terms[0], { id: `cmp_${code}`, ...terms[1] }),
});
export const redeemedBefore = (voucher: WorkedVoucher): WorkedVoucher => ({ ...voucher, earlier: true });

/** Outcomes in the order of the vouchers; the basket with all that was given. */
export function decideCase(worked: WorkedCase): Decision {
  const ask = (vouchers: readonly WorkedVoucher[], before: Parameters<typeof earlier>[0][]): Decision =>
    decide(
      input(
        worked.lines,
        vouchers.map(({ code, terms }) => found(code, terms)),
        {
          basket: basket(worked.lines, worked.order),
          counter: countersOf(worked.counters ?? {}),
          earlier: before.map(earlier),
          ...(worked.placedAt !== undefined && { placedAt: Date.parse(worked.placedAt) }),
          ...(worked.guest && { customer: { id: 'cus_1', unknownId: false, given: true }, customerFacts: factsOf(worked.guest) }),
        },
      ),
    );
  const first = worked.vouchers.filter((voucher) => voucher.earlier);
  if (first.length === 0) return ask(worked.vouchers, []);
  const before = ask(first, []);
  const later = ask(
    worked.vouchers.filter((voucher) => !voucher.earlier),
    [leftBehind(before, worked.lines)],
  );
  const outcomes = worked.vouchers.map(({ code }) => outcomeOf(before, code) ?? outcomeOf(later, code));
  return { ...later, outcomes: outcomes.filter((outcome) => outcome !== undefined) };
}

const outcomeOf = (decision: Decision, code: string): CodeOutcome | undefined => decision.outcomes.find((outcome) => outcome.code === code);

function leftBehind(decision: Decision, lines: readonly BasketLine[]): NonNullable<Parameters<typeof earlier>[0]> {
  const applied = decision.outcomes
    .flatMap((outcome) => (outcome.outcome === 'applicable' ? [outcome] : []))
    .sort((a, b) => a.step - b.step);
  return {
    codes: applied.map(({ code }) => code),
    voucherCount: applied.length,
    tendered: applied.some(({ campaign: { incentive } }) => incentive !== null && 'tender' in incentive),
    lockedDiscounts: applied.some(({ kind }) => kind === 'ORDER_DISCOUNT')
      ? Object.fromEntries(lines.map(({ id, discount }) => [id, discount]))
      : null,
    applied,
  };
}

const factsOf = ({ birthday }: NonNullable<WorkedCase['guest']>): CustomerFacts => ({
  groups: [],
  birthday,
  anniversary: null,
  createdAt: 0,
  orders: 0,
  segmentIds: [],
});
