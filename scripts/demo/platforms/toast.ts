import { startToast } from '../../../plugins/toast/test/stand-in.ts';
import type { Connection, Platform } from './platform.ts';

const RESTAURANT = 'restaurant-one';
const ZONE = 'America/Los_Angeles';

/** 20261130, on the restaurant's own calendar. */
const today = (): number => Number(new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date()).replaceAll('-', ''));

export const toast: Platform = {
  id: 'toast',
  title: 'Toast',
  async start() {
    const group = await startToast();
    const rung: string[] = [];
    let webhookUrl = '';
    return {
      url: group.url,
      settings: group.settings,
      connected(connection: Connection) {
        webhookUrl = connection.webhookUrl;
      },
      till: {
        place: { name: 'San Diego', currency: 'USD', timeZone: ZONE },
        location: RESTAURANT,
        ring({ plates, price, voucher }) {
          const id = `order-${rung.length + 1}`;
          const off = voucher?.off ?? 0;
          group.addOrder({
            guid: id,
            openedDate: new Date().toISOString().replace('Z', '+0000'),
            businessDate: today(),
            checks: [
              {
                guid: `${id}-check`,
                lines: [{ guid: `${id}-plates`, name: 'Plate of the day', cents: price, quantity: plates, plu: 'PLATO' }],
                discounts: voucher ? [{ guid: `${id}-voucher`, name: 'Voucher', cents: off, code: voucher.code }] : [],
                payments: [{ guid: `${id}-card`, cents: plates * price - off }],
              },
            ],
          });
          rung.push(id);
          return id;
        },
        tell: async (id) => [await group.deliverOrder(id, { url: webhookUrl })],
        async giveBack(id) {
          group.voidOrder(id);
          return [await group.deliverOrder(id, { url: webhookUrl })];
        },
        truth: () => ({
          orders: rung.length,
          redeemed: rung.flatMap((id) => Object.values(group.truth(id).discounts)).reduce((sum, cents) => sum + cents, 0),
        }),
      },
      close: group.close,
    };
  },
};
