import { type Desk, type Input, limit, off, part } from './desk.ts';
import type { Asked, RefusedScene } from './refused-scene.ts';

/** A word for all under the limit, used until one more is too many. */
async function used(desk: Desk, rule: Input, times: number, over: Input = {}, more: Input = {}): Promise<Asked> {
  const word = await desk.word({ limits: [rule] });
  for (let time = 0; time < times; time += 1) await desk.redeem([word], desk.order(over), more);
  return { codes: [word], order: desk.order(over), ...more };
}
const two = async (desk: Desk, campaigns: readonly Input[], over: Input = {}): Promise<Asked> => {
  const codes: string[] = [];
  for (const input of campaigns) codes.push(await desk.code(input));
  return { codes, order: desk.order(over), index: codes.length - 1 };
};

/** Refusals by limits, budgets and other vouchers. */
export const LIMIT_SCENES: readonly RefusedScene[] = [
  {
    reason: 'LIMIT_VOUCHER',
    set: async (desk) => {
      const code = await desk.code({ limits: [limit('VOUCHER', 2)] });
      await desk.redeem([code], desk.order());
      await desk.redeem([code], desk.order());
      return { codes: [code], order: desk.order() };
    },
    es: 'Límite alcanzado: 2 de 2 canjes con este vale.',
    en: 'Limit reached: 2 of 2 used with this voucher.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'LIMIT_CUSTOMER',
    set: async (desk) => used(desk, limit('CUSTOMER', 2, { period: 'MONTH' }), 2, { customer: { id: await desk.guest() } }),
    es: 'Límite alcanzado: 2 de 2 canjes este mes por este cliente; vuelve a contar desde el 1 de junio de 2026 a las 04:00.',
    en: 'Limit reached: 2 of 2 used this month by this customer; it counts anew from 1 June 2026, 04:00.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2026-06-01T02:00:00.000Z' },
    nearestEn: 'Valid from 1 June 2026, 04:00.',
  },
  {
    reason: 'LIMIT_STORE',
    when: '3 of 4 used today in this store, one held',
    set: async (desk) => {
      const asked = await used(desk, limit('STORE', 4, { period: 'BUSINESS_DAY' }), 3);
      await desk.hold(asked.codes, desk.order(), { ttlSeconds: 600 });
      return asked;
    },
    es: 'Límite alcanzado: 3 de 4 canjes hoy en este local; en reserva hasta las 20:10: 1; vuelve a contar desde el 9 de mayo de 2026 a las 04:00.',
    en: 'Limit reached: 3 of 4 used today in this store; held until 20:10: 1; it counts anew from 9 May 2026, 04:00.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2026-05-08T18:10:00.000Z' },
    nearestEn: 'Valid from 8 May 2026, 20:10.',
  },
  {
    reason: 'LIMIT_TILL',
    set: (desk) => used(desk, limit('TILL', 1, { period: 'WEEK' }), 1, {}, { tillId: 'bar 2' }),
    es: 'Límite alcanzado: 1 de 1 canje esta semana en esta caja; vuelve a contar desde el 11 de mayo de 2026 a las 04:00.',
    en: 'Limit reached: 1 of 1 used this week at this till; it counts anew from 11 May 2026, 04:00.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2026-05-11T02:00:00.000Z' },
    nearestEn: 'Valid from 11 May 2026, 04:00.',
  },
  {
    reason: 'LIMIT_ORDER',
    set: async (desk) => {
      const codes = await desk.codesOf(await desk.campaign({ limits: [limit('ORDER', 1)] }), 2);
      return { codes, order: desk.order(), index: codes.indexOf(codes.toSorted().at(-1) ?? '') };
    },
    es: 'Límite alcanzado: 1 de 1 canje en este pedido.',
    en: 'Limit reached: 1 of 1 used on this order.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
  {
    reason: 'LIMIT_CAMPAIGN',
    when: '3.50 of 5.00 given this year',
    set: async (desk) => {
      const rule = limit('CAMPAIGN', 500, { counts: 'DISCOUNT_AMOUNT', period: 'YEAR' });
      const word = await desk.word({ incentive: off(175), limits: [rule] });
      await desk.redeem([word], desk.order());
      await desk.redeem([word], desk.order());
      return { codes: [word], order: desk.order() };
    },
    es: 'Límite alcanzado: 3,50 € de 5,00 € descontados este año en esta campaña; este vale descontaría 1,75 €; vuelve a contar desde el 1 de enero de 2027 a las 04:00.',
    en: 'Limit reached: 3.50 EUR of 5.00 EUR given this year in this campaign; this voucher would give 1.75 EUR; it counts anew from 1 January 2027, 04:00.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2027-01-01T03:00:00.000Z' },
    nearestEn: 'Valid from 1 January 2027, 04:00.',
  },
  {
    reason: 'LIMIT_MAIN_CAMPAIGN',
    set: async (desk) => {
      const parentId = await desk.campaign({ name: 'Verano', incentive: null });
      await desk.redeem([await desk.code({ parentId })], desk.order());
      await desk.redeem([await desk.code({ parentId })], desk.order());
      return { codes: [await desk.code({ parentId, limits: [limit('MAIN_CAMPAIGN', 2)] })], order: desk.order() };
    },
    es: 'Límite alcanzado: 2 de 2 canjes en la campaña principal.',
    en: 'Limit reached: 2 of 2 used in the main campaign.',
    publicReason: 'NOT_NOW',
    retryable: false,
  },
  {
    reason: 'BUDGET_EXHAUSTED',
    set: async (desk) => {
      const word = await desk.word({ incentive: off(300), budget: { minor: 500, currency: 'EUR' } });
      await desk.redeem([word], desk.order());
      return { codes: [word], order: desk.order() };
    },
    es: 'El vale descontaría 3,00 € y del presupuesto de la campaña «Mayo» quedan 2,00 €.',
    en: 'The voucher would give 3.00 EUR, but 2.00 EUR is left of the budget of the campaign "Mayo".',
    publicReason: 'NOT_NOW',
    retryable: false,
  },
  {
    reason: 'NOT_COMBINABLE',
    set: (desk) =>
      two(
        desk,
        [off(900), off(300)].map((incentive) => ({ incentive, stacking: { group: 'house' } })),
      ),
    es: 'No se puede combinar: en el pedido ya hay un vale del mismo grupo «house».',
    en: 'It cannot be combined: a voucher of the same group "house" is on the order.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
  {
    reason: 'EXCLUSIVE_LOST',
    set: (desk) => two(desk, [{ incentive: off(900), stacking: { exclusive: true } }, { incentive: off(300) }]),
    es: 'No se puede combinar: uno de los vales del pedido no admite otros.',
    en: 'It cannot be combined: one of the vouchers on the order stands alone.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
  {
    reason: 'TOO_MANY_VOUCHERS',
    when: 'a second part payment',
    set: (desk) => two(desk, [{ incentive: part(900) }, { incentive: part(300) }]),
    es: 'Solo se admite un vale como pago en cada pedido.',
    en: 'Only one part payment by voucher is taken on an order.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
  {
    reason: 'TOO_MANY_VOUCHERS',
    when: 'the store takes two',
    set: async (desk) => {
      const { createStore } = await desk.hub.ask('mutation ($input: CreateStoreInput!) { createStore(input: $input) { id } }', {
        input: { name: 'Cádiz', maxVouchersPerOrder: 2 },
      });
      return two(
        desk,
        [off(300), off(200), off(100)].map((incentive) => ({ incentive })),
        { storeId: createStore.id },
      );
    },
    es: 'El local admite 2 vales por pedido y ya hay 2.',
    en: 'The store takes 2 vouchers on an order; 2 are on it.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
];
