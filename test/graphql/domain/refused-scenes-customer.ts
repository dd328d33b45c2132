import type { Desk, Input } from './desk.ts';
import type { Asked, RefusedScene } from './refused-scene.ts';

const under = async (desk: Desk, conditions: Input, customer?: Input): Promise<Asked> => ({
  codes: [await desk.code({ conditions })],
  order: desk.order({ customer }),
});

/** Refusals that hang on who the customer is. */
export const CUSTOMER_SCENES: readonly RefusedScene[] = [
  {
    reason: 'CUSTOMER_UNKNOWN',
    set: (desk) => under(desk, {}, { id: 'cus_nobody' }),
    es: 'No hay ningún cliente con ese identificador.',
    en: 'There is no customer with this id.',
    publicReason: 'SIGN_IN',
    retryable: false,
  },
  {
    reason: 'OTHER_CUSTOMER',
    set: async (desk) => {
      const id = await desk.campaign({ distribution: 'CUSTOMER' });
      await desk.codesOf(id);
      const { voucher } = await desk.issue(id, { id: await desk.guest() });
      return { codes: [voucher.code], order: desk.order({ customer: { id: await desk.guest() } }) };
    },
    es: 'El vale es de otro cliente.',
    en: 'The voucher belongs to another customer.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'CUSTOMER_REQUIRED',
    set: (desk) => under(desk, { customerRequired: true }),
    es: 'Para usar este vale hay que identificar al cliente.',
    en: 'This voucher needs to know the customer: identify them first.',
    publicReason: 'SIGN_IN',
    retryable: false,
  },
  {
    reason: 'CUSTOMER_GROUP_EXCLUDED',
    set: async (desk) => under(desk, { excludedGroups: ['staff'] }, { id: await desk.guest({ groups: ['staff'] }) }),
    es: 'Los clientes del grupo «staff» quedan excluidos de la promoción.',
    en: 'Customers of the group "staff" are left out.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'NOT_IN_SEGMENT',
    set: async (desk) => {
      const { createSegment } = await desk.hub.ask('mutation ($input: CreateSegmentInput!) { createSegment(input: $input) { id } }', {
        input: { name: 'Socios', expression: '"socio" in customer.groups' },
      });
      return under(desk, { segmentIds: [createSegment.id] }, { id: await desk.guest() });
    },
    es: 'El cliente no está entre los destinatarios de la campaña «Mayo».',
    en: 'The customer is not among those that the campaign "Mayo" is for.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'OUTSIDE_BIRTHDAY_WINDOW',
    set: async (desk) =>
      under(desk, { birthdayWindow: { daysBefore: 3, daysAfter: 3 } }, { id: await desk.guest({ birthday: '1990-05-12' }) }),
    es: 'El vale es válido desde 3 días antes del cumpleaños del cliente hasta 3 días después.',
    en: "The voucher is valid from 3 days before the customer's birthday to 3 days after it.",
    publicReason: 'NOT_USABLE',
    retryable: true,
    nearest: { validFrom: '2026-05-09T02:00:00.000Z', validUntil: '2026-05-16T02:00:00.000Z' },
    nearestEn: 'Valid from 9 May 2026, 04:00 until 16 May 2026, 04:00.',
  },
  {
    reason: 'OUTSIDE_ANNIVERSARY_WINDOW',
    set: async (desk) =>
      under(desk, { anniversaryWindow: { daysBefore: 0, daysAfter: 7 } }, { id: await desk.guest({ anniversary: '2015-04-30' }) }),
    es: 'El vale es válido desde el aniversario del cliente hasta 7 días después.',
    en: "The voucher is valid from the customer's anniversary to 7 days after it.",
    publicReason: 'NOT_USABLE',
    retryable: true,
    nearest: { validFrom: '2027-04-30T02:00:00.000Z', validUntil: '2027-05-08T02:00:00.000Z' },
    nearestEn: 'Valid from 30 April 2027, 04:00 until 8 May 2027, 04:00.',
  },
  {
    reason: 'NOT_FIRST_ORDER',
    set: async (desk) => {
      const customer = { id: await desk.guest() };
      await desk.record(desk.order({ customer }));
      return under(desk, { firstOrderOnly: true }, customer);
    },
    es: 'El vale es para el primer pedido de un cliente y este ya tiene otro.',
    en: 'The voucher is for the first order of a customer; this one has ordered already.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
];
