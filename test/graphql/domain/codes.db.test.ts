import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { type Any, amounts, type Desk, type Input, openDesk } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
let campaignId: string;
beforeAll(async () => {
  desk = await openDesk();
  campaignId = await desk.campaign();
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const GENERATE =
  'mutation ($input: GenerateCodesInput!) { generateCodes(input: $input) { count first last sample(first: 3) guessOdds csvUrl } }';
const input = (over: Input): Input => ({ input: { campaignId, idempotencyKey: desk.key(), count: 10, ...over } });
const generate = async (over: Input): Promise<Any> => (await desk.hub.ask(GENERATE, input(over))).generateCodes;
const csvOf = async (url: string): Promise<string[]> => {
  const response = await fetch(`${desk.hub.url}${url}`, { headers: { authorization: `Bearer ${desk.hub.adminKey}` } });
  expect(response.status).toBe(200);
  return (await response.text()).trimEnd().split(/\r?\n/);
};

describe('codes of a campaign', () => {
  test('DV and 13 random digits: 15 characters, check character included; a wrong digit is found', async () => {
    const { count, first, last, sample, csvUrl } = await generate({ random: { prefix: 'DV', length: 13 } });
    expect([count, sample[0]]).toEqual([10, first]);
    const [head, ...codes] = await csvOf(csvUrl);
    expect([head, codes.length, codes[0], codes.at(-1)]).toEqual(['code', 10, first, last]);
    expect(codes.slice(0, 3)).toEqual(sample);
    for (const code of codes) expect(code).toMatch(/^DV\d{13}$/);
    expect(new Set(codes).size).toBe(10);
    const wrong = `${first.slice(0, -2)}${(Number(first.at(-2)) + 1) % 10}${first.at(-1)}`;
    expect((await desk.validate([wrong], desk.order())).outcomes[0].reason).toBe('CODE_CHECK_FAILED');
  });

  test('exported by the thousand', async () => {
    const { csvUrl } = await generate({ count: 1_001, random: { prefix: 'PART', length: 9 } });
    const [whole, first, second] = [await csvOf(csvUrl), await csvOf(`${csvUrl}?part=1`), await csvOf(`${csvUrl}?part=2`)];
    expect([first.length, second.length]).toEqual([1_001, 2]);
    expect([...first, ...second.slice(1)]).toEqual(whole);
  });

  test('a book: exactly nine characters with its prefix, one after the other', async () => {
    const { first, last, sample } = await generate({ sequential: { prefix: 'LB', start: 41, width: 9 } });
    expect([first, last]).toEqual(['LB0000041', 'LB0000050']);
    expect(sample).toEqual(['LB0000041', 'LB0000042', 'LB0000043']);
    expect(amounts(await desk.redeem([first], desk.order()))).toEqual([200]);
    expect((await desk.validate(['LB0000051'], desk.order())).outcomes[0].reason).toBe('CODE_UNKNOWN');
  });

  test('a word for all, however it is typed', async () => {
    const { count, first, last } = await generate({ count: 1, shared: 'summer 10' });
    expect([count, first, last]).toEqual([1, 'SUMMER10', 'SUMMER10']);
    for (const typed of ['SUMMER10', 'Summer-10', ' summer 10 ']) expect(amounts(await desk.redeem([typed], desk.order()))).toEqual([200]);
  });

  test('the chance to guess one is that of a text of the pattern with a right check character', async () => {
    // Seven free digits and a check digit; ten codes.
    expect((await generate({ random: { prefix: 'ODDS', length: 8 } })).guessOdds).toBeCloseTo(10 / 10 ** 7, 12);
    expect((await generate({ random: { prefix: 'NOCHECK', length: 8, checkCharacter: false } })).guessOdds).toBeCloseTo(10 / 10 ** 8, 12);
  });

  test.each<[string, Input, string]>([
    ['no kind', {}, 'input'],
    ['two kinds', { random: { prefix: 'TWO' }, shared: 'TWO' }, 'input'],
    ['many of one word', { shared: 'MANY', count: 2 }, 'input.count'],
    ['none', { random: { prefix: 'NONE' }, count: 0 }, 'input.count'],
    ['more than the width holds', { sequential: { prefix: 'WIDTH', width: 6, start: 5 } }, 'input'],
  ])('%s is a fault', async (_, over, path) => {
    expect((await desk.faults(GENERATE, input(over)))[0]).toContain(`BAD_USER_INPUT ${path}`);
  });

  test('no code belongs to two campaigns', async () => {
    await generate({ count: 1, shared: 'MINE' });
    const other = await desk.campaign();
    const [fault] = await desk.faults(GENERATE, { input: { ...input({ count: 1, shared: 'mine' })['input'], campaignId: other } });
    expect(fault).toMatch(/^(BAD_USER_INPUT|CONFLICT)/);
  });
});
