import { HOME_CLOCK } from '../../domain/campaign/campaign.rules.ts';
import type { BusinessClock } from '../../domain/shared/business-time.ts';
import { type Runnable, type StoreSource, storeIdOf } from '../runner/connector-runner.ts';

/** By whose business days a feed is read: of the location's store, else the connection's own, else the first that its settings name. */
export async function storeClock(
  stores: StoreSource,
  live: Pick<Runnable, 'settings' | 'storeId'>,
  location: string,
): Promise<BusinessClock> {
  const id = storeIdOf(live, location === '' ? undefined : location) ?? Object.values(live.settings.locations)[0];
  if (id === undefined) return HOME_CLOCK;
  if (stores.terms(id) === undefined) await stores.refresh([id]);
  return stores.terms(id) ?? HOME_CLOCK;
}
