import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { pino } from 'pino';
import { startTestHub, type TestHub } from '../helpers/hub.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await hub.stop();
});

const post = (body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${hub.adminKey}`, ...headers },
    body,
  });

async function faultOf(response: Response): Promise<{ message: string; extensions: Record<string, unknown> }> {
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  const { errors } = (await response.json()) as { errors: { message: string; extensions: Record<string, unknown>; stack?: unknown }[] };
  expect(errors[0]).toBeDefined();
  expect(JSON.stringify(errors)).not.toMatch(/node_modules|\.ts:\d|\.js:\d|stacktrace/);
  return errors[0] as { message: string; extensions: Record<string, unknown> };
}

test('every MUST and SHOULD of the GraphQL over HTTP audits holds, the first time and the second', async () => {
  for (const _time of ['through Apollo Server', 'where it can be, straight']) {
    const results = await auditServer({
      url: `${hub.url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) =>
        fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${hub.adminKey}` } }),
    });
    const failed = results.filter(({ status, name }) => status !== 'ok' && /^(MUST|SHOULD)/.test(name));
    expect(failed.map(({ id, name, status }) => `${status} ${id} ${name}`)).toEqual([]);
    expect(results.filter(({ name }) => /^(MUST|SHOULD)/.test(name)).length).toBeGreaterThan(30);
  }
});

describe('who asks', () => {
  test.each([
    ['no key', {}],
    ['no bearer', { authorization: 'Basic YWJj' }],
    ['an unknown key', { authorization: `Bearer vh_admin_${'x'.repeat(43)}` }],
  ])('with %s it is UNAUTHENTICATED, 401', async (_what, headers) => {
    const response = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect((await faultOf(response)).extensions).toEqual({ code: 'UNAUTHENTICATED' });
  });

  test('a revoked key is refused from then on', async () => {
    const secret = await hub.keyFor('MARKETING');
    expect((await hub.graphql('{ stores { id } }', {}, { key: secret })).status).toBe(200);
    const { apiKeys } = await hub.ask<{ apiKeys: { id: string; role: string }[] }>('{ apiKeys { id role } }');
    await hub.ask('mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }', {
      id: apiKeys.find(({ role }) => role === 'MARKETING')?.id,
    });
    expect((await hub.graphql('{ stores { id } }', {}, { key: secret })).status).toBe(401);
  });
});

describe('the form of requests', () => {
  test.each([
    ['malformed JSON', '{"query":', {}, 400],
    ['an empty body', '', {}, 400],
    ['a text', '"{ __typename }"', {}, 400],
    ['null', 'null', {}, 400],
    ['an empty list', '[]', {}, 400],
    ['no query', '{"variables":{}}', {}, 400],
    ['a query that is a number', '{"query":7}', {}, 400],
    ['variables that are a list', '{"query":"{ __typename }","variables":[]}', {}, 400],
    ['another content type', '{"query":"{ __typename }"}', { 'content-type': 'text/plain' }, 415],
    ['a form', 'query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
  ])('%s is BAD_USER_INPUT', async (_what, body, headers, status) => {
    const response = await post(body, headers as Record<string, string>);
    expect(response.status).toBe(status);
    expect((await faultOf(response)).extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  test('a body of ten megabytes is refused with 413 and the hub lives on', async () => {
    const response = await post(JSON.stringify({ query: '{ __typename }', variables: { x: 'x'.repeat(10_000_000) } }));
    expect(response.status).toBe(413);
    expect((await faultOf(response)).message).toContain('1048576');
    expect((await post('{"query":"{ __typename }"}')).status).toBe(200);
  });

  test('a body just under a megabyte is taken', async () => {
    const response = await post(
      JSON.stringify({ query: 'query ($x: String) { __typename customer(phone: $x) { id } }', variables: { x: 'x'.repeat(1_000_000) } }),
    );
    expect(response.status).toBe(200);
  });

  test('GET is no way to ask', async () => {
    const response = await fetch(`${hub.url}/graphql?query={__typename}`, { headers: { authorization: `Bearer ${hub.adminKey}` } });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect((await faultOf(response)).extensions).toEqual({ code: 'BAD_USER_INPUT' });
  });

  test('an unknown path is NOT_FOUND, 404', async () => {
    const response = await fetch(`${hub.url}/nothing/here?secret=1`);
    expect(response.status).toBe(404);
    const fault = await faultOf(response);
    expect(fault.extensions).toEqual({ code: 'NOT_FOUND' });
    expect(fault.message).not.toContain('secret');
  });

  test.each([
    ['a syntax error', '{ stores { '],
    ['an unknown field', '{ stores { nothing } }'],
    ['no operation', 'fragment F on Store { id }'],
    ['a subscription', 'subscription { ledger { cursor } }'],
  ])('%s is BAD_USER_INPUT: 200 as JSON, 400 as a GraphQL response', async (_what, query) => {
    for (const [accept, status] of [
      ['application/json', 200],
      ['application/graphql-response+json', 400],
    ] as const) {
      const response = await post(JSON.stringify({ query }), { accept });
      expect(response.status).toBe(status);
      expect((await faultOf(response)).extensions['code']).toBe('BAD_USER_INPUT');
    }
  });

  test('an operation is chosen by its name', async () => {
    const document = 'query A { a: __typename } query B { b: __typename }';
    for (const _time of [1, 2, 3]) {
      expect((await hub.graphql(document, {}, { operationName: 'B' })).data).toEqual({ b: 'Query' });
      expect((await hub.graphql(document, {}, { operationName: 'C' })).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect((await hub.graphql(document)).errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('a list of operations', () => {
  const list = (length: number): string => JSON.stringify(Array.from({ length }, (_, at) => ({ query: `{ n${at}: __typename }` })));

  test('of ten is answered in order', async () => {
    const response = await post(list(10));
    expect(response.status).toBe(200);
    const answers = (await response.json()) as { data: Record<string, string> }[];
    expect(answers.map(({ data }) => Object.keys(data)[0])).toEqual(Array.from({ length: 10 }, (_, at) => `n${at}`));
  });

  test('of eleven is TOO_COMPLEX', async () => {
    const response = await post(list(11));
    expect(response.status).toBe(400);
    expect((await faultOf(response)).extensions).toEqual({ code: 'TOO_COMPLEX' });
  });

  test('keeps one that fails apart from the others', async () => {
    const response = await post(JSON.stringify([{ query: '{ __typename }' }, { query: '{ nothing }' }, { query: '{ stores { id } }' }]));
    expect(response.status).toBe(200);
    const answers = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] }[];
    expect(answers.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual([undefined, 'BAD_USER_INPUT', undefined]);
  });
});

describe('limits', () => {
  const nested = (depth: number): string => `{ campaign(id: "x") ${'{ parent '.repeat(depth - 2)}{ id }${' }'.repeat(depth - 2)} }`;
  const aliases = (count: number): string => `{ ${Array.from({ length: count }, (_, at) => `a${at}: __typename`).join(' ')} }`;
  const fields = (count: number): string => `{ campaign(id: "x") { ${'id '.repeat(count - 1)} } }`;

  test.each([
    ['twelve deep', nested(12), null],
    ['thirteen deep', nested(13), 'TOO_COMPLEX'],
    ['fifty aliases', aliases(50), null],
    ['fifty-one aliases', aliases(51), 'TOO_COMPLEX'],
    ['five hundred fields', fields(500), null],
    ['five hundred and one fields', fields(501), 'TOO_COMPLEX'],
    [
      'a bomb of fragments',
      `{ ...A0 } ${Array.from({ length: 30 }, (_, at) => `fragment A${at} on Query { ...A${at + 1} ...A${at + 1} }`).join(' ')} fragment A30 on Query { __typename }`,
      'TOO_COMPLEX',
    ],
    ['nested pages of ten thousand', '{ vouchers(first: 100) { edges { node { redemptions(first: 100) { edges { cursor } } } } } }', null],
    ['lists in lists', `{ voucher(code: ${'['.repeat(400)}${']'.repeat(400)}) { id } }`, 'TOO_COMPLEX'],
    ['lists in lists beyond all stacks', `{ voucher(code: ${'['.repeat(7000)}${']'.repeat(7000)}) { id } }`, 'TOO_COMPLEX'],
    ['types in types beyond all stacks', `query ($a: ${'['.repeat(7000)}Int${']'.repeat(7000)}) { stores { id } }`, 'TOO_COMPLEX'],
    ['selections beyond all stacks', `${'{a'.repeat(7000)}${'}'.repeat(7000)}`, 'TOO_COMPLEX'],
    ['nested pages of more', '{ vouchers(first: 101) { edges { node { redemptions(first: 100) { edges { cursor } } } } } }', 'TOO_COMPLEX'],
    ['nested pages by default sizes', '{ vouchers(first: 1000) { edges { node { redemptions { edges { cursor } } } } } }', 'TOO_COMPLEX'],
    ['a page of a thousand', '{ redemptions(first: 1000) { edges { cursor } } }', null],
  ])('%s', async (_what, query, code) => {
    for (const _time of [1, 2, 3]) {
      const { status, errors } = await hub.graphql(query);
      expect(errors?.[0]?.extensions.code ?? null).toBe(code);
      expect(status).toBe(code === null ? 200 : 400);
    }
  });

  test('the size of nested pages is reckoned with the variables of each request', async () => {
    const query = 'query ($first: Int) { vouchers(first: 100) { edges { node { redemptions(first: $first) { edges { cursor } } } } } }';
    for (const _time of [1, 2, 3]) {
      expect((await hub.graphql(query, { first: 100 })).status).toBe(200);
      expect((await hub.graphql(query, { first: 101 })).errors?.[0]?.extensions.code).toBe('TOO_COMPLEX');
      expect((await hub.graphql(query, { first: null })).status).toBe(200);
    }
  });

  test.each([
    ['ledger(first: 1001) { endCursor }'],
    ['redemptions(first: 1001) { edges { cursor } }'],
    ['campaigns(first: -1) { edges { cursor } }'],
  ])('{ %s } is BAD_USER_INPUT with its path', async (field) => {
    const { status, errors } = await hub.graphql(`{ ${field} }`);
    expect(status).toBe(200);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: 'first' });
  });

  test('a key that floods is told to slow down', async () => {
    const small = await startTestHub({ env: { VALEHUB_REQUESTS_PER_SECOND: '5' }, clock: { now: () => 1_777_777_777_000 } });
    const statuses: number[] = [];
    for (let time = 0; time < 7; time += 1) statuses.push((await small.graphql('{ __typename }')).status);
    const { errors } = await small.graphql('{ __typename }');
    await small.stop();
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
  });

  test('introspection is answered', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    for (const _time of [1, 2, 3]) {
      const { data, errors } = await hub.graphql(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }));
      expect(errors).toBeUndefined();
      expect(data.__schema.types.find(({ name }: { name: string }) => name === 'IncentiveInput').isOneOf).toBe(true);
    }
  });
});

describe('probes and schemas', () => {
  test('healthz tells of the process, readyz of its parts', async () => {
    expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
    const waiting = await fetch(`${hub.url}/readyz`);
    expect(waiting.status).toBe(503);
    expect(await waiting.json()).toEqual({ status: 'not ready', parts: { graphql: true, database: true, worker: false } });
    await hub.hub.database.pool.query(
      "insert into worker_heartbeat (id, task_queue, started_at, seen_at) values ('w', 'valehub', now(), now())",
    );
    const ready = await fetch(`${hub.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({ status: 'ready', parts: { graphql: true, database: true, worker: true } });
  });

  test('figures are told for Prometheus', async () => {
    await hub.graphql('{ __typename }');
    const response = await fetch(`${hub.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(text).toContain('process_cpu_seconds_total');
    expect(text).toMatch(/valehub_graphql_requests_total\{way="straight"\} [1-9]/);
    expect(text).not.toContain(hub.adminKey);
  });

  test.each(['workflow.json', 'ledger.json'])('/schemas/%s is JSON Schema 2020-12', async (name) => {
    const response = await fetch(`${hub.url}/schemas/${name}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  });

  test('pages carry the headers that keep browsers safe', async () => {
    const { headers } = await fetch(`${hub.url}/healthz`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  });
});

describe('a fault of our own', () => {
  test.each([true, false])('is hidden behind a reference that the log knows (straight: %s)', async (shortcut) => {
    const lines: string[] = [];
    const broken = await startTestHub({ shortcut, log: pino({ level: 'error' }, { write: (line: string) => void lines.push(line) }) });
    broken.hub.campaigns.get = () => Promise.reject(new Error('a detail nobody may see: vh_admin_x'));
    for (const _time of [1, 2, 3]) {
      const { status, data, errors } = await broken.graphql('{ campaign(id: "cmp_0") { id } stores { id } }');
      expect(status).toBe(200);
      expect(data).toEqual({ campaign: null, stores: [] });
      expect(errors).toHaveLength(1);
      const [fault] = errors ?? [];
      expect(fault?.extensions).toEqual({ code: 'INTERNAL', reference: expect.any(String) });
      expect(JSON.stringify(fault)).not.toContain('detail');
      expect(
        lines.filter((line) => line.includes(fault?.extensions.reference as string) && line.includes('a detail nobody may see')),
      ).toHaveLength(1);
    }
    await broken.stop();
  });

  test('of the database’s absence is UNAVAILABLE, and the hub comes back with it', async () => {
    const lonely = await startTestHub();
    const { list } = lonely.hub.stores;
    lonely.hub.stores.list = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    expect((await lonely.graphql('{ stores { id } }')).errors?.[0]?.extensions).toEqual({ code: 'UNAVAILABLE' });
    lonely.hub.stores.list = list;
    expect((await lonely.graphql('{ stores { id } }')).errors).toBeUndefined();
    const { authenticate } = lonely.hub.keys;
    lonely.hub.keys.authenticate = () => Promise.reject(Object.assign(new Error('terminating connection'), { code: '57P01' }));
    const { status, errors } = await lonely.graphql('{ stores { id } }');
    expect([status, errors?.[0]?.extensions.code]).toEqual([503, 'UNAVAILABLE']);
    lonely.hub.keys.authenticate = authenticate;
    await lonely.stop();
  });
});

test('a port that is taken stops the start and leaves nothing open', async () => {
  const port = new URL(hub.url).port;
  await expect(startTestHub({ env: { PORT: port } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('recordOrder tells faults by the paths of its own input', async () => {
  const { createStore: store } = await hub.ask('mutation { createStore(input: { name: "Lonja" }) { id } }');
  const ask = (input: Record<string, unknown>) =>
    hub.graphql('mutation ($input: OrderInput!) { recordOrder(input: $input) { id } }', {
      input: { externalId: 'o', storeId: store.id, currency: 'EUR', lines: [{ id: '1', sku: 's', unitPrice: 100 }], ...input },
    });
  expect((await ask({ lines: [{ id: '1', sku: 's', unitPrice: -5 }] })).errors?.[0]?.extensions.path).toBe('input.lines[0].unitPrice');
  expect((await ask({ customer: { phone: '12' } })).errors?.[0]?.extensions.path).toBe('input.customer.phone');
  expect((await ask({ currency: 'USD' })).errors?.[0]?.extensions.path).toBe('input.currency');
});
