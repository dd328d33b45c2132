import type { ConnectedStore } from '@valehub/connector-kit';
import type { ParsedSettings } from '@valehub/connector-kit/host';

/** By the platform's location; the connection's own under the empty name. */
export type ConnectedStores = Readonly<Record<string, ConnectedStore>>;

/** The store of a location. A connection that names no locations is one store throughout. */
export function storeAt(
  { stores, settings }: { readonly stores: ConnectedStores; readonly settings: ParsedSettings['settings'] },
  location?: string,
): ConnectedStore | undefined {
  if (location === undefined || Object.keys(settings.locations).length === 0) return stores[''];
  return stores[location];
}
