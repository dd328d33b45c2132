import { type Desk, type Input, off } from './desk.ts';
import type { Asked, RefusedScene } from './refused-scene.ts';

const one = (desk: Desk, code: string, over: Input = {}): Asked => ({ codes: [code], order: desk.order(over) });
const under = async (desk: Desk, conditions: Input, over: Input = {}): Promise<Asked> => one(desk, await desk.code({ conditions }), over);
const scoped = async (desk: Desk, scope: Input, over: Input = {}): Promise<Asked> =>
  one(desk, await desk.code({ incentive: { percentOff: { percent: '50', scope } } }), over);

/** Refusals by what is on the order. */
export const BASKET_SCENES: readonly RefusedScene[] = [
  {
    reason: 'WRONG_PAYMENT_METHOD',
    set: (desk) => under(desk, { paymentMethods: ['bizum'] }, { payments: [{ method: 'cash', amount: 2_000 }] }),
    es: 'El vale solo es válido pagando con bizum.',
    en: 'The voucher is valid for payment by bizum only.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
  {
    reason: 'ORDER_BELOW_MINIMUM',
    set: (desk) => under(desk, { minimumOrder: 2_320 }),
    es: 'Faltan 3,20 €: el pedido suma 20,00 € y el mínimo es de 23,20 €.',
    en: '3.20 EUR more is needed: the order comes to 20.00 EUR, the minimum is 23.20 EUR.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
    nearest: { addAmount: { minor: 320, currency: 'EUR' } },
    nearestEn: 'Add 3.20 EUR to the order.',
  },
  {
    reason: 'ORDER_ABOVE_MAXIMUM',
    set: (desk) => under(desk, { maximumOrder: 1_999 }),
    es: 'El pedido suma 20,00 € y supera en 0,01 € el máximo de 19,99 €.',
    en: 'The order comes to 20.00 EUR, 0.01 EUR above the maximum of 19.99 EUR.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
  {
    reason: 'NO_ELIGIBLE_ITEM',
    set: (desk) => scoped(desk, { include: { skus: ['flan'] } }),
    es: 'Ningún artículo del pedido entra en la promoción.',
    en: 'The order has no item that the voucher is for.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
    nearest: { addQuantity: '1', eligibleSkus: ['flan'] },
    nearestEn: 'Add 1 eligible item: flan.',
  },
  {
    reason: 'ALL_ITEMS_ALREADY_DISCOUNTED',
    set: (desk) =>
      scoped(desk, { excludeDiscounted: true }, { lines: [{ id: 'menu', sku: 'menu', quantity: '2', unitPrice: 1_000, discount: 100 }] }),
    es: 'Todos los artículos de la promoción tienen ya un descuento.',
    en: 'All items that the voucher is for are discounted already.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
    nearest: { addQuantity: '1' },
    nearestEn: 'Add 1 eligible item.',
  },
  {
    reason: 'TRIGGER_QUANTITY_NOT_MET',
    set: (desk) => scoped(desk, { include: { skus: ['menu'] }, triggerQuantity: '3', applicableQuantity: '1' }),
    es: 'Hacen falta 3 artículos de la promoción y en el pedido hay 2.',
    en: '3 eligible items are needed; the order has 2.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
    nearest: { addQuantity: '1', eligibleSkus: ['menu'] },
    nearestEn: 'Add 1 eligible item: menu.',
  },
  {
    reason: 'CONDITION_NOT_MET',
    set: (desk) => under(desk, { expression: 'order.lines.exists(l, l.sku == "flan")' }),
    es: 'El pedido no cumple una condición de la campaña «Mayo».',
    en: 'The order does not meet a condition of the campaign "Mayo".',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'LINES_LOCKED',
    set: async (desk) => {
      const order = desk.order();
      await desk.redeem([await desk.code({ incentive: off(100) })], order);
      const lines = [{ ...order['lines'][0], discount: 150 }];
      return { codes: [await desk.code()], order: { ...order, lines } };
    },
    es: 'Se ha añadido un descuento de línea después de aplicar un vale a todo el pedido. La línea menu tiene ahora un descuento de 1,50 € y entonces tenía 0,00 €. Quítalo o devuelve antes el vale.',
    en: 'A line discount was added after a voucher had been taken off the whole order. Line menu has a discount of 1.50 EUR now and had 0.00 EUR then. Take it off, or take the voucher back first.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
  {
    reason: 'NO_EFFECT',
    set: async (desk) => {
      const order = desk.order();
      await desk.redeem([await desk.code({ incentive: off(2_000) })], order);
      return { codes: [await desk.code()], order };
    },
    es: 'El vale no descontaría nada: no queda importe al que aplicarlo.',
    en: 'The voucher would give nothing: there is nothing left to take it off.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
];
