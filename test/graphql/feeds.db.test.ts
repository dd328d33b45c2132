import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Feed } from '@valehub/connector-kit';
import { loadConnectors } from '../../src/connectors/registry/registry.ts';
import { madeUp } from '../connectors/support/made-up.ts';
import { eventually, silent } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';

const by = { every: 'PT1H', gives: ['customer'] } as const;
const nothing = () => ({ facts: [], more: false });
const FEEDS: Readonly<Record<string, Feed>> = {
  guests: { ...by, by: 'time', partition: 'location', overlap: 'PT1H', longest: 'P1D', complete: false, read: nothing },
  things: { ...by, by: 'cursor', first: () => '0', read: nothing },
};
const HEALTH = '{ connections { id feeds { name location readUpTo lastReadAt lastError } } }';
const START =
  'mutation ($input: StartBackfillInput!) { startBackfill(input: $input) { id state feeds from to windowsTotal windowsDone factsTaken lastError endedAt } }';
const SHOW = 'query ($id: ID!) { backfill(id: $id) { id connectionId state endedAt } }';

let hub: TestHub;
let connectionId: string;

beforeAll(async () => {
  const registry = await loadConnectors({
    builtIn: [],
    further: ['made-up'],
    log: silent,
    load: async () => ({ value: madeUp({ feeds: FEEDS }), version: '0.0.1' }),
  });
  hub = await startTestHub({ registry });
  const { createStore } = await hub.ask('mutation { createStore(input: { name: "Triana" }) { id } }');
  const settings = { apiKey: 'k', locations: { L1: createStore.id, L2: createStore.id } };
  const { connect } = await hub.ask('mutation ($input: ConnectInput!) { connect(input: $input) { id } }', {
    input: { connectorId: 'made-up', name: 'Made up', settings },
  });
  connectionId = connect.id;
});
afterAll(async () => {
  await hub.stop();
});

describe('the feeds of a connection', () => {
  test('are shown at each place where they are read, with what is known of them', async () => {
    const { pool } = hub.hub.database;
    // Once it is connected they are read, one way or another.
    await eventually(async () => expect((await pool.query(`select from feed_reading where not asked and owner is null`)).rowCount).toBe(3));
    await pool.query(`update feed_reading set next_at = now() + interval '1 day', last_read_at = null, last_error = null`);
    await pool.query(
      `update feed_reading set read_up_to = '2026-03-06T20:00:00Z', last_read_at = '2026-03-06T20:00:01Z' where feed = 'guests' and location = 'L1'`,
    );
    await pool.query(`update feed_reading set last_error = 'FORBIDDEN_SCOPE. No.' where feed = 'guests' and location = 'L2'`);
    await pool.query(`update feed_reading set location = 'TAKEN-OFF' where feed = 'things'`);
    const feeds = [
      { name: 'guests', location: 'L1', readUpTo: '2026-03-06T20:00:00.000Z', lastReadAt: '2026-03-06T20:00:01.000Z', lastError: null },
      { name: 'guests', location: 'L2', readUpTo: null, lastReadAt: null, lastError: 'FORBIDDEN_SCOPE. No.' },
      { name: 'things', location: null, readUpTo: null, lastReadAt: null, lastError: null },
    ];
    for (const key of [
      hub.adminKey,
      await hub.keyFor('MARKETING'),
      await hub.keyFor('ACCOUNTING'),
      await hub.keyFor('CONNECTOR', { connectionId }),
    ])
      expect(await hub.ask(HEALTH, {}, { key })).toEqual({ connections: [{ id: connectionId, feeds }] });
  });
});

describe('a back-fill', () => {
  test('is started, shown and cancelled; MARKETING and ACCOUNTING may look', async () => {
    const input = { connectionId, from: '2026-01-01T00:00:00+01:00', to: '2026-01-03T12:00:00+01:00' };
    const { startBackfill: made } = await hub.ask(START, { input });
    expect(made).toMatchObject({
      state: 'RUNNING',
      feeds: ['guests', 'things'],
      from: '2025-12-31T23:00:00.000Z',
      to: '2026-01-03T11:00:00.000Z',
      windowsTotal: 7,
      windowsDone: 0,
      factsTaken: 0,
      lastError: null,
      endedAt: null,
    });
    const { errors } = await hub.graphql(START, { input: { connectionId, days: 1 } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'CONFLICT' });
    for (const role of ['MARKETING', 'ACCOUNTING'] as const) {
      const asking = { key: await hub.keyFor(role) };
      expect((await hub.ask(SHOW, { id: made.id }, asking)).backfill).toEqual({
        id: made.id,
        connectionId,
        state: 'RUNNING',
        endedAt: null,
      });
      for (const [text, variables] of [
        [START, { input: { connectionId, days: 1 } }],
        ['mutation ($id: ID!) { cancelBackfill(id: $id) { id } }', { id: made.id }],
      ] as const)
        expect((await hub.graphql(text, variables, asking)).errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
    await hub.ask('mutation ($id: ID!) { cancelBackfill(id: $id) { id } }', { id: made.id });
    const { backfills } = await hub.ask('query ($id: ID!) { backfills(connectionId: $id) { id state endedAt } }', { id: connectionId });
    expect(backfills).toEqual([{ id: made.id, state: 'CANCELLED', endedAt: expect.any(String) }]);
  });

  test('that is not there is null, and to be cancelled NOT_FOUND', async () => {
    expect(await hub.ask(SHOW, { id: 'bfl_0' })).toEqual({ backfill: null });
    expect(await hub.ask(SHOW, { id: '\u0000' })).toEqual({ backfill: null });
    expect(await hub.ask('{ backfills(connectionId: "\\u0000") { id } }')).toEqual({ backfills: [] });
    const { errors } = await hub.graphql('mutation { cancelBackfill(id: "bfl_0") { id } }');
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('with a faulty span is told where the fault is', async () => {
    const { errors } = await hub.graphql(START, { input: { connectionId, days: 3, from: '2026-01-01T00:00:00Z' } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'input.days' });
  });
});
