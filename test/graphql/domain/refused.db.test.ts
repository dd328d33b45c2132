import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { REASON_CODES, type ReasonCode } from '../../../src/domain/shared/reasons.ts';
import { closeAgreed } from '../../helpers/agree.ts';
import { type Any, type Desk, type Input, off, openDesk } from './desk.ts';
import { REFUSED_SCENES } from './refused-scenes.ts';

jest.setTimeout(60_000);

let desk: Desk;
let shopper: string;
let address = 0;

beforeAll(async () => {
  desk = await openDesk({ env: { VALEHUB_TRUST_PROXY: '1' } });
  shopper = await desk.hub.keyFor('PUBLIC');
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const english = { headers: { 'accept-language': 'en' } };
const spanish = { headers: { 'accept-language': 'es' } };
/** Each from an address of its own, so that no budget of attempts runs out. */
const publicly = (): Input => {
  address += 1;
  return { key: shopper, headers: { 'accept-language': 'en', 'x-forwarded-for': `10.0.0.${address}` } };
};

const NEAREST = { addAmount: null, addQuantity: null, eligibleSkus: null, validFrom: null, validUntil: null };

/** Where a refusal comes of the deed itself, not of a rule: asked anew for each language. */
const DEEDS: readonly {
  readonly reason: ReasonCode;
  readonly when?: string;
  readonly ask: (asking: Input) => Promise<Any>;
  readonly es: string;
  readonly en: string;
  readonly publicReason: string;
  readonly retryable: boolean;
}[] = [
  {
    reason: 'HOLD_EXPIRED',
    when: 'it was released',
    ask: async (asking) => {
      const order = desk.order();
      const { hold } = await desk.hold([await desk.code()], order);
      await desk.release(hold.id);
      return desk.redeem(null, order, { holdId: hold.id }, asking);
    },
    es: 'La reserva del vale ya no está vigente. Vuelve a pasar el código.',
    en: 'The hold is over. Enter the code again.',
    publicReason: 'TRY_LATER',
    retryable: true,
  },
  {
    reason: 'HOLD_MISMATCH',
    ask: async (asking) => {
      const order = desk.order();
      const { hold } = await desk.hold([await desk.code()], order);
      return desk.redeem(null, { ...order, lines: [{ ...order['lines'][0], unitPrice: 999 }] }, { holdId: hold.id }, asking);
    },
    es: 'El pedido no coincide con el de la reserva del vale: resérvalo de nuevo.',
    en: 'The order is not the one the hold was made for: hold the voucher again.',
    publicReason: 'NOT_THIS_BASKET',
    retryable: false,
  },
  {
    reason: 'IDEMPOTENCY_KEY_REUSED',
    ask: async (asking) => {
      const idempotencyKey = desk.key();
      await desk.redeem([await desk.code()], desk.order(), { idempotencyKey });
      return desk.redeem([await desk.code()], desk.order(), { idempotencyKey }, asking);
    },
    es: 'La clave de idempotencia es de otra petición: usa una nueva.',
    en: 'The idempotency key belongs to another request: take a new one.',
    publicReason: 'TRY_LATER',
    retryable: true,
  },
  {
    reason: 'ALREADY_REVERSED',
    ask: async (asking) => {
      const { redemptions } = await desk.redeem([await desk.code()], desk.order());
      await desk.reverse({ redemptionId: redemptions[0].id });
      return desk.reverse({ redemptionId: redemptions[0].id }, asking);
    },
    es: 'No queda nada por devolver.',
    en: 'Nothing is left to take back.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'REVERSAL_EXCEEDS',
    ask: async (asking) => {
      const { redemptions } = await desk.redeem([await desk.code({ incentive: off(500) })], desk.order());
      return desk.reverse({ redemptionId: redemptions[0].id, amount: 800 }, asking);
    },
    es: 'Se quieren devolver 8,00 € y solo quedan 5,00 €.',
    en: '8.00 EUR is to be taken back, but only 5.00 EUR is left.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'REVERSAL_EXCEEDS',
    when: 'units of a line',
    ask: async (asking) => {
      const { redemptions } = await desk.redeem([await desk.code()], desk.order());
      return desk.reverse({ redemptionId: redemptions[0].id, units: [{ lineId: 'menu', quantity: '3' }] }, asking);
    },
    es: 'De la línea menu se quieren devolver 3 y solo quedan 2.',
    en: '3 of line menu is to be taken back, but only 2 is left.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
];

test('every reason there is has its scene here', () => {
  const shown = new Set([...REFUSED_SCENES, ...DEEDS].map(({ reason }) => reason).concat('TOO_MANY_ATTEMPTS'));
  expect(REASON_CODES.filter((reason) => !shown.has(reason))).toEqual([]);
});

describe('a voucher that is refused: staff hear the rule in their language with its numbers, the public its class', () => {
  const named = REFUSED_SCENES.map((scene) => [`${scene.reason}${scene.when === undefined ? '' : `: ${scene.when}`}`, scene] as const);
  test.each(named)('%s', async (_name, { reason, set, es, en, publicReason, retryable, nearest, nearestEn, aheadOfNow }) => {
    const { codes, order, tillId, index = 0 } = await set(desk);
    const more = { tillId };
    const look = async (asking: Input) => (await desk.validate(codes, order, more, asking)).outcomes[index];
    const refusal = await look(english);
    const failures = [{ reason, message: en }];
    expect(refusal).toMatchObject({ __typename: 'Rejection', reason, publicReason, retryable, message: en, failures });
    expect(refusal.failures).toHaveLength(1);
    expect(refusal.nearestBasket).toEqual(
      nearest === undefined ? null : { ...NEAREST, storeIds: refusal.nearestBasket?.storeIds ?? null, ...nearest, message: nearestEn },
    );
    expect(refusal).toMatchObject({ orderSource: 'api', orderExternalId: order['externalId'] });
    expect(await look(spanish)).toMatchObject({ reason, message: es });

    const redeemed = await desk.redeem(codes, order, more, english);
    const { code } = refusal;
    expect(redeemed.rejections).toContainEqual(
      expect.objectContaining({ code, reason, message: en, nearestBasket: refusal.nearestBasket }),
    );

    if (aheadOfNow) return;
    const heard = await look(publicly());
    expect(heard).toMatchObject({ reason: null, publicReason, failures: null });
    if (publicReason !== 'NOT_USABLE') expect(heard).toMatchObject({ retryable, nearestBasket: refusal.nearestBasket });
    else expect(heard).toMatchObject({ message: 'This code cannot be used.', retryable: false, nearestBasket: null });
  });
});

describe('where several rules fail', () => {
  test('the first is the headline, all are listed for staff, and what would help is told of all', async () => {
    const code = await desk.code({
      startsOn: '2026-05-10',
      conditions: { minimumOrder: 5_000, channels: ['ONLINE'], customerRequired: true },
      incentive: { percentOff: { percent: '10', scope: { include: { skus: ['flan'] } } } },
    });
    const { outcomes } = await desk.validate([code], desk.order(), {}, english);
    expect(outcomes[0].reason).toBe('CAMPAIGN_NOT_STARTED');
    expect(outcomes[0].failures.map(({ reason }: Any) => reason)).toEqual([
      'CAMPAIGN_NOT_STARTED',
      'WRONG_CHANNEL',
      'CUSTOMER_REQUIRED',
      'ORDER_BELOW_MINIMUM',
      'NO_ELIGIBLE_ITEM',
    ]);
    expect(outcomes[0].nearestBasket).toMatchObject({
      validFrom: '2026-05-10T02:00:00.000Z',
      addAmount: { minor: 3_000 },
      addQuantity: '1',
      eligibleSkus: ['flan'],
    });
  });

  test('as soon as one says nothing to the public, nothing is said to it', async () => {
    const code = await desk.code({ startsOn: '2026-05-10', conditions: { minimumOrder: 5_000 } });
    await desk.mark('blockVoucher', code);
    const { outcomes } = await desk.validate([code], desk.order(), {}, publicly());
    expect(outcomes[0]).toMatchObject({ publicReason: 'NOT_USABLE', message: 'This code cannot be used.', nearestBasket: null });
  });
});

describe('a deed that is refused', () => {
  const named = DEEDS.map((deed) => [`${deed.reason}${deed.when === undefined ? '' : `: ${deed.when}`}`, deed] as const);
  test.each(named)('%s', async (_name, { reason, ask, es, en, publicReason, retryable }) => {
    const failure = expect.objectContaining({ reason, message: en });
    expect((await ask(english)).rejections).toEqual([
      expect.objectContaining({ reason, message: en, publicReason, retryable, failures: [failure] }),
    ]);
    expect((await ask(spanish)).rejections).toEqual([expect.objectContaining({ reason, message: es })]);
  });

  test('TOO_MANY_ATTEMPTS: staff read it in the record of a try that the public heard TRY_LATER of', async () => {
    const asking = publicly();
    const look = async () => (await desk.validate(['DV@'], desk.order(), {}, asking)).outcomes[0];
    for (let time = 0; time < 20; time += 1) await look();
    const heard = await look();
    expect(heard).toMatchObject({ reason: null, publicReason: 'TRY_LATER', retryable: true, nearestBasket: null });
    const { rows } = await desk.hub.hub.database.pool.query('select reason from rejection where id = $1', [heard.id]);
    expect(rows).toEqual([{ reason: 'TOO_MANY_ATTEMPTS' }]);
  });
});
