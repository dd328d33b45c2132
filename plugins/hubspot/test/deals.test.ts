import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Ctx, HubEvent } from '@valehub/connector-kit';
import { called, connect, NOW, push, transport } from './connected.ts';
import { type HubSpotStandIn, startHubSpot } from './stand-in.ts';

let hubspot: HubSpotStandIn;
let ctx: Ctx;

beforeEach(async () => {
  hubspot = await startHubSpot({ now: () => NOW, currencies: ['USD'] });
  ctx = connect(hubspot);
});
afterEach(() => hubspot.close());
afterAll(() => transport.close());

const eur = (minor: number) => ({ minor, currency: 'EUR' });

const ANA = { hubId: 'cus_1', name: 'Ana García', email: 'ana@example.com', phone: '+34600000001' };

const redeemed = (more: Partial<HubEvent> = {}): HubEvent => ({
  id: 'evt_1',
  type: 'VOUCHER_REDEEMED',
  at: '2026-03-06T19:20:00.000Z',
  businessDay: '2026-03-06',
  code: 'DV4711',
  amount: eur(1250),
  store: { id: 'sto_1', name: 'Sevilla' },
  campaign: { id: 'cam_1', name: 'Spring' },
  redemptionId: 'red_1',
  customer: ANA,
  data: { redemptionId: 'red_1', kind: 'ORDER_DISCOUNT' },
  ...more,
});

const reversed = (id: string, minor: number, whole: boolean, more: Partial<HubEvent> = {}): HubEvent =>
  redeemed({
    id,
    type: 'REDEMPTION_REVERSED',
    at: '2026-03-06T19:25:00.000Z',
    amount: eur(minor),
    data: { redemptionId: 'red_1', whole },
    ...more,
  });

describe('HubSpot logs voucher events by the Deals API', () => {
  test('a redemption is a deal of its contact', async () => {
    const [outcome] = await push(ctx, redeemed());
    const [deal] = hubspot.deals();
    const [contact] = hubspot.contacts();
    expect(outcome).toMatchObject({ done: { id: deal?.['hs_object_id'], url: expect.stringContaining('/0-3/') } });
    expect(deal).toMatchObject({
      dealname: 'Voucher, Spring, Sevilla',
      pipeline: 'default',
      dealstage: 'closedwon',
      amount: '12.50',
      closedate: '2026-03-06T19:20:00.000Z',
      voucher_redemption_id: 'red_1',
      voucher_code: 'DV4711',
      voucher_campaign: 'Spring',
      voucher_store: 'Sevilla',
      voucher_status: 'REDEEMED',
    });
    expect(deal).not.toHaveProperty('deal_currency_code');
    expect(contact).toMatchObject({ email: 'ana@example.com', firstname: 'Ana', lastname: 'García', valehub_customer_id: 'cus_1' });
    expect([...hubspot.associations]).toEqual([`${deal?.['hs_object_id']} ${contact?.id}`]);
  });

  test('a redemption is sent as an upsert by its own property', async () => {
    await push(ctx, redeemed());
    const sent = hubspot.requests
      .filter(({ path }) => path === '/crm/objects/2026-03/0-3/batch/upsert')
      .map(({ text }) => JSON.parse(text));
    expect(sent.at(-1)).toEqual({
      inputs: [
        {
          id: 'red_1',
          idProperty: 'voucher_redemption_id',
          objectWriteTraceId: '0',
          properties: {
            dealname: 'Voucher, Spring, Sevilla',
            pipeline: 'default',
            dealstage: 'closedwon',
            closedate: '2026-03-06T19:20:00.000Z',
            amount: '12.50',
            voucher_redemption_id: 'red_1',
            voucher_code: 'DV4711',
            voucher_campaign: 'Spring',
            voucher_store: 'Sevilla',
            voucher_given: '12.50',
            voucher_status: 'REDEEMED',
          },
        },
      ],
    });
    expect(hubspot.requests.every(({ headers }) => headers['authorization'] === 'Bearer pat-eu1-invented-for-tests')).toBe(true);
  });

  test('the same event again, and one whose answer was lost, make no second deal and no second contact', async () => {
    await push(ctx, redeemed());
    const before = hubspot.requests.length;
    await push(ctx, redeemed());
    expect(hubspot.requests.length - before).toBe(4);
    for (const lost of [1, 2, 3, 4]) {
      hubspot.failNext(...Array.from({ length: lost - 1 }, () => ({ status: 429, body: {} })), 'LATE');
      await push(ctx, redeemed());
      await push(ctx, redeemed());
    }
    expect(hubspot.deals()).toHaveLength(1);
    expect(hubspot.contacts()).toHaveLength(1);
    expect(hubspot.associations.size).toBe(1);
  });

  test('an answer that is lost leaves the outcome open, and the verb may go again', async () => {
    await push(ctx, redeemed({ customer: undefined as never }));
    hubspot.failNext('LATE');
    expect(await push(ctx, redeemed())).toMatchObject([{ failed: { code: 'PLATFORM_DOWN', unknown: true } }]);
    expect(await push(ctx, redeemed())).toMatchObject([{ done: {} }]);
    expect(hubspot.deals()).toHaveLength(1);
  });

  test('what is taken back stands on the same deal', async () => {
    await push(ctx, redeemed());
    await push(ctx, reversed('evt_2', 400, false));
    expect(hubspot.deals()).toMatchObject([
      { amount: '8.50', voucher_status: 'PARTLY_REVERSED', dealstage: 'closedwon', voucher_given: '12.50' },
    ]);
    await push(ctx, reversed('evt_3', 850, true));
    expect(hubspot.deals()).toMatchObject([{ amount: '0.00', voucher_status: 'REVERSED', dealstage: 'closedlost' }]);
  });

  const all = [redeemed(), reversed('evt_2', 400, false), reversed('evt_3', 850, true)] as const;
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;
  const splits = [[3], [1, 2], [2, 1], [1, 1, 1]] as const;

  test.each(orders.flatMap((order) => splits.map((split) => [order, split] as const)))(
    'events in the order %j, in batches of %j and each told twice, end in the same deal',
    async (order, split) => {
      let from = 0;
      for (const size of split) {
        const batch = order.slice(from, from + size).flatMap((index) => all[index] ?? []);
        await push(ctx, ...batch);
        await push(ctx, ...batch);
        from += size;
      }
      expect(hubspot.deals()).toHaveLength(1);
      expect(hubspot.deals()).toMatchObject([
        { amount: '0.00', voucher_given: '12.50', voucher_status: 'REVERSED', dealstage: 'closedlost', voucher_code: 'DV4711' },
      ]);
    },
  );

  test('a hundred redemptions are four calls, and their amounts add up to the cent', async () => {
    await push(ctx, redeemed());
    const before = hubspot.requests.length;
    const events = Array.from({ length: 100 }, (_, index) =>
      redeemed({
        id: `evt_m${index}`,
        redemptionId: `red_m${index}`,
        amount: eur(index * 7 + 1),
        customer: { hubId: `cus_${index % 40}` },
      }),
    );
    const outcomes = await push(ctx, ...events);
    expect(outcomes.every((outcome) => 'done' in outcome)).toBe(true);
    expect(hubspot.requests.length - before).toBe(4);
    const cents = hubspot.deals().map(({ amount }) => BigInt((amount ?? '').replace('.', '')));
    expect(cents.reduce((sum, one) => sum + one, 0n)).toBe(
      1250n + events.reduce((sum, { amount }) => sum + BigInt(amount?.minor ?? 0), 0n),
    );
    expect(hubspot.contacts()).toHaveLength(40);
  });

  test('its properties are made once, on first use, and looked for before', async () => {
    await push(ctx, redeemed());
    const made = called(hubspot).filter((call) => call.startsWith('POST /crm/properties'));
    expect(made.filter((call) => call.endsWith('/deals'))).toHaveLength(7);
    expect(made.filter((call) => call.endsWith('/contacts'))).toHaveLength(1);
    await push(ctx, redeemed({ id: 'evt_9', redemptionId: 'red_9' }));
    expect(called(hubspot).filter((call) => call.includes('/crm/properties')).length).toBe(made.length + 2);
  });
});

describe('a deal', () => {
  test('that a person has renamed and moved stays so, until the redemption changes', async () => {
    await push(ctx, redeemed());
    const [deal] = hubspot.deals() as [Record<string, string>];
    Object.assign(deal, { dealname: 'Ours', dealstage: 'invoiced', pipeline: 'other' });
    await push(ctx, redeemed());
    expect(hubspot.deals()).toMatchObject([{ dealname: 'Ours', dealstage: 'invoiced', pipeline: 'other' }]);
    await push(ctx, reversed('evt_2', 1250, true));
    expect(hubspot.deals()).toMatchObject([{ dealname: 'Ours', dealstage: 'closedlost', pipeline: 'other' }]);
  });

  test('stands in the pipeline and stages of the settings', async () => {
    const other = connect(hubspot, { pipeline: '77', redeemedStage: '701', reversedStage: '702' });
    await push(
      other,
      redeemed(),
      redeemed({ id: 'evt_2', redemptionId: 'red_2' }),
      reversed('evt_3', 1250, true, { redemptionId: 'red_2' }),
    );
    expect(hubspot.deals()).toMatchObject([
      { pipeline: '77', dealstage: '701' },
      { pipeline: '77', dealstage: '702' },
    ]);
  });

  test.each([
    ['USD', 2, '5.05'],
    ['JPY', 0, '505'],
  ])('in %s', async (currency, _digits, amount) => {
    const facts = { currency: 'EUR', currencies: 'USD,JPY' };
    await push(connect(hubspot, {}, facts), redeemed({ amount: { minor: 505, currency } }));
    expect(hubspot.deals()).toMatchObject([{ amount, deal_currency_code: currency }]);
  });

  test('in a currency that the account does not keep is refused with what to do, and the others go on', async () => {
    const outcomes = await push(
      ctx,
      redeemed({ amount: { minor: 505, currency: 'GBP' } }),
      redeemed({ id: 'evt_2', redemptionId: 'red_2' }),
    );
    expect(outcomes).toMatchObject([
      { failed: { code: 'BAD_INPUT', path: 'amount.currency', message: expect.stringContaining('GBP') } },
      { done: {} },
    ]);
  });

  test('whose reversals were changed by hand says so', async () => {
    await push(ctx, redeemed());
    const [deal] = hubspot.deals() as [Record<string, string>];
    deal['voucher_reversals'] = 'three euro';
    expect(await push(ctx, reversed('evt_2', 100, false))).toMatchObject([{ failed: { code: 'BAD_INPUT', path: 'voucher_reversals' } }]);
  });

  test('of nobody has no contact', async () => {
    const { customer: _nobody, ...anonymous } = redeemed();
    expect(await push(ctx, anonymous)).toMatchObject([{ done: {} }]);
    expect(hubspot.contacts()).toEqual([]);
    expect(hubspot.associations.size).toBe(0);
  });

  test('of a contact that HubSpot does not take is there all the same, and the contact’s fault is told without the address', async () => {
    const [outcome] = await push(ctx, redeemed({ customer: { hubId: 'cus_1', email: 'ana@nowhere' } }));
    expect(outcome).toMatchObject({ failed: { code: 'BAD_INPUT', path: 'customer.email' } });
    expect(JSON.stringify(outcome)).not.toContain('ana@nowhere');
    expect(hubspot.deals()).toHaveLength(1);
  });

  test('whose association fails is told so, and tied by the next attempt', async () => {
    let broken = true;
    const other = await startHubSpot({
      now: () => NOW,
      fault: ({ path }) => (broken && path.includes('/associate/') ? { status: 503 } : undefined),
    });
    expect(await push(connect(other), redeemed())).toMatchObject([{ failed: { code: 'PLATFORM_DOWN' } }]);
    broken = false;
    expect(await push(connect(other), redeemed())).toMatchObject([{ done: {} }]);
    expect(other.deals()).toHaveLength(1);
    expect(other.associations.size).toBe(1);
    await other.close();
  });
});

describe('other events', () => {
  const issued = redeemed({ id: 'evt_7', type: 'VOUCHER_ISSUED', redemptionId: undefined as never });

  test('are not supported, with the reason', async () => {
    expect(await push(ctx, issued)).toMatchObject([
      { failed: { code: 'NOT_SUPPORTED', message: expect.stringContaining('VOUCHER_ISSUED') } },
    ]);
    expect(hubspot.requests).toEqual([]);
  });

  test('stand on the timeline of their contact where the connection names an event type, once', async () => {
    const told = connect(hubspot, { timelineEvent: 'acme_vouchers_event' });
    for (const _twice of [1, 2]) expect(await push(told, issued, redeemed())).toMatchObject([{ done: { id: 'evt_7' } }, { done: {} }]);
    const [contact] = hubspot.contacts();
    expect([...hubspot.timeline.values()]).toMatchObject([
      {
        eventTypeName: 'acme_vouchers_event',
        id: 'evt_7',
        objectId: contact?.id,
        timestamp: issued.at,
        properties: {
          type: 'VOUCHER_ISSUED',
          voucher_code: 'DV4711',
          amount: '12.50',
          currency: 'EUR',
          campaign: 'Spring',
          store: 'Sevilla',
        },
      },
      { id: 'evt_1' },
    ]);
    const { customer: _nobody, ...anonymous } = issued;
    expect(await push(told, anonymous)).toMatchObject([{ failed: { code: 'NOT_SUPPORTED' } }]);
  });
});
