import type { DecisionInput } from '../../src/domain/decision/decision.types.ts';
import type { ReasonCode } from '../../src/domain/shared/reasons.ts';
import {
  basket,
  campaign,
  countersOf,
  earlier,
  found,
  HOUR,
  input,
  limit,
  line,
  NOW,
  percentOff,
  scope,
  store,
  tender,
} from './builders.ts';
import { CONDITION_REFUSALS } from './refusal-cases-conditions.ts';
import { INCENTIVE_REFUSALS } from './refusal-cases-incentives.ts';

/** A case that one rule refuses, with the texts as staff hear them. */
export interface Refusal {
  readonly reason: ReasonCode;
  readonly when?: string;
  readonly given: DecisionInput;
  /** Which of the outcomes; the last unless said. */
  readonly index?: number;
  /** All failing rules, where there are more than the headline. */
  readonly all?: readonly ReasonCode[];
  readonly es: string;
  readonly en: string;
  readonly nearest?: Readonly<Record<string, unknown>>;
  readonly nearestEn?: string;
}

const menu = [line('menu', 1180)];
const ten = percentOff('10');
const mine = { id: 'cus_1', unknownId: false, given: true } as const;
export const key = (per: string, period: string, periodKey: string, subject: string, counts = 'REDEMPTIONS', id = 'cmp_1'): string =>
  `limit:${id}:${counts}:${per}:${period}:${periodKey}:${subject}`;
export const pizza = scope({ include: { skus: ['margarita', 'diavola', 'calzone'] }, exclude: { skus: ['calzone'] } });

export const REFUSALS: readonly Refusal[] = [
  {
    reason: 'CODE_MALFORMED',
    given: input(menu, [{ code: 'Ñ', found: 'malformed' }]),
    es: 'El código no tiene la forma de ningún vale: revisa los caracteres.',
    en: 'This is not the form of any code: check the characters.',
  },
  {
    reason: 'CODE_UNKNOWN',
    given: input(menu, [{ code: 'X', found: 'unknown' }]),
    es: 'No existe ningún vale con este código: compruébalo.',
    en: 'There is no voucher with this code: check it.',
  },
  {
    reason: 'CODE_CHECK_FAILED',
    given: input(menu, [{ code: 'X', found: 'checkFailed' }]),
    es: 'El código está mal escrito o mal leído (no cuadra el carácter de control): vuelve a leerlo o teclearlo.',
    en: 'The code was mistyped or misread (its check character does not fit): read or type it again.',
  },
  {
    reason: 'NOT_ISSUED',
    given: input(menu, [found('C', campaign(ten, { distribution: 'CUSTOMER' }))]),
    es: 'Este vale todavía no se ha entregado a ningún cliente.',
    en: 'This voucher has not been given to a customer yet.',
  },
  {
    reason: 'ALREADY_REDEEMED',
    given: input(menu, [found('C', campaign(ten), { status: 'REDEEMED', uses: 1 })]),
    es: 'El vale ya se ha canjeado.',
    en: 'The voucher has been redeemed already.',
  },
  {
    reason: 'HELD_ELSEWHERE',
    given: input(menu, [found('C', campaign(ten), { status: 'HELD', holds: [{ id: 'hld_1', expiresAt: NOW + 600_000 }] })]),
    es: 'El vale está reservado por otro pedido hasta las 20:10.',
    en: 'Another order holds the voucher until 20:10.',
    nearest: { validFrom: '2026-05-03T18:10:00.000Z' },
    nearestEn: 'Valid from 3 May 2026, 20:10.',
  },
  {
    reason: 'BLOCKED',
    given: input(menu, [found('C', campaign(ten), { status: 'BLOCKED' })]),
    es: 'El vale está bloqueado.',
    en: 'The voucher is blocked.',
  },
  {
    reason: 'CANCELLED',
    given: input(menu, [found('C', campaign(ten), { status: 'CANCELLED' })]),
    es: 'El vale está anulado.',
    en: 'The voucher is cancelled.',
  },
  {
    reason: 'CAMPAIGN_NOT_ACTIVE',
    given: input(menu, [found('C', campaign(ten, { status: 'DRAFT' }))]),
    es: 'La campaña «Mayo» no está activa.',
    en: 'The campaign "Mayo" is not active.',
  },
  {
    reason: 'CAMPAIGN_NOT_ACTIVE',
    when: 'the main is not active',
    given: input(menu, [found('C', campaign(ten, { main: campaign(null, { id: 'cmp_main', name: 'Verano', status: 'ARCHIVED' }) }))]),
    es: 'La campaña «Verano» no está activa.',
    en: 'The campaign "Verano" is not active.',
  },
  {
    reason: 'CAMPAIGN_NOT_STARTED',
    given: input(menu, [found('C', campaign(ten, { status: 'SCHEDULED', startsOn: '2026-05-04', endsOn: '2026-05-31' }))]),
    es: 'La campaña «Mayo» empieza el 4 de mayo de 2026.',
    en: 'The campaign "Mayo" begins on 4 May 2026.',
    nearest: { validFrom: '2026-05-04T02:00:00.000Z', validUntil: '2026-06-01T02:00:00.000Z' },
    nearestEn: 'Valid from 4 May 2026, 04:00 until 1 June 2026, 04:00.',
  },
  {
    reason: 'CAMPAIGN_ENDED',
    given: input(menu, [found('C', campaign(ten, { endsOn: '2026-05-02' }))]),
    es: 'La campaña «Mayo» terminó el 2 de mayo de 2026.',
    en: 'The campaign "Mayo" ended on 2 May 2026.',
    nearest: { validUntil: '2026-05-03T02:00:00.000Z' },
    nearestEn: 'Valid until 3 May 2026, 04:00.',
  },
  {
    reason: 'CAMPAIGN_ENDED',
    when: 'a person ended the main',
    given: input(menu, [found('C', campaign(ten, { main: campaign(null, { name: 'Verano', status: 'ENDED' }) }))]),
    es: 'La campaña «Verano» ha terminado.',
    en: 'The campaign "Verano" is over.',
  },
  {
    reason: 'CAMPAIGN_PAUSED',
    given: input(menu, [found('C', campaign(ten, { status: 'PAUSED' }))]),
    es: 'La campaña «Mayo» está en pausa.',
    en: 'The campaign "Mayo" is paused.',
  },
  {
    reason: 'VOUCHER_NOT_STARTED',
    given: input(menu, [found('C', campaign(ten), { status: 'ISSUED', validFrom: NOW + 24 * HOUR, validUntil: NOW + 48 * HOUR })]),
    es: 'El vale es válido desde el 4 de mayo de 2026 a las 20:00.',
    en: 'The voucher is valid from 4 May 2026, 20:00.',
    nearest: { validFrom: '2026-05-04T18:00:00.000Z', validUntil: '2026-05-05T18:00:00.000Z' },
    nearestEn: 'Valid from 4 May 2026, 20:00 until 5 May 2026, 20:00.',
  },
  {
    reason: 'VOUCHER_EXPIRED',
    given: input(menu, [found('C', campaign(ten), { status: 'ISSUED', validUntil: NOW })]),
    es: 'El vale caducó el 3 de mayo de 2026 a las 20:00.',
    en: 'The voucher expired on 3 May 2026, 20:00.',
    nearest: { validUntil: '2026-05-03T18:00:00.000Z' },
  },
  {
    reason: 'WRONG_STORE',
    given: input(menu, [found('C', campaign(ten, { storeIds: ['sto_malaga', 'sto_granada'] }))], {
      storeName: (id) => ({ sto_malaga: 'Málaga', sto_granada: 'Granada' })[id],
    }),
    es: 'El vale no es válido en Sevilla; lo es en Málaga y Granada.',
    en: 'The voucher is not valid in Sevilla; it is valid in Málaga and Granada.',
    nearest: { storeIds: ['sto_malaga', 'sto_granada'] },
    nearestEn: 'Valid in 2 other stores.',
  },
  {
    reason: 'WRONG_CHANNEL',
    given: input(menu, [found('C', campaign(ten, { conditions: { channels: ['TAKEAWAY', 'DELIVERY'] } }))]),
    es: 'El vale no es válido para este tipo de venta; lo es para pedidos para llevar y envío a domicilio.',
    en: 'The voucher is not valid for this kind of sale; it is valid for takeaway and delivery.',
  },
  {
    reason: 'WRONG_CURRENCY',
    given: input(menu, [found('C', campaign(ten))], { basket: basket(menu, { currency: 'USD' }) }),
    es: 'El pedido está en USD y el vale solo es válido en EUR.',
    en: 'The order is in USD; the voucher is good in EUR only.',
  },
  {
    reason: 'CUSTOMER_REQUIRED',
    given: input(menu, [found('C', campaign(ten, { conditions: { customerRequired: true } }))]),
    es: 'Para usar este vale hay que identificar al cliente.',
    en: 'This voucher needs to know the customer: identify them first.',
  },
  {
    reason: 'CUSTOMER_REQUIRED',
    when: 'a limit counts by customer',
    given: input(menu, [found('C', campaign(ten, { limits: [limit('CUSTOMER', 1)] }))]),
    es: 'Para usar este vale hay que identificar al cliente.',
    en: 'This voucher needs to know the customer: identify them first.',
  },
  {
    reason: 'CUSTOMER_UNKNOWN',
    given: input(menu, [found('C', campaign(ten))], { customer: { id: null, unknownId: true, given: true } }),
    es: 'No hay ningún cliente con ese identificador.',
    en: 'There is no customer with this id.',
  },
  {
    reason: 'OTHER_CUSTOMER',
    given: input(menu, [found('C', campaign(ten), { status: 'ISSUED', customerId: 'cus_2' })], { customer: mine }),
    es: 'El vale es de otro cliente.',
    en: 'The voucher belongs to another customer.',
  },
  {
    reason: 'ORDER_BELOW_MINIMUM',
    given: input([line('menu', 1380, { discount: 200 })], [found('C', campaign(ten, { conditions: { minimumOrder: 1500 } }))]),
    es: 'Faltan 3,20 €: el pedido suma 11,80 € y el mínimo es de 15,00 €.',
    en: '3.20 EUR more is needed: the order comes to 11.80 EUR, the minimum is 15.00 EUR.',
    nearest: { addAmount: 320 },
    nearestEn: 'Add 3.20 EUR to the order.',
  },
  {
    reason: 'ORDER_ABOVE_MAXIMUM',
    given: input(menu, [found('C', campaign(ten, { conditions: { maximumOrder: 1000 } }))]),
    es: 'El pedido suma 11,80 € y supera en 1,80 € el máximo de 10,00 €.',
    en: 'The order comes to 11.80 EUR, 1.80 EUR above the maximum of 10.00 EUR.',
  },
  {
    reason: 'TRIGGER_QUANTITY_NOT_MET',
    given: input(
      [line('margarita', 950, { quantity: '1.5' })],
      [found('C', campaign(percentOff('50', { scope: { ...pizza, triggerQuantity: '3' } })))],
    ),
    es: 'Hacen falta 3 artículos de la promoción y en el pedido hay 1,5.',
    en: '3 eligible items are needed; the order has 1.5.',
    nearest: { addQuantity: '1.5', eligibleSkus: ['margarita', 'diavola'] },
    nearestEn: 'Add 1.5 eligible items: margarita, diavola.',
  },
  {
    reason: 'NO_ELIGIBLE_ITEM',
    given: input([line('calzone', 950)], [found('C', campaign(percentOff('50', { scope: pizza })))]),
    es: 'Ningún artículo del pedido entra en la promoción.',
    en: 'The order has no item that the voucher is for.',
    nearest: { addQuantity: '1', eligibleSkus: ['margarita', 'diavola'] },
  },
  {
    reason: 'ALL_ITEMS_ALREADY_DISCOUNTED',
    given: input(
      [line('margarita', 950, { discount: 1 })],
      [found('C', campaign(percentOff('50', { scope: { ...pizza, excludeDiscounted: true } })))],
    ),
    es: 'Todos los artículos de la promoción tienen ya un descuento.',
    en: 'All items that the voucher is for are discounted already.',
    nearest: { addQuantity: '1', eligibleSkus: ['margarita', 'diavola'] },
  },
  {
    reason: 'LINES_LOCKED',
    given: input([line('menu', 1180, { discount: 200 })], [found('C', campaign(ten))], {
      earlier: [earlier({ codes: ['A'], lockedDiscounts: { menu: 50 } })],
    }),
    es: 'Se ha añadido un descuento de línea después de aplicar un vale a todo el pedido. La línea menu tiene ahora un descuento de 2,00 € y entonces tenía 0,50 €. Quítalo o devuelve antes el vale.',
    en: 'A line discount was added after a voucher had been taken off the whole order. Line menu has a discount of 2.00 EUR now and had 0.50 EUR then. Take it off, or take the voucher back first.',
  },
  {
    reason: 'NO_EFFECT',
    given: input([line('menu', 0)], [found('C', campaign(ten))]),
    es: 'El vale no descontaría nada: no queda importe al que aplicarlo.',
    en: 'The voucher would give nothing: there is nothing left to take it off.',
  },
  {
    reason: 'LIMIT_VOUCHER',
    given: input(menu, [found('C', campaign(ten, { limits: [limit('VOUCHER', 3)] }), { status: 'REDEEMED', uses: 3, maxUses: 3 })]),
    es: 'Límite alcanzado: 3 de 3 canjes con este vale.',
    en: 'Limit reached: 3 of 3 used with this voucher.',
  },
  {
    reason: 'LIMIT_VOUCHER',
    when: 'holds of others take what is left',
    given: input(menu, [
      found('C', campaign(ten, { limits: [limit('VOUCHER', 3)] }), {
        status: 'ISSUED',
        uses: 2,
        maxUses: 3,
        holds: [{ id: 'hld_1', expiresAt: NOW + 600_000 }],
      }),
    ]),
    es: 'Límite alcanzado: 2 de 3 canjes con este vale; en reserva hasta las 20:10: 1.',
    en: 'Limit reached: 2 of 3 used with this voucher; held until 20:10: 1.',
  },
  {
    reason: 'LIMIT_CUSTOMER',
    given: input(menu, [found('C', campaign(ten, { limits: [limit('CUSTOMER', 1, { period: 'WEEK' })] }))], {
      customer: mine,
      counter: countersOf({ [key('CUSTOMER', 'WEEK', '2026-W18', 'cus_1')]: { used: 1 } }),
    }),
    es: 'Límite alcanzado: 1 de 1 canje esta semana por este cliente; vuelve a contar desde el 4 de mayo de 2026 a las 04:00.',
    en: 'Limit reached: 1 of 1 used this week by this customer; it counts anew from 4 May 2026, 04:00.',
    nearest: { validFrom: '2026-05-04T02:00:00.000Z' },
  },
  {
    reason: 'LIMIT_STORE',
    given: input(menu, [found('C', campaign(ten, { limits: [limit('STORE', 3, { period: 'BUSINESS_DAY' })] }))], {
      counter: countersOf({ [key('STORE', 'BUSINESS_DAY', '2026-05-03', 'sto_sevilla')]: { used: 2, held: 1, heldUntil: NOW + 600_000 } }),
    }),
    es: 'Límite alcanzado: 2 de 3 canjes hoy en este local; en reserva hasta las 20:10: 1; vuelve a contar desde el 4 de mayo de 2026 a las 04:00.',
    en: 'Limit reached: 2 of 3 used today in this store; held until 20:10: 1; it counts anew from 4 May 2026, 04:00.',
    nearest: { validFrom: '2026-05-03T18:10:00.000Z' },
  },
  {
    reason: 'LIMIT_TILL',
    given: input(menu, [found('C', campaign(ten, { limits: [limit('TILL', 1000, { counts: 'DISCOUNT_AMOUNT', period: 'MONTH' })] }))], {
      counter: countersOf({ [key('TILL', 'MONTH', '2026-05', 'till-1', 'DISCOUNT_AMOUNT')]: { used: 950 } }),
    }),
    es: 'Límite alcanzado: 9,50 € de 10,00 € descontados este mes en esta caja; este vale descontaría 1,18 €; vuelve a contar desde el 1 de junio de 2026 a las 04:00.',
    en: 'Limit reached: 9.50 EUR of 10.00 EUR given this month at this till; this voucher would give 1.18 EUR; it counts anew from 1 June 2026, 04:00.',
    nearest: { validFrom: '2026-06-01T02:00:00.000Z' },
  },
  {
    reason: 'LIMIT_ORDER',
    given: input(menu, [
      found('A', campaign(ten, { limits: [limit('ORDER', 1)] })),
      found('B', campaign(ten, { limits: [limit('ORDER', 1)] })),
    ]),
    es: 'Límite alcanzado: 1 de 1 canje en este pedido.',
    en: 'Limit reached: 1 of 1 used on this order.',
  },
  {
    reason: 'LIMIT_CAMPAIGN',
    given: input(menu, [found('C', campaign(ten, { limits: [limit('CAMPAIGN', 1000, { period: 'YEAR' })] }))], {
      counter: countersOf({ [key('CAMPAIGN', 'YEAR', '2026', '')]: { used: 1000 } }),
    }),
    es: 'Límite alcanzado: 1000 de 1000 canjes este año en esta campaña; vuelve a contar desde el 1 de enero de 2027 a las 04:00.',
    en: 'Limit reached: 1,000 of 1,000 used this year in this campaign; it counts anew from 1 January 2027, 04:00.',
    nearest: { validFrom: '2027-01-01T03:00:00.000Z' },
  },
  {
    reason: 'LIMIT_MAIN_CAMPAIGN',
    given: input(menu, [found('C', campaign(ten, { main: campaign(null, { id: 'cmp_main' }), limits: [limit('MAIN_CAMPAIGN', 2)] }))], {
      counter: countersOf({ [key('CAMPAIGN', 'EVER', '', '', 'REDEMPTIONS', 'cmp_main')]: { used: 2 } }),
    }),
    es: 'Límite alcanzado: 2 de 2 canjes en la campaña principal.',
    en: 'Limit reached: 2 of 2 used in the main campaign.',
  },
  {
    reason: 'BUDGET_EXHAUSTED',
    given: input(menu, [found('C', campaign(ten, { budget: 10_000, currency: 'EUR' }))], {
      counter: countersOf({ 'budget:cmp_1': { used: 9_900 } }),
    }),
    es: 'El vale descontaría 1,18 € y del presupuesto de la campaña «Mayo» quedan 1,00 €.',
    en: 'The voucher would give 1.18 EUR, but 1.00 EUR is left of the budget of the campaign "Mayo".',
  },
  {
    reason: 'NOT_COMBINABLE',
    given: input(menu, [
      found('A', campaign(ten, { stacking: { priority: 1, group: 'pizza', exclusive: false } })),
      found('B', campaign(ten, { id: 'cmp_2', stacking: { priority: 0, group: 'pizza', exclusive: false } })),
    ]),
    es: 'No se puede combinar: en el pedido ya hay un vale del mismo grupo «pizza».',
    en: 'It cannot be combined: a voucher of the same group "pizza" is on the order.',
  },
  {
    reason: 'EXCLUSIVE_LOST',
    given: input(menu, [
      found('A', campaign(ten, { stacking: { priority: 1, exclusive: true } })),
      found('B', campaign(ten, { id: 'cmp_2' })),
    ]),
    es: 'No se puede combinar: uno de los vales del pedido no admite otros.',
    en: 'It cannot be combined: one of the vouchers on the order stands alone.',
  },
  {
    reason: 'TOO_MANY_VOUCHERS',
    given: input(menu, [found('A', campaign(ten)), found('B', campaign(ten))], { store: store({ maxVouchersPerOrder: 1 }) }),
    es: 'El local admite 1 vale por pedido y ya hay 1.',
    en: 'The store takes 1 voucher on an order; 1 is on it.',
  },
  {
    reason: 'TOO_MANY_VOUCHERS',
    when: 'a second part payment',
    given: input(menu, [found('A', campaign(tender(500))), found('B', campaign(tender(500)))]),
    es: 'Solo se admite un vale como pago en cada pedido.',
    en: 'Only one part payment by voucher is taken on an order.',
  },
  {
    reason: 'DUPLICATE_TRANSACTION',
    given: input(menu, [found('C', campaign(ten), { status: 'REDEEMED', uses: 1 })], { earlier: [earlier({ codes: ['C'] })] }),
    all: ['DUPLICATE_TRANSACTION', 'ALREADY_REDEEMED'],
    es: 'Este código ya se canjeó en este mismo pedido (check-1).',
    en: 'This code was already redeemed on this very order (check-1).',
  },
  ...INCENTIVE_REFUSALS,
  ...CONDITION_REFUSALS,
];
