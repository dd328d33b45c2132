import { type SquareCheck, SquarePlatform } from '../square-platform.ts';
import type { Platform } from './platform.ts';

const LOCATION = 'LOC-GRANADA';

export const square: Platform = {
  id: 'square',
  title: 'Square',
  async start() {
    const platform = await SquarePlatform.start();
    const checks: SquareCheck[] = [];
    return {
      url: platform.url,
      settings: {
        accessToken: 'demo-access-token',
        webhookSignatureKey: platform.signatureKey,
        environment: 'sandbox',
        apiBaseUrl: platform.url,
      },
      connected({ webhookUrl }) {
        platform.webhookUrl = webhookUrl;
      },
      till: {
        place: { name: 'Granada', currency: 'EUR', timeZone: 'Europe/Madrid' },
        location: LOCATION,
        ring({ plates, price, voucher }) {
          const id = `CHECK-${checks.length + 1}`;
          const discount = voucher && { name: `Vale ${voucher.code}`, amount: voucher.off };
          checks.push({ id, location: LOCATION, plates, price, discount, state: 'COMPLETED', version: 2, returned: 0 });
          return id;
        },
        async tell(id) {
          const check = checks.find((one) => one.id === id);
          if (!check) return [];
          await platform.tell(check, ['order.updated', 'payment.updated']);
          return [200];
        },
        truth: () => ({
          orders: platform.checks.length,
          redeemed: platform.checks.reduce((sum, { discount }) => sum + (discount?.amount ?? 0), 0),
        }),
      },
      close: () => platform.close(),
    };
  },
};
