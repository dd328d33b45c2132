import type { Hub } from '../../domain/hub.ts';
import { readOrder } from '../../domain/order/order-writer.ts';
import { sha256 } from '../../domain/shared/canonical.ts';
import { CONNECTORS, customerIntake } from './customer-intake.ts';
import type { FactIntake } from './fact-intake.ts';
import { platformOrder } from './platform-order.ts';

const LONGEST_KEY = 255;

/** The domain's own doors for facts. */
export function hubIntake(hub: Pick<Hub, 'intake' | 'events' | 'customers' | 'database'>): FactIntake {
  return {
    ...customerIntake(hub.customers),
    order: ({ connectionId, storeId, order, fetchedAt, customerId }) =>
      hub.intake.intake({ connectionId, storeId, order: platformOrder(order, fetchedAt, customerId) }),
    basketOf: ({ connectionId, storeId, order, fetchedAt }) =>
      hub.intake.basketOf({ connectionId, storeId, order: platformOrder(order, fetchedAt) }),
    async orderGone({ connectionId, externalId, fetchedAt }) {
      const known = await readOrder(hub.database.pool, connectionId, externalId);
      if (known === null || known.state === 'VOIDED') return;
      const { basket } = known;
      await hub.intake.intake({
        connectionId,
        storeId: known.storeId,
        order: {
          externalId,
          revision: known.revision === null ? fetchedAt : Math.max(known.revision + 1, fetchedAt),
          state: 'VOIDED',
          placedAt: known.placedAt,
          currency: basket.currency,
          pricesIncludeTax: basket.pricesIncludeTax,
          channel: basket.channel,
          customer: null,
          lines: basket.lines,
          payments: known.payments,
          discounts: [],
          texts: [],
          refunds: [],
        },
      });
    },
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
