import type { Hub } from '../../domain/hub.ts';
import { sha256 } from '../../domain/shared/canonical.ts';
import { CONNECTORS, customerIntake } from './customer-intake.ts';
import type { FactIntake } from './fact-intake.ts';
import { platformOrder, revisionNumber } from './platform-order.ts';

const LONGEST_KEY = 255;

/** The domain's own doors for facts. */
export function hubIntake(hub: Pick<Hub, 'intake' | 'events' | 'customers'>): FactIntake {
  return {
    ...customerIntake(hub.customers),
    order: ({ connectionId, storeId, order, fetchedAt, customerId }) =>
      hub.intake.intake({ connectionId, storeId, order: platformOrder(order, fetchedAt, customerId) }),
    basketOf: ({ connectionId, storeId, order, fetchedAt }) =>
      hub.intake.basketOf({ connectionId, storeId, order: platformOrder(order, fetchedAt) }),
    orderGone: ({ connectionId, externalId, revision, fetchedAt }) =>
      hub.intake.gone({ connectionId, externalId, revision: revision === undefined ? null : revisionNumber(revision), fetchedAt }),
    event: ({ key, name, data, storeId, customerId }) => {
      return hub.events.record(CONNECTORS, {
        idempotencyKey: key.length > LONGEST_KEY ? sha256(key) : key,
        name,
        storeId,
        customer: customerId === null ? null : { id: customerId },
        data,
      });
    },
  };
}
