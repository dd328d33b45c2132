import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { actor } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { createStore, order, REDEEM, type Stage, setStage } from './stage.ts';

let hub: TestHub;
let stage: Stage;
const clients: Client[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  stage = await setStage(hub);
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.dispose()));
  await hub.stop();
});

const wsUrl = (of: TestHub): string => `${of.url.replace('http', 'ws')}/graphql`;

function connect(to: TestHub, key = to.adminKey): Client {
  const client = createClient({
    url: wsUrl(to),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  });
  clients.push(client);
  return client;
}

interface Seen {
  readonly position: number;
  readonly cursor: string;
  readonly type: string;
  readonly code: string | null;
}

/** Follows the ledger; `take(n)` resolves with the next n events. */
function follow(client: Client, variables: Record<string, unknown> = {}) {
  const iterator = client.iterate<{ ledger: Seen }>({
    query:
      'subscription ($after: String, $filter: LedgerFilter) { ledger(after: $after, filter: $filter) { position cursor type code store { name } data } }',
    variables,
  });
  return {
    async take(count: number): Promise<Seen[]> {
      const seen: Seen[] = [];
      while (seen.length < count) {
        const { done, value } = await iterator.next();
        if (done) throw new Error(`The subscription ended after ${seen.length} events.`);
        if (value.errors) throw new Error(JSON.stringify(value.errors));
        seen.push((value.data as { ledger: Seen }).ledger);
      }
      return seen;
    },
    stop: () => iterator.return?.(),
  };
}

const bump = (of: TestHub, key: string) =>
  of.ask('mutation ($input: RecordEventInput!) { recordEvent(input: $input) { position cursor } }', {
    input: { idempotencyKey: key, name: 'bump', data: { key } },
  });
const head = async (): Promise<string> => (await hub.ask('{ ledger(first: 1000) { endCursor } }')).ledger.endCursor;

describe('following the ledger', () => {
  test('everything after a cursor, then live, in order, each once', async () => {
    const { ledger: first } = await hub.ask('{ ledger(first: 0) { endCursor } }');
    for (let at = 0; at < 5; at += 1) await bump(hub, `before ${at}`);
    const reader = follow(connect(hub), { after: first.endCursor });
    const { ledger: book } = await hub.ask('{ ledger(first: 1000) { events { position cursor type } } }');
    expect((await reader.take(book.events.length)).map(({ position }) => position)).toEqual(
      book.events.map(({ position }: Seen) => position),
    );
    const bumps = Promise.all(Array.from({ length: 40 }, (_, at) => bump(hub, `live ${at}`)));
    const live = await reader.take(40);
    const made = (await bumps).map(({ recordEvent }) => recordEvent.position).sort((a, b) => a - b);
    expect(live.map(({ position }) => position)).toEqual(made);
    await reader.stop();
  });

  test('at the seam between book and life nothing is missing and nothing comes twice', async () => {
    const start = await head();
    const writing = Promise.all(Array.from({ length: 60 }, (_, at) => bump(hub, `seam ${at}`)));
    const readers = Array.from({ length: 10 }, () => follow(connect(hub), { after: start }));
    const made = (await writing).map(({ recordEvent }) => recordEvent.position).sort((a, b) => a - b);
    for (const reader of readers) {
      expect((await reader.take(60)).map(({ position }) => position)).toEqual(made);
      await reader.stop();
    }
  });

  test('a redemption shows with its code, its store and its numbers, through the filter', async () => {
    const reader = follow(connect(hub), {
      after: await head(),
      filter: { types: ['VOUCHER_REDEEMED', 'VOUCHER_REJECTED'], storeIds: [stage.storeId] },
    });
    await bump(hub, 'noise');
    await hub.ask(REDEEM, { input: { idempotencyKey: 'seen', codes: [stage.codes[0]], order: order(stage.storeId) } });
    await hub.ask(REDEEM, { input: { idempotencyKey: 'seen too', codes: [stage.codes[0]], order: order(stage.storeId) } });
    const [redeemed, rejected] = await reader.take(2);
    expect(redeemed).toMatchObject({ type: 'VOUCHER_REDEEMED', code: stage.codes[0], store: { name: 'Triana' } });
    expect(rejected).toMatchObject({ type: 'VOUCHER_REJECTED', code: stage.codes[0], data: { reason: 'ALREADY_REDEEMED' } });
    await reader.stop();
  });

  test('a till sees the events of its stores and none without a store', async () => {
    const other = await createStore(hub);
    const start = await head();
    const reader = follow(connect(hub, await hub.keyFor('TILL', { storeIds: [stage.storeId] })), { after: start });
    await bump(hub, 'of no store');
    await hub.ask('mutation ($input: OrderInput!) { recordOrder(input: $input) { id } }', { input: order(other) });
    await hub.ask('mutation ($input: OrderInput!) { recordOrder(input: $input) { id } }', { input: order(stage.storeId) });
    const [seen] = await reader.take(1);
    expect(seen).toMatchObject({ type: 'ORDER_RECORDED', store: { name: 'Triana' } });
    await reader.stop();
  });

  test('an event made by one process is seen at another, also when the first is gone', async () => {
    const start = await head();
    const second = await startTestHub({ besides: hub });
    const here = follow(connect(hub), { after: start });
    const there = follow(connect(second), { after: start });
    const made: number[] = [];
    for (let at = 0; at < 10; at += 1) made.push((await bump(at % 2 ? hub : second, `two ${at}`)).recordEvent.position);
    expect((await here.take(10)).map(({ position }) => position)).toEqual(made);
    const seen = await there.take(10);
    expect(seen.map(({ position }) => position)).toEqual(made);
    await second.stop();
    const { recordEvent } = await bump(hub, 'while one was away');
    const third = await startTestHub({ besides: hub });
    const again = follow(connect(third), { after: seen.at(-1)?.cursor });
    expect((await again.take(1))[0]?.position).toBe(recordEvent.position);
    await here.stop();
    await third.stop();
  });

  test('one who does not read holds up nobody and misses nothing', async () => {
    const start = await head();
    const slow = await rawSubscriber(hub, 'subscription ($after: String) { ledger(after: $after) { position data } }', { after: start });
    slow.socket.pause();
    const quick = follow(connect(hub), { after: start });
    const padding = 'x'.repeat(60_000);
    const made: number[] = [];
    for (let at = 0; at < 120; at += 1) {
      const { recordEvent } = await hub.ask('mutation ($input: RecordEventInput!) { recordEvent(input: $input) { position } }', {
        input: { idempotencyKey: `fat ${at}`, name: 'fat', data: { padding } },
      });
      made.push(recordEvent.position);
    }
    expect((await quick.take(120)).map(({ position }) => position)).toEqual(made);
    expect(slow.positions.length).toBeLessThan(120);
    slow.socket.resume();
    await slow.until(120);
    expect(slow.positions).toEqual(made);
    await quick.stop();
    slow.socket.terminate();
  });

  test('many who ask the same under different names each get all', async () => {
    const start = await head();
    const readers = await Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        rawSubscriber(
          hub,
          'subscription ($after: String) { ledger(after: $after) { position type data } }',
          { after: start },
          `name "${at}" ñ`,
        ),
      ),
    );
    const made = await Promise.all(Array.from({ length: 25 }, (_, at) => bump(hub, `many ${at}`)));
    const positions = made.map(({ recordEvent }) => recordEvent.position).sort((a, b) => a - b);
    for (const reader of readers) {
      await reader.until(25);
      expect(reader.positions).toEqual(positions);
      reader.socket.terminate();
    }
  });
});

describe('the socket', () => {
  const closing = async (params: unknown): Promise<number> => {
    const socket = new WebSocket(wsUrl(hub), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: params }));
    const [code] = await once(socket, 'close');
    return code as number;
  };

  test.each([
    ['no payload', undefined],
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer vh_admin_wrong' }],
    ['a number', { authorization: 7 }],
  ])('with %s it is closed with 4403', async (_what, params) => {
    expect(await closing(params)).toBe(4403);
  });

  test('of a revoked key is closed with 4403, those of others stay', async () => {
    const secret = await hub.keyFor('MARKETING');
    const id = (await hub.hub.keys.list()).find(({ role, revokedAt }) => role === 'MARKETING' && revokedAt === null)?.id;
    const doomed = await rawSubscriber(hub, 'subscription { ledger { position } }', {}, '1', secret);
    const spared = await rawSubscriber(hub, 'subscription { ledger { position } }', {}, '1');
    const closed = once(doomed.socket, 'close');
    await hub.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }', { id });
    expect((await closed)[0]).toBe(4403);
    await bump(hub, 'after the revocation');
    await spared.until(1);
    spared.socket.terminate();
  });

  test('of a key revoked at another process is closed too', async () => {
    const second = await startTestHub({ besides: hub });
    const secret = await hub.keyFor('ACCOUNTING');
    const id = (await hub.hub.keys.list()).find(({ role }) => role === 'ACCOUNTING')?.id as string;
    const doomed = await rawSubscriber(second, 'subscription { ledger { position } }', {}, '1', secret);
    const closed = once(doomed.socket, 'close');
    await hub.hub.keys.revoke(actor('ADMIN'), id);
    expect((await closed)[0]).toBe(4403);
    await second.stop();
  });

  test.each([
    ['a syntax error', 'subscription {', {}, { code: 'BAD_USER_INPUT' }],
    ['an unknown field', 'subscription { nothing }', {}, { code: 'BAD_USER_INPUT' }],
    ['a cursor that is none', 'subscription { ledger(after: "x") { position } }', {}, { code: 'BAD_USER_INPUT', path: 'after' }],
    [
      'a wrong variable',
      'subscription ($filter: LedgerFilter) { ledger(filter: $filter) { position } }',
      { filter: { types: ['LOST'] } },
      { code: 'BAD_USER_INPUT', path: 'filter.types[0]' },
    ],
    [
      'a wrong literal',
      'subscription { ledger(filter: { types: [LOST] }) { position } }',
      {},
      { code: 'BAD_USER_INPUT', path: 'filter.types[0]' },
    ],
    [
      'one with too many aliases',
      `subscription { ledger { ${Array.from({ length: 51 }, (_, at) => `a${at}: position`).join(' ')} } }`,
      {},
      { code: 'TOO_COMPLEX' },
    ],
  ])('answers %s with an error and lives on', async (_what, query, variables, extensions) => {
    const client = connect(hub);
    const faults = await new Promise((resolve) =>
      client.subscribe(
        { query, variables },
        { next: ({ errors }) => resolve(errors), error: resolve, complete: () => resolve('completed') },
      ),
    );
    expect(faults).toEqual([expect.objectContaining({ extensions: expect.objectContaining(extensions) })]);
    const { value } = await client.iterate({ query: '{ stores { id } }' }).next();
    expect((value as { data: unknown }).data).toEqual(await hub.ask('{ stores { id } }'));
  });

  test('may not do more than its key', async () => {
    const client = connect(hub, await hub.keyFor('PUBLIC'));
    const errors = await new Promise((resolve) =>
      client.subscribe(
        { query: 'subscription { ledger { position } }' },
        { next: ({ errors: faults }) => resolve(faults), error: resolve, complete: () => undefined },
      ),
    );
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'FORBIDDEN' } })]);
  });

  test('on another path there is none', async () => {
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/elsewhere`, 'graphql-transport-ws');
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('404');
  });

  test('garbage closes it and nothing else', async () => {
    const socket = new WebSocket(wsUrl(hub), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('{"type":');
    expect((await once(socket, 'close'))[0]).toBe(4400);
    expect((await hub.graphql('{ __typename }')).status).toBe(200);
  });

  test('a stopping hub says goodbye', async () => {
    const short = await startTestHub({ besides: hub });
    const subscriber = await rawSubscriber(short, 'subscription { ledger { position } }', {}, '1', hub.adminKey);
    const closed = once(subscriber.socket, 'close');
    await short.stop();
    expect((await closed)[0]).toBe(1001);
  });
});

/** A subscriber without a client library between, so that a test sees the frames themselves. */
async function rawSubscriber(to: TestHub, query: string, variables: Record<string, unknown>, id = '1', key = hub.adminKey) {
  const socket = new WebSocket(wsUrl(to), 'graphql-transport-ws');
  await once(socket, 'open');
  const positions: number[] = [];
  let wanted = Number.POSITIVE_INFINITY;
  let reached = (): void => undefined;
  const acknowledged = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string; id?: string; payload?: { data?: { ledger: Seen } } };
      if (message.type === 'connection_ack') return resolve();
      if (message.type !== 'next' || message.id !== id || !message.payload?.data) throw new Error(`Unexpected message ${String(data)}`);
      positions.push(message.payload.data.ledger.position);
      if (positions.length >= wanted) reached();
    });
  });
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } }));
  await acknowledged;
  socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query, variables } }));
  // A query on the same socket is answered after the subscription was opened.
  socket.ping();
  await once(socket, 'pong');
  return {
    socket,
    positions,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        wanted = count;
        reached = resolve;
        if (positions.length >= count) resolve();
      }),
  };
}
