import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { order, type Stage, setStage } from './stage.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const STORES = 'query Stores { stores { name } }';
const VALIDATE = 'query Check($input: ValidateInput!) { validate(input: $input) { outcomes { __typename } } }';
const LEDGER = 'subscription Book { ledger { position } }';
const manifest = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [
    { id: hashOf(VALIDATE), name: 'Check', type: 'query', body: VALIDATE },
    { id: 'stores-1', name: 'Stores', type: 'query', body: STORES },
    { id: 'book-1', name: 'Book', type: 'subscription', body: LEDGER },
  ],
};

let hub: TestHub;
let stage: Stage;
let folder: string;
let till: string;
let publicKey: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'valehub-trusted-'));
  const path = join(folder, 'manifest.json');
  await writeFile(path, JSON.stringify(manifest));
  hub = await startTestHub({ env: { VALEHUB_TRUSTED_DOCUMENTS: path, VALEHUB_TRUSTED_ONLY: 'PUBLIC, TILL' } });
  stage = await setStage(hub);
  till = await hub.keyFor('TILL', { storeIds: [stage.storeId] });
  publicKey = await hub.keyFor('PUBLIC');
});
afterAll(async () => {
  await hub.stop();
  await rm(folder, { recursive: true });
});

interface Reply {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test names the shape where it matters.
  readonly body: any;
}

const persisted = (id: string, version = 1) => ({ persistedQuery: { version, sha256Hash: id } });

async function post(body: unknown, key: string = hub.adminKey, accept = 'application/json'): Promise<Reply> {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${key}` },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function get(members: Readonly<Record<string, string>>, key: string | null = hub.adminKey): Promise<Reply> {
  const response = await fetch(`${hub.url}/graphql?${new URLSearchParams(members)}`, {
    headers: { accept: 'application/json', ...(key !== null && { authorization: `Bearer ${key}` }) },
  });
  return { status: response.status, body: await response.json() };
}

const codesOf = ({ body }: Reply): string[] =>
  (body.errors ?? []).map(({ extensions }: { extensions: { code: string } }) => extensions.code);

describe('automatic persisted queries', () => {
  test('are asked for once with the text, then by the hash alone', async () => {
    const query = 'query One { stores { id name } }';
    const extensions = persisted(hashOf(query));
    const unknown = await post({ extensions });
    expect(unknown.status).toBe(200);
    expect(unknown.body.errors[0]).toMatchObject({ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } });
    const taught = await post({ query, extensions });
    expect(taught.body.data.stores[0].name).toBe('Triana');
    // Also by the straight way, once it is compiled.
    for (let time = 0; time < 4; time += 1) expect(await post({ extensions })).toEqual(taught);
    expect(await post({ query: '', extensions })).toEqual(taught);
  });

  test('are not learnt from what is faulty or of another hash', async () => {
    const faulty = '{ nothing }';
    expect(codesOf(await post({ query: faulty, extensions: persisted(hashOf(faulty)) }))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await post({ extensions: persisted(hashOf(faulty)) }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    const good = '{ stores { currency } }';
    const wrong = await post({ query: good, extensions: persisted(hashOf(faulty)) });
    expect(wrong.body.errors[0].extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'extensions.persistedQuery.sha256Hash' });
    expect(codesOf(await post({ extensions: persisted(hashOf(faulty)) }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(codesOf(await post({ query: good, extensions: persisted(hashOf(good), 2) }))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await post({ extensions: { persistedQuery: 7 } }))).toEqual(['BAD_USER_INPUT']);
  });

  test('of one role are not those of another', async () => {
    const query = 'query Two { stores { timeZone } }';
    await post({ query, extensions: persisted(hashOf(query)) });
    const marketing = await hub.keyFor('MARKETING');
    expect(codesOf(await post({ extensions: persisted(hashOf(query)) }, marketing))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
  });

  test('keep the bounds of any document', async () => {
    const deep = `{ ${'campaigns { edges { node { parent { '.repeat(4)}id${' } } } }'.repeat(4)} }`;
    const reply = await post({ query: deep, extensions: persisted(hashOf(deep)) });
    expect([reply.status, codesOf(reply)]).toEqual([400, ['TOO_COMPLEX']]);
  });

  test('in a list have each their own fault', async () => {
    const known = 'query Three { stores { currency } }';
    await post({ query: known, extensions: persisted(hashOf(known)) });
    const { status, body } = await post([
      { extensions: persisted(hashOf(known)) },
      { extensions: persisted(hashOf('who knows')) },
      { query: '{ stores { id } }' },
    ]);
    expect(status).toBe(200);
    expect(body[0].data.stores[0].currency).toBe('EUR');
    expect(body[1]).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
    expect(body[2].data.stores[0].id).toBe(stage.storeId);
  });

  test('that are queries go by GET too', async () => {
    const query = 'query Four($first: Int) { campaigns(first: $first) { edges { node { name } } } }';
    const extensions = JSON.stringify(persisted(hashOf(query)));
    expect(codesOf(await get({ extensions }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    await post({ query, extensions: persisted(hashOf(query)) });
    expect((await get({ extensions, variables: '{"first":1}' })).body.data.campaigns.edges).toHaveLength(1);
    expect(codesOf(await get({ extensions, variables: '{"first":1001}' }))).toEqual(['BAD_USER_INPUT']);
    expect(codesOf(await get({ extensions, variables: 'nonsense' }))).toEqual(['BAD_USER_INPUT']);
    expect(await get({ extensions }, null)).toMatchObject({ status: 401 });
  });

  test('that are mutations do not go by GET, nor does a text', async () => {
    const mutation = 'mutation Five { releaseHold(id: "hld_0") { id } }';
    await post({ query: mutation, extensions: persisted(hashOf(mutation)) });
    expect(await get({ extensions: JSON.stringify(persisted(hashOf(mutation))) })).toMatchObject({ status: 405 });
    expect(await get({ query: STORES, extensions: JSON.stringify(persisted(hashOf(STORES))) })).toMatchObject({ status: 405 });
    expect(await get({ query: STORES })).toMatchObject({ status: 405 });
  });
});

describe('trusted documents', () => {
  const variables = () => ({ input: { codes: [stage.codes[0]], order: order(stage.storeId) } });

  test('run by their id, by their hash and by their text', async () => {
    for (const request of [{ extensions: persisted('stores-1') }, { extensions: persisted(hashOf(STORES)) }, { query: STORES }])
      for (let time = 0; time < 3; time += 1) expect((await post(request, till)).body).toEqual({ data: { stores: [{ name: 'Triana' }] } });
    const { body } = await post({ extensions: persisted(hashOf(VALIDATE)), variables: variables() }, publicKey);
    expect(body.data.validate.outcomes).toEqual([{ __typename: 'Applicable' }]);
    const named = { persistedQuery: { version: 1, sha256Hash: 'stores-1' } };
    expect((await get({ extensions: JSON.stringify(named) }, till)).status).toBe(200);
  });

  test.each([
    ['another document', { query: '{ stores { id } }' }],
    ['the same with a space more', { query: `${STORES} ` }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['a document sent with its hash', { query: '{ stores { id } }', extensions: persisted(hashOf('{ stores { id } }')) }],
  ])('are all that a bound role runs: %s is FORBIDDEN', async (_what, request) => {
    for (const key of [till, publicKey]) {
      const reply = await post(request, key);
      expect([reply.status, codesOf(reply)]).toEqual([403, ['FORBIDDEN']]);
    }
    expect(codesOf(await post(request))).toEqual([]);
  });

  test('of an unknown hash are not found, and are not learnt from a bound role', async () => {
    const query = '{ stores { language } }';
    await post({ query, extensions: persisted(hashOf(query)) }, till);
    expect(codesOf(await post({ extensions: persisted(hashOf(query)) }, till))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    const { body } = await post([{ query }, { query: STORES }], till);
    expect([body[0].errors[0].extensions.code, body[1].data.stores.length]).toEqual(['FORBIDDEN', 1]);
  });

  test('hold on the WebSocket too', async () => {
    const client = createClient({
      url: `${hub.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${till}` },
      retryAttempts: 0,
    });
    const run = (payload: { query: string; extensions?: Record<string, unknown> }) =>
      new Promise<unknown>((resolve, reject) => {
        client.subscribe(payload, { next: resolve, error: reject, complete: () => undefined });
      });
    expect(await run({ query: '', extensions: persisted('stores-1') })).toEqual({ data: { stores: [{ name: 'Triana' }] } });
    expect(await run({ query: STORES })).toEqual({ data: { stores: [{ name: 'Triana' }] } });
    await expect(run({ query: '{ stores { id } }' })).rejects.toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await expect(run({ query: '', extensions: persisted('nobody') })).rejects.toMatchObject([
      { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ]);
    const event = run({ query: '', extensions: persisted('book-1') });
    await run({ query: STORES });
    await hub.ask(
      'mutation { recordEvent(input: { idempotencyKey: "ws", name: "x", storeId: $s }) { cursor } }'.replace('$s', `"${stage.storeId}"`),
    );
    expect(await event).toMatchObject({ data: { ledger: { position: expect.any(Number) } } });
    await client.dispose();
  });
});

describe('a manifest that does not fit stops the start', () => {
  const start = async (content: unknown, env: Readonly<Record<string, string>> = {}): Promise<string> => {
    const path = join(folder, 'other.json');
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    try {
      const started = await startTestHub({ besides: hub, env: { VALEHUB_TRUSTED_DOCUMENTS: path, ...env } });
      await started.stop();
      return 'started';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const operation = (over: object) => ({ ...manifest, operations: [{ id: '1', name: 'Stores', type: 'query', body: STORES, ...over }] });

  test.each([
    ['no JSON', 'nonsense', /no apollo-persisted-query-manifest/],
    ['another format', { ...manifest, format: 'x' }, /format/],
    ['an unknown field', operation({ body: 'query Stores { stores { colour } }' }), /Stores: Cannot query field "colour"/],
    ['a syntax error', operation({ body: 'query Stores {' }), /Stores: Syntax Error/],
    ['another name', operation({ name: 'Shops' }), /Shops: its operation is named Stores/],
    ['another kind', operation({ type: 'mutation' }), /it is a query, not a mutation/],
    ['two operations', operation({ body: `${STORES} query B { __typename }` }), /holds 2 operations/],
    [
      'one id for two',
      { ...manifest, operations: [...operation({}).operations, { id: '1', name: 'Check', type: 'query', body: VALIDATE }] },
      /id 1 stands for another/,
    ],
  ])('%s', async (_what, content, message) => {
    expect(await start(content)).toMatch(message);
  });

  test('a role that is none, or roles without a manifest', async () => {
    expect(await start(manifest, { VALEHUB_TRUSTED_ONLY: 'WAITER' })).toMatch(/VALEHUB_TRUSTED_ONLY must name roles .*WAITER is none/);
    expect(await start(manifest, { VALEHUB_TRUSTED_DOCUMENTS: '', VALEHUB_TRUSTED_ONLY: 'TILL' })).toMatch(
      /needs VALEHUB_TRUSTED_DOCUMENTS/,
    );
    expect(await start(manifest, { VALEHUB_TRUSTED_DOCUMENTS: join(folder, 'nobody.json') })).toMatch(/cannot be read/);
  });
});
