import { startUpserve } from '../../../plugins/upserve/test/stand-in.ts';
import type { Platform } from './platform.ts';

const ZONE = 'America/New_York';
/** The trading day begins at four in the morning, as the hub's own does. */
const BEGINS_AFTER_MS = 4 * 3_600_000;

/** 2026-11-30, on the restaurant's own calendar. */
const tradingDay = (): string => new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date(Date.now() - BEGINS_AFTER_MS));

export const upserve: Platform = {
  id: 'upserve',
  title: 'Upserve',
  async start() {
    const restaurant = await startUpserve();
    const rung: string[] = [];
    return {
      url: restaurant.url,
      settings: restaurant.settings,
      till: {
        place: { name: 'Providence', currency: 'USD', timeZone: ZONE },
        location: null,
        ring({ plates, price, voucher }) {
          const id = `check-${rung.length + 1}`;
          const at = new Date().toISOString();
          restaurant.addCheck(
            {
              id,
              status: 'Closed',
              openedAt: at,
              closedAt: at,
              inclusive: true,
              items: [
                {
                  id: `${id}-plates`,
                  name: 'Plate of the day',
                  article: 'PLATO',
                  cents: price,
                  quantity: plates,
                  ...(voucher ? { comp: { cents: voucher.off, reason: `Voucher ${voucher.code}` } } : {}),
                },
              ],
              payments: [{ id: `${id}-cash`, cents: plates * price - (voucher?.off ?? 0), type: 'Cash' }],
            },
            tradingDay(),
          );
          rung.push(id);
          return id;
        },
        truth: () => ({
          orders: rung.length,
          redeemed: rung.flatMap((id) => Object.values(restaurant.truth(id).comps)).reduce((sum, cents) => sum + cents, 0),
        }),
      },
      close: restaurant.close,
    };
  },
};
