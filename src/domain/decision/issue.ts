import type { BusinessClock } from '../shared/business-time.ts';
import type { CampaignTerms, CounterState, CounterUse, Failure } from './decision.types.ts';

/** Where and to whom a voucher is issued. Without a store, limits per STORE count nothing; likewise order. */
export interface IssueSetting {
  /** The hub's clock, epoch ms. */
  readonly now: number;
  /** The store's business time, else that of the campaign's first store or of the hub. */
  readonly clock: BusinessClock;
  readonly storeId: string | null;
  readonly tillKey: string | null;
  readonly customerId: string;
}

/** What issuing one voucher takes: ISSUED limits of the campaign and its main, and the count of issued ones. */
export function issueCounters(campaign: CampaignTerms, setting: IssueSetting): readonly CounterUse[] { void campaign; void setting; throw new Error('not built yet'); }
/** Why none may be issued now; empty = may be. */
export function issueFailures(campaign: CampaignTerms, setting: IssueSetting, counter: (key: string) => CounterState): readonly Failure[] {
  void campaign; void setting; void counter; throw new Error('not built yet');
}
