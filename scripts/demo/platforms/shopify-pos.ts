import { startShopify } from '../../../plugins/shopify-pos/test/stand-in.ts';
import type { Platform } from './platform.ts';

export const shopifyPos: Platform = {
  id: 'shopify-pos',
  title: 'Shopify POS',
  async start() {
    const shop = await startShopify();
    const sold = new Map<string, number>();
    return {
      url: shop.url,
      settings: { ...shop.settings, clientId: shop.clientId },
      till: {
        place: { name: 'Sevilla', currency: 'EUR', timeZone: 'Europe/Madrid' },
        location: '7001',
        ring({ plates, price, voucher }) {
          const id = shop.addOrder({
            lines: [{ title: 'Plato del día', sku: 'PLATO', quantity: plates, unit: price }],
            discounts: voucher ? [{ kind: 'code', label: voucher.code, shares: [voucher.off] }] : [],
          });
          sold.set(id, plates);
          return id;
        },
        tell: (id) => shop.deliverOrder('orders/updated', id),
        giveBack(id) {
          shop.refund(id, [{ line: 0, quantity: sold.get(id) ?? 0 }], shop.truth(id).paid);
          return shop.deliverOrder('orders/updated', id);
        },
        truth() {
          const sales = [...sold.keys()].map(shop.truth);
          const standing = sales.filter(({ paid, refunded }) => refunded < paid);
          return { orders: sales.length, redeemed: standing.flatMap(({ codes }) => codes).reduce((sum, { amount }) => sum + amount, 0) };
        },
      },
      publishes: {
        takes: 'CODES',
        words: ['code', 'codes'],
        arrived: () => [...shop.shop.discounts.values()].flatMap(({ codes }) => codes).length,
      },
      close: shop.close,
    };
  },
};
