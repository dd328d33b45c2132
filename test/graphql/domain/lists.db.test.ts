import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { closeAgreed } from '../../helpers/agree.ts';
import { createStore } from '../stage.ts';
import { type Any, type Desk, type Input, off, openDesk } from './desk.ts';

jest.setTimeout(60_000);

let desk: Desk;
let campaignId: string;
let other: string;
let elsewhere: string;
const made: { readonly id: string; readonly code: string; readonly at: string }[] = [];

beforeAll(async () => {
  desk = await openDesk();
  campaignId = await desk.campaign({ incentive: off(100) });
  other = await desk.campaign({ incentive: off(200) });
  elsewhere = await createStore(desk.hub, { name: 'Málaga' });
  for (const [place, code] of (await desk.codesOf(campaignId, 7)).entries()) {
    const order = desk.order({ ...(place === 6 && { storeId: elsewhere }), ...(place < 2 && { placedAt: '2026-05-08T01:00:00+02:00' }) });
    const { redemptions } = await desk.redeem([code], order);
    made.push({ id: redemptions[0].id, code, at: new Date(desk.clock.now()).toISOString() });
    desk.clock.tick(60_000);
  }
  await desk.redeem([await desk.code({ incentive: off(50) })], desk.order());
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const LIST = `query ($filter: RedemptionFilter, $first: Int, $after: String) {
  redemptions(filter: $filter, first: $first, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }
}`;
const list = async (filter: Input, page: Input = {}): Promise<Any> => (await desk.hub.ask(LIST, { filter, ...page })).redemptions;
const idsOf = ({ edges }: Any): string[] => edges.map(({ node }: Any) => node.id);
const at = (place: number): { readonly id: string; readonly code: string; readonly at: string } => made[place] as (typeof made)[number];
const places = (...list: number[]): string[] => list.map((place) => at(place).id);

describe('a list that grows with trade', () => {
  test('is newest first; its pages are the whole, each once, though it grows meanwhile', async () => {
    const all = idsOf(await list({ campaignIds: [campaignId] }));
    expect(all).toEqual(places(6, 5, 4, 3, 2, 1, 0));
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const page: Any = await list({ campaignIds: [campaignId] }, { first: 3, after });
      paged.push(...idsOf(page));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      if (paged.length === 3) {
        desk.clock.tick(60_000);
        const [late = ''] = await desk.codesOf(campaignId);
        const { redemptions } = await desk.redeem([late], desk.order());
        await desk.reverse({ redemptionId: redemptions[0].id });
      }
    } while (after !== null);
    expect(paged).toEqual(all);
  });

  test('fields are AND, values are OR; a filter left out or null is none, an empty list is nothing', async () => {
    const until = { to: at(6).at };
    expect(idsOf(await list({ ...until, campaignIds: [campaignId], storeIds: [desk.storeId] }))).toEqual(places(5, 4, 3, 2, 1, 0));
    expect(idsOf(await list({ campaignIds: [campaignId], storeIds: [elsewhere] }))).toEqual(places(6));
    expect(idsOf(await list({ codes: [at(1).code, ` ${at(2).code.toLowerCase()}`] }))).toEqual(places(2, 1));
    expect(idsOf(await list({ codes: [at(1).code], campaignIds: [other] }))).toEqual([]);
    expect(idsOf(await list({ codes: null, campaignIds: [campaignId, other], ...until }))).toHaveLength(6);
    expect(idsOf(await list({ codes: [] }))).toEqual([]);
  });

  test('from is inclusive, to exclusive; both business days are inclusive', async () => {
    const mine = { campaignIds: [campaignId] };
    expect(idsOf(await list({ ...mine, from: at(2).at, to: at(4).at }))).toEqual(places(3, 2));
    expect(idsOf(await list({ ...mine, businessDayFrom: '2026-05-07', businessDayTo: '2026-05-07' }))).toEqual(places(1, 0));
    expect(idsOf(await list({ ...mine, businessDayFrom: '2026-05-07', businessDayTo: '2026-05-08', to: at(4).at }))).toEqual(
      places(3, 2, 1, 0),
    );
    expect(idsOf(await list({ ...mine, businessDayTo: '2026-05-06' }))).toEqual([]);
  });

  test('a cursor is good with any filter, a text that is none is a fault, and so are more than 1,000', async () => {
    const { edges } = await list({ campaignIds: [campaignId] });
    const cursor = edges.find(({ node }: Any) => node.id === at(3).id).cursor;
    expect(idsOf(await list({ codes: [at(1).code, at(5).code] }, { after: cursor }))).toEqual(places(1));
    expect(await desk.faults(LIST, { after: 'nonsense' })).toEqual([expect.stringContaining('BAD_USER_INPUT')]);
    expect(await desk.faults(LIST, { first: 1_001 })).toEqual([expect.stringMatching(/BAD_USER_INPUT|TOO_COMPLEX/)]);
  });
});

describe('the book', () => {
  const LEDGER = `query ($after: String, $first: Int, $filter: LedgerFilter) {
    ledger(after: $after, first: $first, filter: $filter) { events { position type } endCursor hasMore }
  }`;
  const read = async (input: Input = {}): Promise<Any> => (await desk.hub.ask(LEDGER, input)).ledger;
  /** What is written later is sealed later: when an event of now is in, so is all that was before it. */
  const sealed = () =>
    desk.hub.ask('mutation ($input: RecordEventInput!) { recordEvent(input: $input) { position } }', {
      input: { idempotencyKey: desk.key(), name: 'test.sealed' },
    });
  beforeAll(sealed);

  test('without a cursor from its start, ascending; the cursor says how far it was read, matched or not', async () => {
    const page = await read({ first: 3 });
    expect(page.events.map(({ position }: Any) => position)).toEqual([1, 2, 3]);
    const nothing = await read({ after: page.endCursor, first: 1_000, filter: { types: [] } });
    expect(nothing).toMatchObject({ events: [], hasMore: false });
    expect(nothing.endCursor).not.toBe(page.endCursor);
    expect((await read({ after: nothing.endCursor })).events).toEqual([]);
  });

  test('of which nothing is asked gives the cursor of its beginning', async () => {
    const { endCursor, events } = await read({ first: 0 });
    expect(events).toEqual([]);
    expect((await read({ after: endCursor, first: 1 })).events[0].position).toBe(1);
  });

  test('has one event for each redemption, whatever its answer repeats', async () => {
    const idempotencyKey = desk.key();
    const [code = ''] = await desk.codesOf(campaignId);
    const order = desk.order();
    const { endCursor } = await read({ first: 1_000 });
    for (let time = 0; time < 3; time += 1) await desk.redeem([code], order, { idempotencyKey });
    await desk.validate(['NOBODY1'], desk.order());
    await desk.redeem(['NOBODY1'], desk.order());
    await sealed();
    const { events } = await read({ after: endCursor, first: 100 });
    const types = events.map(({ type }: Any) => type).filter((type: string) => type !== 'CODES_GENERATED');
    expect(types).toEqual(['VOUCHER_REDEEMED', 'VOUCHER_REJECTED', 'CUSTOM']);
  });

  test('more than 1,000 and a cursor that is none are faults', async () => {
    expect(await desk.faults(LEDGER, { first: 1_001 })).toEqual([expect.stringContaining('BAD_USER_INPUT')]);
    expect(await desk.faults(LEDGER, { after: 'nonsense' })).toEqual([expect.stringContaining('BAD_USER_INPUT')]);
  });
});

describe('ids and what is not there', () => {
  test('a query for one that is unknown is null, a mutation NOT_FOUND', async () => {
    const one = await desk.hub.ask('{ voucher(id: "vou_x") { id } campaign(id: "cmp_x") { id } customer(id: "cus_x") { id } }');
    expect(one).toEqual({ voucher: null, campaign: null, customer: null });
    for (const deed of [
      'activateCampaign(id: "cmp_x") { id }',
      'blockVoucher(id: "vou_x", reason: "r") { id }',
      'releaseHold(id: "hld_x") { id }',
    ])
      expect(await desk.faults(`mutation { ${deed} }`, {})).toEqual([expect.stringMatching(/^NOT_FOUND/)]);
  });

  test('a voucher is asked for by code or by id, exactly one of them', async () => {
    for (const asked of ['', '(code: "A", id: "vou_x")'])
      expect((await desk.faults(`{ voucher${asked} { id } }`, {}))[0]).toContain('BAD_USER_INPUT');
  });

  test('what a caller named keeps its name: lineId, externalId', async () => {
    const [code = ''] = await desk.codesOf(campaignId);
    const lines = [{ id: 'línea 1', sku: 'menu', unitPrice: 1_000 }];
    const { order, redemptions } = await desk.redeem([code], desk.order({ externalId: 'mesa 9/ñ', lines }));
    expect([order.lines[0].lineId, redemptions[0].allocations[0].lineId]).toEqual(['línea 1', 'línea 1']);
    expect(redemptions[0].id).not.toContain('mesa');
  });
});
