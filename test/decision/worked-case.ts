import type { CampaignTerms, CounterState } from '../../src/domain/decision/decision.types.ts';
import type { Basket, BasketLine } from '../../src/domain/order/basket.types.ts';
import { campaign } from './builders.ts';

/** What is expected, reckoned by hand: amounts in minor units, shares as "line/unit:amount", tax as "rate:base+tax". */
export interface WorkedCase {
  readonly title: string;
  readonly why: string;
  readonly lines: readonly BasketLine[];
  readonly order?: Partial<Basket>;
  readonly vouchers: readonly { readonly code: string; readonly says: string; readonly terms: CampaignTerms }[];
  /** What was used or held before, by counter. */
  readonly counters?: Readonly<Record<string, Partial<CounterState>>>;
  /** By code. */
  readonly gives: Readonly<Record<string, { readonly amount: number; readonly shares: string }>>;
  readonly due: number;
  readonly tax: string;
}

export const voucherOf = (code: string, says: string, ...terms: Parameters<typeof campaign>) => ({
  code,
  says,
  terms: campaign(terms[0], { id: `cmp_${code}`, ...terms[1] }),
});
