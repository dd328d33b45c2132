import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { TestClock } from '../domain/fixture.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { order, type Stage, setStage } from './stage.ts';

const WRONG = 'DV0000000000000';
const VALIDATE =
  'query ($input: ValidateInput!) { validate(input: $input) { outcomes { __typename ... on Rejection { id publicReason message } } } }';

const clock = new TestClock(new Date().toISOString());
let hub: TestHub;
let second: TestHub;
let stage: Stage;
let shopper: string;
let address = 0;

beforeAll(async () => {
  hub = await startTestHub({ clock, env: { VALEHUB_TRUST_PROXY: '1' } });
  second = await startTestHub({ clock, env: { VALEHUB_TRUST_PROXY: '1' }, besides: hub });
  stage = await setStage(hub);
});
afterAll(async () => {
  await second.stop();
  await hub.stop();
});
beforeEach(async () => {
  clock.tick(61_000);
  address += 1;
  shopper = await hub.keyFor('PUBLIC');
});

const from = (ip: string): Record<string, string> => ({ 'x-forwarded-for': ip, 'accept-language': 'en' });

async function outcomes(
  codes: readonly string[],
  { ip = `10.0.0.${address}`, key = shopper, customer, at = hub }: { ip?: string; key?: string; customer?: unknown; at?: TestHub } = {},
): Promise<string[]> {
  const { data, errors } = await at.graphql(
    VALIDATE,
    { input: { codes, order: order(stage.storeId, { customer }) } },
    { key, headers: from(ip) },
  );
  expect(errors).toBeUndefined();
  return data.validate.outcomes.map(
    ({ __typename: name, publicReason }: { __typename: string; publicReason?: string }) => publicReason ?? name,
  );
}

async function wrongTries(count: number, options: Parameters<typeof outcomes>[1] = {}): Promise<void> {
  for (let time = 0; time < count; time += 1) expect(await outcomes([WRONG], options)).toEqual(['NOT_USABLE']);
}

describe('the public', () => {
  test('may try twenty wrong codes a minute from one address; then every code is TRY_LATER, until the minute is over', async () => {
    await wrongTries(20);
    expect(await outcomes([WRONG])).toEqual(['TRY_LATER']);
    expect(await outcomes([stage.codes[0] as string, WRONG])).toEqual(['TRY_LATER', 'TRY_LATER']);
    clock.tick(61_000);
    expect(await outcomes([stage.codes[0] as string])).toEqual(['Applicable']);
  });

  test('is refused with a record whose reason staff can read', async () => {
    await wrongTries(20);
    const { data } = await hub.graphql(
      VALIDATE,
      { input: { codes: [WRONG], order: order(stage.storeId) } },
      { key: shopper, headers: from(`10.0.0.${address}`) },
    );
    const [{ id }] = data.validate.outcomes;
    const { rows } = await hub.hub.database.pool.query('select reason, action from rejection where id = $1', [id]);
    expect(rows).toEqual([{ reason: 'TOO_MANY_ATTEMPTS', action: 'VALIDATE' }]);
  });

  test('pays nothing for right codes, nor for wrong ones beside a right one', async () => {
    for (let time = 0; time < 30; time += 1)
      expect(await outcomes([stage.codes[1] as string, WRONG])).toEqual(['Applicable', 'NOT_USABLE']);
    await wrongTries(20);
    expect(await outcomes([stage.codes[1] as string])).toEqual(['TRY_LATER']);
  });

  test('at one address does not spend the budget of another', async () => {
    await wrongTries(20);
    expect(await outcomes([stage.codes[0] as string], { ip: '10.9.9.9' })).toEqual(['Applicable']);
  });

  test('has one budget for a whole IPv6 network', async () => {
    await wrongTries(10, { ip: `2001:db8:1:${address}::1` });
    await wrongTries(10, { ip: `2001:0db8:1:${address}:ffff::2` });
    expect(await outcomes([WRONG], { ip: `2001:db8:1:${address}:0:0:0:3` })).toEqual(['TRY_LATER']);
    expect(await outcomes([WRONG], { ip: `2001:db8:2:${address}::1` })).toEqual(['NOT_USABLE']);
  });

  test('has one budget for an address, whatever its proxy says of the port', async () => {
    await wrongTries(20, { ip: '192.0.2.77:1000' });
    expect(await outcomes([WRONG], { ip: '192.0.2.77:1001' })).toEqual(['TRY_LATER']);
    await wrongTries(20, { ip: '[2001:db8:77::1]:1000' });
    expect(await outcomes([WRONG], { ip: '2001:db8:77::2' })).toEqual(['TRY_LATER']);
  });

  test('pays for asking whether a phone and an e-mail are of two people who are known', async () => {
    for (const input of [{ phone: '+34600888111' }, { email: 'two@example.com' }])
      await hub.ask('mutation ($input: CustomerInput!) { upsertCustomer(input: $input) { id } }', { input });
    const customer = { phone: '+34600888111', email: 'two@example.com' };
    const ask = () =>
      hub.graphql(
        VALIDATE,
        { input: { codes: [stage.codes[0]], order: order(stage.storeId, { customer }) } },
        { key: shopper, headers: from('192.0.2.88') },
      );
    for (let time = 0; time < 20; time += 1) expect((await ask()).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    const { data, errors } = await ask();
    expect(errors).toBeUndefined();
    expect(data.validate.outcomes[0].publicReason).toBe('TRY_LATER');
  });

  test('has one budget for a customer, wherever the tries come from', async () => {
    const customer = { phone: `+346001112${String(address).padStart(2, '0')}` };
    for (let time = 0; time < 20; time += 1) await wrongTries(1, { customer, ip: `10.1.${address}.${time}` });
    expect(await outcomes([WRONG], { customer, ip: '10.2.0.1' })).toEqual(['TRY_LATER']);
    expect(await outcomes([WRONG], { ip: '10.2.0.1' })).toEqual(['NOT_USABLE']);
  });

  test('has six hundred a minute for a key', async () => {
    for (let time = 0; time < 30; time += 1)
      await Promise.all(Array.from({ length: 20 }, () => outcomes([WRONG], { ip: `10.3.${address}.${time}` })));
    expect(await outcomes([WRONG], { ip: '10.4.0.1' })).toEqual(['TRY_LATER']);
    expect(await outcomes([WRONG], { ip: '10.4.0.1', key: await hub.keyFor('PUBLIC') })).toEqual(['NOT_USABLE']);
  });

  test('gains nothing by asking all at once: no more are looked at than the budget allows', async () => {
    const { desk } = hub.hub;
    const { validate } = desk;
    let looked = 0;
    desk.validate = (...question) => {
      looked += 1;
      return validate.apply(desk, question);
    };
    const answers = await Promise.all(Array.from({ length: 60 }, () => outcomes([WRONG])));
    expect(answers.filter(([outcome]) => outcome === 'NOT_USABLE')).toHaveLength(20);
    expect(answers.filter(([outcome]) => outcome === 'TRY_LATER')).toHaveLength(40);
    desk.validate = validate;
    expect(looked).toBe(20);
  });

  test('has one budget over several processes', async () => {
    await wrongTries(10);
    await wrongTries(10, { at: second });
    expect(await outcomes([WRONG])).toEqual(['TRY_LATER']);
    expect(await outcomes([WRONG], { at: second })).toEqual(['TRY_LATER']);
  });

  test('cannot choose its address where a proxy told it', async () => {
    for (let time = 0; time < 20; time += 1) await wrongTries(1, { ip: `1.2.3.${time}, 10.5.0.${address}` });
    expect(await outcomes([WRONG], { ip: `9.9.9.9, 10.5.0.${address}` })).toEqual(['TRY_LATER']);
  });
});

test('nobody else has such a budget', async () => {
  const key = await hub.keyFor('TILL', { storeIds: [stage.storeId] });
  for (let time = 0; time < 25; time += 1) expect(await outcomes([WRONG], { key })).toEqual(['NOT_USABLE']);
});

test('without a trusted proxy, forwarding headers change nothing', async () => {
  const direct = await startTestHub({ clock, besides: hub });
  for (let time = 0; time < 20; time += 1) await wrongTries(1, { at: direct, ip: `10.6.0.${time}` });
  expect(await outcomes([WRONG], { at: direct, ip: '10.7.0.1' })).toEqual(['TRY_LATER']);
  await direct.stop();
});
