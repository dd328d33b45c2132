import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain } from '@valehub/connector-kit';
import { parseSettings, runFind, runNarrow } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { samples } from './samples.ts';
import { eur, type House, open, perform } from './support.ts';

let house: House;
beforeEach(async () => {
  house = await open({ language: 'es-ES' });
});
afterEach(() => house.close());

const publication = (more: Readonly<Record<string, Plain>> = {}): Plain => ({
  campaignId: 'campaign-1',
  name: 'Primavera',
  incentive: { kind: 'percentOff', percent: '12.5' },
  codes: ['FLOR10'],
  ...more,
});
const publish = (more?: Readonly<Record<string, Plain>>) => perform(house, 'vouchers.publish', publication(more));

describe('a campaign', () => {
  test('is a discount that staff key in, with the shared word in its name', async () => {
    expect(await publish()).toEqual({ job: 'job-1', done: { id: '5/9001' } });
    expect([...house.simphony.discounts.values()]).toEqual([
      { hierUnitId: 5, objectNum: 9001, name: { 'es-ES': 'Primavera FLOR10' }, activationType: 0, percentage: 12.5 },
    ]);
    const written = house.simphony.requests.find(({ path }) => path.endsWith('/upsertDiscounts'));
    expect(written?.headers).toMatchObject({ authorization: 'Bearer content-client-access-1', 'simphony-audittrailref': 'Valehub' });
  });

  test('published twice is one discount; another takes the next free number', async () => {
    await publish();
    expect(await publish()).toEqual({ job: 'job-1', done: { id: '5/9001' } });
    expect(await publish({ name: 'Verano', codes: [], incentive: { kind: 'amountOff', amount: eur(500) } })).toEqual({
      job: 'job-1',
      done: { id: '5/9002' },
    });
    expect(house.simphony.discounts.get('5/9002')).toMatchObject({ amount: 5, name: { 'es-ES': 'Verano' } });
  });

  test('is changed in its place and withdrawn', async () => {
    await publish();
    const changed = { to: { id: '5/9001' }, publication: publication({ incentive: { kind: 'percentOff', percent: '20' } }) };
    expect(await perform(house, 'vouchers.update', changed)).toEqual({ job: 'job-1', done: { id: '5/9001' } });
    expect(house.simphony.discounts.get('5/9001')).toMatchObject({ percentage: 20 });
    const asked = () => runFind(connector, house.ctx(), 'vouchers.withdraw', [{ id: 'job-1', key: 'key', input: { id: '5/9001' } }]);
    expect(await asked()).toEqual({ outcomes: [{ job: 'job-1', absent: true }] });
    expect(await perform(house, 'vouchers.withdraw', { id: '5/9001' })).toEqual({ job: 'job-1', done: null });
    expect(await asked()).toEqual({ outcomes: [{ job: 'job-1', done: null }] });
    expect(house.simphony.discounts.size).toBe(0);
  });

  test('finds its number among more discounts than a page has', async () => {
    const paged = await open({}, { pageSize: 2 });
    for (let objectNum = 9001; objectNum <= 9004; objectNum += 1)
      paged.simphony.discounts.set(`5/${objectNum}`, { hierUnitId: 5, objectNum, name: 'Other' });
    expect(await perform(paged, 'vouchers.publish', publication())).toEqual({ job: 'job-1', done: { id: '5/9005' } });
    expect(await perform(paged, 'vouchers.publish', publication({ name: 'Verano' }))).toMatchObject({
      failed: { code: 'QUOTA_SPENT', message: expect.stringContaining('9001 to 9005') },
    });
    await paged.close();
  });

  test('whose value the enterprise does not keep is no published campaign', async () => {
    const forgetful = await open({}, { forgets: ['percentage', 'amount'] });
    expect(await perform(forgetful, 'vouchers.publish', publication())).toMatchObject({
      failed: { code: 'NOT_SUPPORTED', message: expect.stringContaining('did not keep its value') },
    });
    expect(forgetful.simphony.discounts.size).toBe(0);
    await forgetful.close();
  });

  test.each<[string, Readonly<Record<string, Plain>>, string]>([
    ['on some articles only', { items: ['1'] }, 'Articles and minimum orders'],
    ['from an amount on', { minimumOrder: eur(1000) }, 'Articles and minimum orders'],
    ['with a bound', { incentive: { kind: 'percentOff', percent: '10', maximum: eur(500) } }, 'a percentage without a bound'],
    ['with a free dish', { incentive: { kind: 'freeItem' } }, 'a percentage without a bound'],
    ['with many codes', { codes: ['A', 'B'] }, 'one word at most'],
  ])('%s is refused with the reason', async (_how, more, words) => {
    expect(await publish(more)).toMatchObject({ failed: { code: 'NOT_SUPPORTED', message: expect.stringContaining(words) } });
    expect(house.simphony.discounts.size).toBe(0);
  });

  test('is refused where the connection does not say where discounts are made', async () => {
    const bare = await open({ hierarchyUnit: null });
    expect(await perform(bare, 'vouchers.publish', publication())).toMatchObject({
      failed: { code: 'BAD_INPUT', path: 'settings.hierarchyUnit' },
    });
    expect(await perform(house, 'vouchers.withdraw', { id: 'of-another' })).toMatchObject({ failed: { code: 'BAD_INPUT', path: 'id' } });
    await bare.close();
  });

  test('of whose account the token has ended is published with a new one', async () => {
    house.simphony.revokeTokens();
    expect(await publish()).toEqual({ job: 'job-1', done: { id: '5/9001' } });
    expect(house.logIns()).toBe(2);
  });
});

describe('what the connection can do', () => {
  const narrowed = async (leave: readonly string[]) => {
    const { apiBaseUrl: _url, ...settings } = house.simphony.settings;
    const fewer = Object.fromEntries(Object.entries(settings).filter(([name]) => !leave.includes(name)));
    const one = await open({ ...fewer, ...Object.fromEntries(leave.map((name) => [name, null])) });
    const ran = await runNarrow(connector, one.ctx());
    await one.close();
    return ran.ok ? ran.value : undefined;
  };

  test('shrinks with what was entered', async () => {
    expect(await narrowed([])).toEqual({});
    expect(await narrowed(['voucherDiscount'])).toEqual({});
    expect(await narrowed(['voucherDiscount', 'voucherTender'])).toEqual({ 'orders.apply': 'NOT_POSSIBLE' });
    expect(await narrowed(['configurationHost'])).toMatchObject({ 'lifecycle.publish': 'NOT_POSSIBLE', 'incentive.percentOff': 'BY_HUB' });
  });
});

test.each([
  ['https://sts.example.com/api/v1', 'sts.example.com'],
  ['STS.Example.com:8443', 'sts.example.com:8443'],
])('a host may be copied as %s', (entered, host) => {
  const result = parseSettings(connector, { ...samples.settings, servicesHost: entered });
  expect(result.ok && result.parsed.settings['servicesHost']).toBe(host);
});
