import type { PublicReason, ReasonCode } from '../../../src/domain/shared/reasons.ts';
import { card, type Desk, type Input, off } from './desk.ts';
import { CUSTOMER_SCENES } from './refused-scenes-customer.ts';
import { LIMIT_SCENES } from './refused-scenes-limits.ts';

/** What is asked where a rule refuses: codes on an order. */
export interface Asked {
  readonly codes: readonly string[];
  readonly order: Input;
  readonly tillId?: string;
  /** Of which code the refusal is; the first unless said. */
  readonly index?: number;
}

export interface RefusedScene {
  readonly reason: ReasonCode;
  readonly when?: string;
  readonly set: (desk: Desk) => Promise<Asked>;
  readonly es: string;
  readonly en: string;
  readonly publicReason: PublicReason;
  readonly retryable: boolean;
  /** Members that are not null, but for the message. */
  readonly nearest?: Input;
  readonly nearestEn?: string;
  /** Placed after now, which the public may not do. */
  readonly aheadOfNow?: true;
}

const one = (desk: Desk, code: string, over: Input = {}): Asked => ({ codes: [code], order: desk.order(over) });
const under = async (desk: Desk, conditions: Input, over: Input = {}): Promise<Asked> => one(desk, await desk.code({ conditions }), over);
const scoped = async (desk: Desk, scope: Input, over: Input = {}): Promise<Asked> =>
  one(desk, await desk.code({ incentive: { percentOff: { percent: '50', scope } } }), over);

export const REFUSED_SCENES: readonly RefusedScene[] = [
  {
    reason: 'CODE_MALFORMED',
    set: async (desk) => one(desk, 'DV@0001'),
    es: 'El código no tiene la forma de ningún vale: revisa los caracteres.',
    en: 'This is not the form of any code: check the characters.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'CODE_UNKNOWN',
    set: async (desk) => one(desk, (await desk.word()).replace('WORD', 'WARD')),
    es: 'No existe ningún vale con este código: compruébalo.',
    en: 'There is no voucher with this code: check it.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'CODE_CHECK_FAILED',
    set: async (desk) => one(desk, mistyped(await desk.code())),
    es: 'El código está mal escrito o mal leído (no cuadra el carácter de control): vuelve a leerlo o teclearlo.',
    en: 'The code was mistyped or misread (its check character does not fit): read or type it again.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'NOT_ISSUED',
    set: async (desk) => one(desk, await desk.code({ distribution: 'CUSTOMER' })),
    es: 'Este vale todavía no se ha entregado a ningún cliente.',
    en: 'This voucher has not been given to a customer yet.',
    publicReason: 'NOT_USABLE',
    retryable: true,
  },
  {
    reason: 'ALREADY_REDEEMED',
    set: async (desk) => {
      const code = await desk.code();
      await desk.redeem([code], desk.order());
      return one(desk, code);
    },
    es: 'El vale ya se ha canjeado.',
    en: 'The voucher has been redeemed already.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'BALANCE_EMPTY',
    set: async (desk) => {
      const code = await desk.code({ incentive: card(500) });
      await desk.redeem([code], desk.order());
      return one(desk, code);
    },
    es: 'La tarjeta regalo ya no tiene saldo.',
    en: 'Nothing is left on the gift card.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'HELD_ELSEWHERE',
    set: async (desk) => {
      const code = await desk.code();
      await desk.hold([code], desk.order());
      return one(desk, code);
    },
    es: 'El vale está reservado por otro pedido hasta las 20:10.',
    en: 'Another order holds the voucher until 20:10.',
    publicReason: 'TRY_LATER',
    retryable: true,
    nearest: { validFrom: '2026-05-08T18:10:00.000Z' },
    nearestEn: 'Valid from 8 May 2026, 20:10.',
  },
  {
    reason: 'BLOCKED',
    set: async (desk) => {
      const code = await desk.code();
      await desk.mark('blockVoucher', code);
      return one(desk, code);
    },
    es: 'El vale está bloqueado.',
    en: 'The voucher is blocked.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'CANCELLED',
    set: async (desk) => {
      const code = await desk.code();
      await desk.mark('cancelVoucher', code);
      return one(desk, code);
    },
    es: 'El vale está anulado.',
    en: 'The voucher is cancelled.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'CAMPAIGN_NOT_ACTIVE',
    set: async (desk) => one(desk, await desk.code({ active: false })),
    es: 'La campaña «Mayo» no está activa.',
    en: 'The campaign "Mayo" is not active.',
    publicReason: 'NOT_USABLE',
    retryable: true,
  },
  {
    reason: 'CAMPAIGN_NOT_STARTED',
    set: async (desk) => one(desk, await desk.code({ startsOn: '2026-06-01', endsOn: '2026-06-30' })),
    es: 'La campaña «Mayo» empieza el 1 de junio de 2026.',
    en: 'The campaign "Mayo" begins on 1 June 2026.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2026-06-01T02:00:00.000Z', validUntil: '2026-07-01T02:00:00.000Z' },
    nearestEn: 'Valid from 1 June 2026, 04:00 until 1 July 2026, 04:00.',
  },
  {
    reason: 'CAMPAIGN_ENDED',
    set: async (desk) => {
      const id = await desk.campaign();
      const [code = ''] = await desk.codesOf(id);
      await desk.end(id);
      return one(desk, code);
    },
    es: 'La campaña «Mayo» ha terminado.',
    en: 'The campaign "Mayo" is over.',
    publicReason: 'NOT_NOW',
    retryable: false,
  },
  {
    reason: 'CAMPAIGN_ENDED',
    when: 'its last day was yesterday',
    aheadOfNow: true,
    set: async (desk) => one(desk, await desk.code({ endsOn: '2026-05-08' }), { placedAt: '2026-05-09T04:00:00+02:00' }),
    es: 'La campaña «Mayo» terminó el 8 de mayo de 2026.',
    en: 'The campaign "Mayo" ended on 8 May 2026.',
    publicReason: 'NOT_NOW',
    retryable: false,
    nearest: { validUntil: '2026-05-09T02:00:00.000Z' },
    nearestEn: 'Valid until 9 May 2026, 04:00.',
  },
  {
    reason: 'CAMPAIGN_PAUSED',
    set: async (desk) => {
      const id = await desk.campaign();
      const [code = ''] = await desk.codesOf(id);
      await desk.pause(id);
      return one(desk, code);
    },
    es: 'La campaña «Mayo» está en pausa.',
    en: 'The campaign "Mayo" is paused.',
    publicReason: 'NOT_NOW',
    retryable: true,
  },
  {
    reason: 'VOUCHER_NOT_STARTED',
    set: async (desk) => one(desk, await issued(desk, { validFrom: '2026-05-09T12:00:00+02:00' })),
    es: 'El vale es válido desde el 9 de mayo de 2026 a las 12:00.',
    en: 'The voucher is valid from 9 May 2026, 12:00.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2026-05-09T10:00:00.000Z' },
    nearestEn: 'Valid from 9 May 2026, 12:00.',
  },
  {
    reason: 'VOUCHER_EXPIRED',
    aheadOfNow: true,
    set: async (desk) =>
      one(desk, await issued(desk, { validUntil: '2026-05-09T12:00:00+02:00' }), { placedAt: '2026-05-09T12:00:00+02:00' }),
    es: 'El vale caducó el 9 de mayo de 2026 a las 12:00.',
    en: 'The voucher expired on 9 May 2026, 12:00.',
    publicReason: 'NOT_NOW',
    retryable: false,
    nearest: { validUntil: '2026-05-09T10:00:00.000Z' },
    nearestEn: 'Valid until 9 May 2026, 12:00.',
  },
  {
    reason: 'WRONG_WEEKDAY',
    set: (desk) => under(desk, { windows: [{ weekdays: ['MON', 'TUE'], from: '12:00', to: '16:00' }] }),
    es: 'El vale no es válido este día de la semana; lo es los lunes y martes.',
    en: 'The voucher is not valid on this weekday; it is valid on Monday and Tuesday.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2026-05-11T10:00:00.000Z', validUntil: '2026-05-11T14:00:00.000Z' },
    nearestEn: 'Valid from 11 May 2026, 12:00 until 11 May 2026, 16:00.',
  },
  {
    reason: 'WRONG_HOUR',
    set: (desk) => under(desk, { windows: [{ weekdays: ['FRI'], from: '22:00', to: '02:00' }] }),
    es: 'El vale no es válido a esta hora; hoy lo es de las 22:00 a las 02:00.',
    en: 'The voucher is not valid at this time; today it is valid from 22:00 to 02:00.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2026-05-08T20:00:00.000Z', validUntil: '2026-05-09T00:00:00.000Z' },
    nearestEn: 'Valid from 8 May 2026, 22:00 until 9 May 2026, 02:00.',
  },
  {
    reason: 'BLACKOUT_DAY',
    set: (desk) => under(desk, { blackoutDays: ['2026-05-08'] }),
    es: 'La campaña «Mayo» no vale el 8 de mayo de 2026.',
    en: 'The campaign "Mayo" leaves 8 May 2026 out.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2026-05-09T02:00:00.000Z' },
    nearestEn: 'Valid from 9 May 2026, 04:00.',
  },
  {
    reason: 'WRONG_STORE',
    set: async (desk) => {
      const { createStore } = await desk.hub.ask('mutation ($input: CreateStoreInput!) { createStore(input: $input) { id } }', {
        input: { name: 'Málaga' },
      });
      return one(desk, await desk.code({ storeIds: [createStore.id] }));
    },
    es: 'El vale no es válido en Sevilla; lo es en Málaga.',
    en: 'The voucher is not valid in Sevilla; it is valid in Málaga.',
    publicReason: 'NOT_HERE',
    retryable: false,
    nearest: {},
    nearestEn: 'Valid in Málaga.',
  },
  {
    reason: 'WRONG_CHANNEL',
    set: (desk) => under(desk, { channels: ['DELIVERY', 'ONLINE'] }),
    es: 'El vale no es válido para este tipo de venta; lo es para envío a domicilio y pedidos por internet.',
    en: 'The voucher is not valid for this kind of sale; it is valid for delivery and online.',
    publicReason: 'NOT_HERE',
    retryable: false,
  },
  {
    reason: 'WRONG_CURRENCY',
    set: async (desk) => one(desk, await desk.code(), { currency: 'USD' }),
    es: 'El pedido está en USD y el vale solo es válido en EUR.',
    en: 'The order is in USD; the voucher is good in EUR only.',
    publicReason: 'NOT_HERE',
    retryable: false,
  },
  {
    reason: 'WRONG_PAYMENT_METHOD',
    set: (desk) => under(desk, { paymentMethods: ['bizum'] }, { payments: [{ method: 'cash', amount: 2_000 }] }),
    es: 'El vale solo es válido pagando con bizum.',
    en: 'The voucher is valid for payment by bizum only.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
  ...CUSTOMER_SCENES,
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
  ...LIMIT_SCENES,
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
  {
    reason: 'DUPLICATE_TRANSACTION',
    set: async (desk) => {
      const order = desk.order({ externalId: 'mesa 7' });
      const code = await desk.word();
      await desk.redeem([code], order);
      return { codes: [code], order };
    },
    es: 'Este código ya se canjeó en este mismo pedido (mesa 7).',
    en: 'This code was already redeemed on this very order (mesa 7).',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
];

/** Another digit at the end than the right one. */
function mistyped(code: string): string {
  return `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;
}

async function issued(desk: Desk, times: Input): Promise<string> {
  const id = await desk.campaign({ distribution: 'CUSTOMER' });
  await desk.codesOf(id, 2);
  return (await desk.issue(id, { phone: '+34600700800' }, times)).voucher.code;
}
