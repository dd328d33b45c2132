import { HOME_CLOCK } from '../../domain/campaign/campaign.rules.ts';
import type { BusinessClock } from '../../domain/shared/business-time.ts';
import type { StoreSource } from './connector-runner.ts';

/** By whose business days it is reckoned: the store's, or home's where there is none. */
export async function storeClock(stores: StoreSource, storeId: string | undefined): Promise<BusinessClock> {
  if (storeId === undefined) return HOME_CLOCK;
  if (stores.terms(storeId) === undefined) await stores.refresh([storeId]);
  return stores.terms(storeId) ?? HOME_CLOCK;
}
