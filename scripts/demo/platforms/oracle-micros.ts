import { startSimphony } from '../../../plugins/oracle-micros/test/stand-in.ts';
import type { Platform } from './platform.ts';

export const oracleMicros: Platform = {
  id: 'oracle-micros',
  title: 'Oracle MICROS Simphony',
  async start() {
    const enterprise = await startSimphony();
    const [location = ''] = enterprise.places;
    // Oracle calls addresses on the Internet only. On this machine, as for any house without one, the sweep brings the checks.
    return {
      url: enterprise.url,
      settings: enterprise.settings,
      misses: 'Simphony notifies only https addresses',
      till: {
        place: { name: 'Jerez', currency: 'EUR', timeZone: 'Europe/Madrid' },
        location,
        ring: ({ plates, price, voucher }) =>
          enterprise.addOrder({
            place: location,
            dishes: [{ number: 101, name: 'Plato del día', quantity: String(plates), price }],
            discounts: voucher ? [{ number: 80, name: 'Vale', amount: voucher.off, text: voucher.code }] : [],
            tenders: [{ number: 1, name: 'Efectivo', amount: plates * price - (voucher?.off ?? 0) }],
          }),
        truth: () => ({
          orders: enterprise.truth().length,
          redeemed: enterprise.truth().reduce((sum, { discount }) => sum + discount, 0),
        }),
      },
      publishes: { takes: 'WORD', words: ['discount', 'discounts'], arrived: () => enterprise.discounts.size },
      close: enterprise.close,
    };
  },
};
