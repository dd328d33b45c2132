import { startReceiver } from '../../../plugins/webhooks/test/stand-in.ts';
import type { Connection, Platform } from './platform.ts';

const EVENTS: readonly string[] = ['VOUCHER_REDEEMED', 'REDEMPTION_REVERSED', 'VOUCHER_REJECTED'];
const EUR = (minor: number) => ({ minor, currency: 'EUR' });

export const webhooks: Platform = {
  id: 'webhooks',
  title: 'Webhooks',
  async start() {
    const told: { hub?: string; readonly location: string } = { location: 'barra' };
    const house = await startReceiver(told);
    const rung: Parameters<typeof house.addOrder>[0][] = [];
    return {
      url: house.url,
      settings: house.settings,
      connected(connection: Connection) {
        told.hub = connection.webhookUrl;
      },
      till: {
        place: { name: 'Cádiz', currency: 'EUR', timeZone: 'Europe/Madrid' },
        location: told.location,
        ring({ plates, price, voucher }) {
          const id = `check-${rung.length + 1}`;
          rung.push({
            externalId: id,
            lines: [
              {
                id: '1',
                sku: 'PLATO',
                name: 'Plato del día',
                quantity: String(plates),
                unitPrice: EUR(price),
                gross: EUR(plates * price),
                discount: EUR(voucher?.off ?? 0),
              },
            ],
            discounts: voucher ? [{ externalId: 'vale', name: 'Vale', amount: EUR(voucher.off), texts: [voucher.code] }] : [],
          });
          return id;
        },
        async tell(id) {
          const kept = house.orders.get(id);
          const draft = rung.find(({ externalId }) => externalId === id);
          if (kept) return [await house.send('order.paid', kept)];
          return draft ? [await house.addOrder(draft)] : [];
        },
        giveBack: async (id) => [await house.voidOrder(id)],
        truth: () => ({
          orders: house.orders.size,
          redeemed: [...house.orders.values()]
            .filter(({ state }) => state !== 'VOIDED')
            .flatMap(({ discounts }) => discounts)
            .reduce((sum, { amount }) => sum + amount.minor, 0),
        }),
      },
      receives: {
        verb: 'events.push',
        words: ['event', 'events'],
        by: { events: EVENTS },
        isDue: ({ type }) => EVENTS.includes(type),
        arrived: () => house.received.length,
      },
      answer: async () => [`${house.received.length} events have come, each proven by its signature; ${house.refused()} were turned away.`],
      close: house.close,
    };
  },
};
