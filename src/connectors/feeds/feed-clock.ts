import type { BusinessClock } from '../../domain/shared/business-time.ts';
import { type Runnable, type StoreSource, storeIdOf } from '../runner/connector-runner.ts';
import { storeClock } from '../runner/store-clock.ts';

/** By whose business days a feed is read: of the location's store, else the connection's own, else the first that its settings name. */
export const feedClock = (stores: StoreSource, live: Pick<Runnable, 'settings' | 'storeId'>, location: string): Promise<BusinessClock> =>
  storeClock(stores, storeIdOf(live, location === '' ? undefined : location) ?? Object.values(live.settings.locations)[0]);
