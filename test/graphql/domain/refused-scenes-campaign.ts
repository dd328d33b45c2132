import type { Desk, Input } from './desk.ts';
import type { Asked, RefusedScene } from './refused-scene.ts';

const one = (desk: Desk, code: string, over: Input = {}): Asked => ({ codes: [code], order: desk.order(over) });
const under = async (desk: Desk, conditions: Input, over: Input = {}): Promise<Asked> => one(desk, await desk.code({ conditions }), over);
/** Refusals by the campaign: its state, days, hours and places. */
export const CAMPAIGN_SCENES: readonly RefusedScene[] = [
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
];
