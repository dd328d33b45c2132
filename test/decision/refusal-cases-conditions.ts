import type { CustomerFacts } from '../../src/domain/decision/decision.types.ts';
import { campaign, countersOf, found, input, line, percentOff } from './builders.ts';
import type { Refusal } from './refusal-cases.ts';

// Sunday 3 May 2026, 20:00 in Sevilla.
const menu = [line('menu', 1180)];
const ten = percentOff('10');
const mine = { id: 'cus_1', unknownId: false, given: true } as const;
export const person = (over: Partial<CustomerFacts> = {}): CustomerFacts => ({
  groups: [],
  birthday: null,
  anniversary: null,
  createdAt: 0,
  orders: 0,
  segmentIds: [],
  ...over,
});
const asked = (conditions: NonNullable<Parameters<typeof campaign>[1]>['conditions'], over = {}) =>
  found('C', campaign(ten, { conditions: conditions ?? {}, ...over }));

export const CONDITION_REFUSALS: readonly Refusal[] = [
  {
    reason: 'CAMPAIGN_NOT_STARTED',
    when: 'it has hours: the first of them',
    given: input(menu, [
      asked(
        { windows: [{ weekdays: ['SUN', 'TUE'], from: '18:00', to: '22:00' }], blackoutDays: ['2026-05-05'] },
        { status: 'SCHEDULED', startsOn: '2026-05-04' },
      ),
    ]),
    es: 'La campaña «Mayo» empieza el 4 de mayo de 2026.',
    en: 'The campaign "Mayo" begins on 4 May 2026.',
    nearest: { validFrom: '2026-05-10T16:00:00.000Z', validUntil: '2026-05-10T20:00:00.000Z' },
  },
  {
    reason: 'WRONG_WEEKDAY',
    given: input(menu, [asked({ windows: [{ weekdays: ['FRI', 'SAT'], from: '22:00', to: '02:00' }] })]),
    es: 'El vale no es válido este día de la semana; lo es los viernes y sábados.',
    en: 'The voucher is not valid on this weekday; it is valid on Friday and Saturday.',
    nearest: { validFrom: '2026-05-08T20:00:00.000Z', validUntil: '2026-05-09T00:00:00.000Z' },
    nearestEn: 'Valid from 8 May 2026, 22:00 until 9 May 2026, 02:00.',
  },
  {
    reason: 'WRONG_HOUR',
    given: input(menu, [
      asked({
        windows: [
          { weekdays: ['SUN'], from: '13:00', to: '16:00' },
          { weekdays: ['SUN'], from: '01:00', to: '02:30' },
        ],
      }),
    ]),
    es: 'El vale no es válido a esta hora; hoy lo es de las 13:00 a las 16:00 y de la 01:00 a las 02:30.',
    en: 'The voucher is not valid at this time; today it is valid from 13:00 to 16:00 and from 01:00 to 02:30.',
    nearest: { validFrom: '2026-05-03T23:00:00.000Z', validUntil: '2026-05-04T00:30:00.000Z' },
    nearestEn: 'Valid from 4 May 2026, 01:00 until 4 May 2026, 02:30.',
  },
  {
    reason: 'WRONG_HOUR',
    when: 'the main has hours of its own: both must be open',
    given: input(menu, [
      asked(
        { windows: [{ weekdays: ['SUN', 'MON'], from: '10:00', to: '14:00' }] },
        { main: campaign(null, { conditions: { windows: [{ weekdays: ['SUN', 'MON', 'TUE'], from: '13:00', to: '23:00' }] } }) },
      ),
    ]),
    es: 'El vale no es válido a esta hora; hoy lo es de las 10:00 a las 14:00.',
    en: 'The voucher is not valid at this time; today it is valid from 10:00 to 14:00.',
    nearest: { validFrom: '2026-05-04T11:00:00.000Z', validUntil: '2026-05-04T12:00:00.000Z' },
  },
  {
    reason: 'BLACKOUT_DAY',
    given: input(menu, [asked({ blackoutDays: ['2026-05-03', '2026-05-04'] }, { endsOn: '2026-05-31' })]),
    es: 'La campaña «Mayo» no vale el 3 de mayo de 2026.',
    en: 'The campaign "Mayo" leaves 3 May 2026 out.',
    nearest: { validFrom: '2026-05-05T02:00:00.000Z', validUntil: '2026-06-01T02:00:00.000Z' },
  },
  {
    reason: 'BLACKOUT_DAY',
    when: 'and nothing of the campaign is left after it',
    given: input(menu, [asked({ blackoutDays: ['2026-05-03'] }, { endsOn: '2026-05-03' })]),
    es: 'La campaña «Mayo» no vale el 3 de mayo de 2026.',
    en: 'The campaign "Mayo" leaves 3 May 2026 out.',
  },
  {
    reason: 'WRONG_PAYMENT_METHOD',
    given: input(menu, [asked({ paymentMethods: ['Tarjeta', 'Bizum'] })], { payments: [{ method: 'efectivo', amount: 1180 }] }),
    es: 'El vale solo es válido pagando con Tarjeta o Bizum.',
    en: 'The voucher is valid for payment by Tarjeta or Bizum only.',
  },
  {
    reason: 'WRONG_PAYMENT_METHOD',
    when: 'the order does not say how it is paid',
    given: input(menu, [asked({ paymentMethods: ['Tarjeta'] })]),
    es: 'El vale es válido pagando con Tarjeta: hay que indicar cómo se paga el pedido.',
    en: 'The voucher is valid for payment by Tarjeta: say how the order is paid.',
  },
  {
    reason: 'CUSTOMER_REQUIRED',
    when: 'a campaign for first orders, segments or birthdays',
    given: input(menu, [asked({ firstOrderOnly: true, segmentIds: ['seg_1'], birthdayWindow: { daysBefore: 0, daysAfter: 0 } })]),
    es: 'Para usar este vale hay que identificar al cliente.',
    en: 'This voucher needs to know the customer: identify them first.',
  },
  {
    reason: 'CUSTOMER_GROUP_EXCLUDED',
    given: input(menu, [asked({ excludedGroups: ['staff'] })], { customer: mine, customerFacts: person({ groups: ['vip', 'staff'] }) }),
    es: 'Los clientes del grupo «staff» quedan excluidos de la promoción.',
    en: 'Customers of the group "staff" are left out.',
  },
  {
    reason: 'NOT_IN_SEGMENT',
    given: input(menu, [asked({ segmentIds: ['seg_1', 'seg_2'] })], { customer: mine, customerFacts: person({ segmentIds: ['seg_3'] }) }),
    es: 'El cliente no está entre los destinatarios de la campaña «Mayo».',
    en: 'The customer is not among those that the campaign "Mayo" is for.',
  },
  {
    reason: 'OUTSIDE_BIRTHDAY_WINDOW',
    given: input(menu, [asked({ birthdayWindow: { daysBefore: 3, daysAfter: 1 } })], {
      customer: mine,
      customerFacts: person({ birthday: '1984-05-01' }),
    }),
    es: 'El vale es válido desde 3 días antes del cumpleaños del cliente hasta 1 día después.',
    en: "The voucher is valid from 3 days before the customer's birthday to 1 day after it.",
    nearest: { validFrom: '2027-04-28T02:00:00.000Z', validUntil: '2027-05-03T02:00:00.000Z' },
  },
  {
    reason: 'OUTSIDE_BIRTHDAY_WINDOW',
    when: 'the birthday is not known',
    given: input(menu, [asked({ birthdayWindow: { daysBefore: 3, daysAfter: 3 } })], { customer: mine, customerFacts: person() }),
    es: 'No se conoce el cumpleaños del cliente.',
    en: "The customer's birthday is not known.",
  },
  {
    reason: 'OUTSIDE_ANNIVERSARY_WINDOW',
    given: input(
      menu,
      [asked({ anniversaryWindow: { daysBefore: 0, daysAfter: 0 }, windows: [{ weekdays: ['SUN', 'MON'], from: '18:00', to: '22:00' }] })],
      { customer: mine, customerFacts: person({ anniversary: '2012-05-04' }) },
    ),
    es: 'El vale solo es válido el día del aniversario del cliente.',
    en: "The voucher is valid on the customer's anniversary only.",
    nearest: { validFrom: '2026-05-04T16:00:00.000Z', validUntil: '2026-05-04T20:00:00.000Z' },
  },
  {
    reason: 'NOT_FIRST_ORDER',
    given: input(menu, [asked({ firstOrderOnly: true })], { customer: mine, customerFacts: person({ orders: 2 }) }),
    es: 'El vale es para el primer pedido de un cliente y este ya tiene otro.',
    en: 'The voucher is for the first order of a customer; this one has ordered already.',
  },
  {
    reason: 'NOT_FIRST_ORDER',
    when: 'another till was faster by a moment',
    given: input(menu, [asked({ firstOrderOnly: true })], {
      customer: mine,
      customerFacts: person(),
      counter: countersOf({ 'first:cus_1': { used: 1, held: 1 }, 'first:cus_1:3:api:check-1': { used: 1 } }),
    }),
    es: 'El vale es para el primer pedido de un cliente y este ya tiene otro.',
    en: 'The voucher is for the first order of a customer; this one has ordered already.',
  },
  {
    reason: 'CONDITION_NOT_MET',
    given: input(menu, [asked({ expression: 'order.lines.exists(l, l.group == "wine")' })]),
    es: 'El pedido no cumple una condición de la campaña «Mayo».',
    en: 'The order does not meet a condition of the campaign "Mayo".',
  },
  {
    reason: 'CONDITION_NOT_MET',
    when: 'it asks for a customer and there is none',
    given: input(menu, [asked({ expression: '"vip" in customer.groups' })]),
    es: 'El pedido no cumple una condición de la campaña «Mayo».',
    en: 'The order does not meet a condition of the campaign "Mayo".',
  },
];
