import { startSquare } from '../../../plugins/square/test/stand-in.ts';
import type { Platform } from './platform.ts';

export const square: Platform = {
  id: 'square',
  title: 'Square',
  async start() {
    const seller = await startSquare();
    const [location = ''] = seller.locations;
    const rung = new Map<string, string>();
    return {
      url: seller.url,
      settings: seller.ownSettings,
      till: {
        place: { name: 'Granada', currency: 'EUR', timeZone: 'Europe/Madrid' },
        location,
        ring({ plates, price, voucher }) {
          const quantity = String(plates);
          const id = seller.addOrder({
            location,
            lines: [{ name: 'Plato del día', price, quantity, catalogId: 'PLATO' }],
            discounts: voucher ? [{ name: `Vale ${voucher.code}`, amount: voucher.off }] : [],
            payments: [{ amount: plates * price - (voucher?.off ?? 0) }],
          });
          rung.set(id, quantity);
          return id;
        },
        tell: (id) => seller.deliverOrder(id),
        giveBack(id) {
          const { paid = 0 } = seller.truth().find((sale) => sale.id === id) ?? {};
          return seller.deliverRefund(seller.refund(id, [{ line: 0, quantity: rung.get(id) ?? '1' }], paid));
        },
        truth() {
          const sales = seller.truth();
          const standing = sales.filter(({ paid, refunded }) => refunded < paid);
          return { orders: sales.length, redeemed: standing.reduce((sum, { discount }) => sum + discount, 0) };
        },
      },
      publishes: { takes: 'WORD', words: ['discount', 'discounts'], arrived: () => seller.catalog.all('DISCOUNT').length },
      close: seller.close,
    };
  },
};
