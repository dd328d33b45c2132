import { startShopify } from '../../../plugins/shopify-pos/test/stand-in.ts';
import type { Platform } from './platform.ts';

export const shopifyPos: Platform = {
  id: 'shopify-pos',
  title: 'Shopify POS',
  async start() {
    const shop = await startShopify();
    const sold: string[] = [];
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
          sold.push(id);
          return id;
        },
        tell: (id) => shop.deliverOrder('orders/updated', id),
        truth: () => ({
          orders: sold.length,
          redeemed: sold.flatMap((id) => shop.truth(id).codes).reduce((sum, { amount }) => sum + amount, 0),
        }),
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
