import { HubError, type InputFault } from '../../domain/shared/errors.ts';
import type { StoreSource } from '../runner/connector-runner.ts';

/** NOT_FOUND with the paths of all stores that are not the hub's. */
export async function checkStores(stores: StoreSource, storeId: string | null, locations: Readonly<Record<string, string>>): Promise<void> {
  const wanted: [path: string, id: string][] = Object.entries(locations).map(([location, id]) => [
    `input.settings.locations.${location}`,
    id,
  ]);
  if (storeId !== null) wanted.unshift(['input.storeId', storeId]);
  const isUnknown = ([, id]: readonly [string, string]): boolean => stores.terms(id) === undefined;
  if (wanted.some(isUnknown)) await stores.refresh(wanted.filter(isUnknown).map(([, id]) => id));
  const faults: InputFault[] = wanted.filter(isUnknown).map(([path, id]) => ({ path, message: `There is no store with id ${id}.` }));
  const [first] = faults;
  if (first !== undefined) throw new HubError('NOT_FOUND', first.message, faults);
}
