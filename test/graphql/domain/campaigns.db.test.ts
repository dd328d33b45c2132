import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { createStore } from '../stage.ts';
import { amounts, type Desk, type Input, off, openDesk, part, reasons } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const CREATE = 'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id currency taxClass } }';
const create = async (input: Input) =>
  (await desk.hub.ask(CREATE, { input: { name: 'Mayo', incentive: { percentOff: { percent: '10' } }, ...input } })).createCampaign;
const faults = (input: Input): Promise<string[]> => desk.faults(CREATE, { input: { name: 'Mayo', ...input } });
const deed = (name: string, id: string) => desk.hub.ask(`mutation ($id: ID!) { ${name}(id: $id) { status } }`, { id });
const use = (code: string, over: Input = {}) => desk.redeem([code], desk.order(over));

describe('a sub-campaign is of no use while its main is not active', () => {
  test.each<[string, (main: string) => Promise<unknown>, string]>([
    ['PAUSED', (main) => desk.pause(main), 'CAMPAIGN_PAUSED'],
    ['ENDED', (main) => desk.end(main), 'CAMPAIGN_ENDED'],
  ])('%s', async (_, end, reason) => {
    const main = await desk.campaign({ name: 'Verano', incentive: null });
    const code = await desk.code({ parentId: main });
    await end(main);
    const answer = await use(code);
    expect(reasons(answer)).toEqual([reason]);
    expect(answer.rejections[0].message).toContain('Verano');
  });

  test('a draft: CAMPAIGN_NOT_ACTIVE, and good once the main is active', async () => {
    const main = await desk.campaign({ incentive: null, active: false });
    const code = await desk.code({ parentId: main });
    expect(reasons(await use(code))).toEqual(['CAMPAIGN_NOT_ACTIVE']);
    await deed('activateCampaign', main);
    expect(amounts(await use(code))).toEqual([200]);
  });
});

describe('when a campaign holds', () => {
  test('activated with its first day ahead it is SCHEDULED, and begins with that business day', async () => {
    const id = await desk.campaign({ startsOn: '2026-05-09' });
    expect((await desk.counts(id)).status).toBe('SCHEDULED');
    const [code = ''] = await desk.codesOf(id);
    expect(reasons(await use(code, { placedAt: '2026-05-09T03:59:59+02:00' }))).toEqual(['CAMPAIGN_NOT_STARTED']);
    expect(amounts(await use(code, { placedAt: '2026-05-09T04:00:00+02:00' }))).toEqual([200]);
  });

  test('its last day belongs to it, to the end of that business day', async () => {
    const word = await desk.word({ endsOn: '2026-05-08' });
    expect(amounts(await use(word, { placedAt: '2026-05-09T03:59:59+02:00' }))).toEqual([200]);
    expect(reasons(await use(word, { placedAt: '2026-05-09T04:00:00+02:00' }))).toEqual(['CAMPAIGN_ENDED']);
  });

  test('paused, it is of no use; active again, its vouchers are good; ended, for good not', async () => {
    const id = await desk.campaign();
    const [code = ''] = await desk.codesOf(id);
    await desk.pause(id);
    expect(reasons(await use(code))).toEqual(['CAMPAIGN_PAUSED']);
    await deed('activateCampaign', id);
    expect((await desk.validate([code], desk.order())).outcomes[0].__typename).toBe('Applicable');
    await desk.end(id);
    expect(reasons(await use(code))).toEqual(['CAMPAIGN_ENDED']);
    expect(await desk.faults('mutation ($id: ID!) { activateCampaign(id: $id) { id } }', { id })).toEqual([
      expect.stringMatching(/^CONFLICT/),
    ]);
  });
});

describe('where a campaign holds', () => {
  test('without stores everywhere, with stores there alone', async () => {
    const other = await createStore(desk.hub, { name: 'Málaga' });
    expect(amounts(await use(await desk.code(), { storeId: other }))).toEqual([200]);
    const code = await desk.code({ storeIds: [other] });
    const refused = await use(code);
    expect(refused.rejections[0]).toMatchObject({
      reason: 'WRONG_STORE',
      nearestBasket: { storeIds: [other], message: expect.stringContaining('Málaga') },
    });
    expect(amounts(await use(code, { storeId: other }))).toEqual([200]);
  });

  test('a store that there is not is NOT_FOUND, not a reason', async () => {
    const order = desk.order({ storeId: 'sto_nowhere' });
    const code = await desk.code();
    for (const told of [
      await desk.faultsOf.redeem([code], order),
      await desk.faultsOf.validate([code], order),
      await desk.faultsOf.record(order),
    ])
      expect(told).toEqual([expect.stringMatching(/^NOT_FOUND/)]);
    expect(await faults({ storeIds: ['sto_nowhere'] })).toEqual([expect.stringMatching(/^NOT_FOUND/)]);
  });

  test('in the currency of the store: another is WRONG_CURRENCY', async () => {
    expect(reasons(await use(await desk.code(), { currency: 'USD' }))).toEqual(['WRONG_CURRENCY']);
    const london = await createStore(desk.hub, { name: 'Soho', currency: 'GBP', timeZone: 'Europe/London' });
    const answer = await use(await desk.code({ incentive: off(100) }), { storeId: london, currency: 'GBP' });
    expect(reasons(answer)).toEqual(['WRONG_CURRENCY']);
  });

  test('has the currency of its money, else of its stores; a mixture is a fault', async () => {
    const london = await createStore(desk.hub, { name: 'Bow', currency: 'GBP', timeZone: 'Europe/London' });
    expect(await create({ incentive: off(100) })).toMatchObject({ currency: 'EUR' });
    expect(await create({ storeIds: [london] })).toMatchObject({ currency: 'GBP' });
    expect((await faults({ incentive: off(100), budget: { minor: 100, currency: 'GBP' } })).join()).toContain('BAD_USER_INPUT');
    expect((await faults({ incentive: off(100), storeIds: [london] })).join()).toContain('BAD_USER_INPUT');
  });
});

describe('tax class', () => {
  test.each<[string, Input, string]>([
    ['a discount', off(100), 'DISCOUNT'],
    ['a part payment', part(100), 'PAYMENT'],
    ['a gift card', { giftBalance: { value: { minor: 100, currency: 'EUR' } } }, 'MULTI_PURPOSE'],
  ])('of %s, unless said', async (_, incentive, taxClass) => {
    expect((await create({ incentive })).taxClass).toBe(taxClass);
  });

  test('a part payment is no discount', async () => {
    expect(await faults({ incentive: part(100), taxClass: 'DISCOUNT' })).toEqual(['BAD_USER_INPUT input.taxClass']);
  });
});

describe('what cannot be put in is told with its path', () => {
  test.each<[string, Input, string]>([
    ['a percentage of nothing', { incentive: { percentOff: { percent: '0' } } }, 'input.incentive.percentOff.percent'],
    ['more than all', { incentive: { percentOff: { percent: '100.01' } } }, 'input.incentive.percentOff.percent'],
    ['an amount of nothing', { incentive: off(0) }, 'input.incentive.amountOff.amount'],
    [
      'ALL with a quantity',
      { incentive: off(100, { pick: 'ALL', applicableQuantity: '1' }) },
      'input.incentive.amountOff.scope.applicableQuantity',
    ],
    ['an end before the beginning', { startsOn: '2026-05-09', endsOn: '2026-05-08' }, 'input.endsOn'],
    ['a limit below nothing', { limits: [{ counts: 'REDEMPTIONS', per: 'CAMPAIGN', max: -1 }] }, 'input.limits[0].max'],
  ])('%s', async (_, input, path) => {
    expect(await faults({ incentive: off(100), ...input })).toEqual([expect.stringContaining(`BAD_USER_INPUT ${path}`)]);
  });

  test('exactly one incentive', async () => {
    const both = { incentive: { ...off(100), ...part(100) } };
    const { errors } = await desk.hub.graphql(CREATE, { input: { name: 'Mayo', ...both } });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
