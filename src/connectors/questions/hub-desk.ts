import type { Hub } from '../../domain/hub.ts';
import type { ConnectorDeskMeans } from './connector-desk.ts';

/** The domain's own doors for questions. */
export const hubDesk = (hub: Pick<Hub, 'desk' | 'stores' | 'campaigns'>): ConnectorDeskMeans => ({
  desk: hub.desk,
  store: (id) => hub.stores.terms(id),
  campaignName: (id) => hub.campaigns.terms(id)?.name ?? '',
});
