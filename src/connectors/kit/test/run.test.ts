import { describe, expect, test } from '@jest/globals';
import { CallError, type Connector, type Delivery, type Fact, type Job, type Notice, type Verb } from '../src/index.ts';
import { runFetch, runIdentify, runRead, runSplit, runVerb } from '../src/testing/index.ts';
import { acme, acmeConnector, connect } from './acme.ts';

const { ctx } = connect({});
const jobs: Job<string>[] = [
  { id: 'j1', key: 'k1', input: 'a' },
  { id: 'j2', key: 'k2', input: 'b' },
];
const verb = (run: Verb<string, string>['run']): Verb<string, string> => ({ repeat: 'safe', run });
const down = { code: 'PLATFORM_DOWN', message: 'down' } as const;

describe('a verb', () => {
  test('that leaves a job without outcome is settled for it, as not known', async () => {
    const step = await runVerb(
      verb(async () => ({ outcomes: [{ job: 'j1', done: 'x' }] })),
      ctx,
      jobs,
      undefined,
    );
    expect(step).toEqual({
      outcomes: [
        { job: 'j1', done: 'x' },
        { job: 'j2', failed: expect.objectContaining({ code: 'BAD_REPLY', unknown: true }) },
      ],
    });
  });

  test('that goes on keeps its state, and no job is given up', async () => {
    const step = await runVerb(
      verb(async () => ({ outcomes: [{ job: 'j2', done: 'x' }], goOn: { page: 2 }, at: '2026-03-06T20:00:00Z' })),
      ctx,
      jobs,
      undefined,
    );
    expect(step).toEqual({ outcomes: [{ job: 'j2', done: 'x' }], goOn: { page: 2 }, at: '2026-03-06T20:00:00Z' });
  });

  test('that throws fails every job: by the table, or as the author’s fault without its words', async () => {
    const thrown = async (cause: unknown) =>
      runVerb(
        verb(async () => {
          throw cause;
        }),
        ctx,
        jobs,
        undefined,
      );
    expect(await thrown(new CallError(down))).toEqual({ outcomes: jobs.map(({ id }) => ({ job: id, failed: down })) });
    const foreign = Object.assign(new Error('x'), { failure: down });
    expect(await thrown(foreign)).toEqual({ outcomes: jobs.map(({ id }) => ({ job: id, failed: down })) });
    const own = JSON.stringify(await thrown(new TypeError('ana@example.com')));
    expect(own).toContain('BAD_REPLY');
    expect(own).not.toContain('ana@example.com');
    expect(JSON.stringify(await thrown('a text'))).toContain('BAD_REPLY');
  });

  test.each([
    undefined,
    null,
    { outcomes: [{ job: 'j1' }] },
    { outcomes: [{ job: 'j1', failed: { code: 'MADE_UP', message: '' } }] },
    { done: true },
  ])('that gives %j has failed', async (given) => {
    const step = await runVerb(
      verb(async () => given as never),
      ctx,
      jobs,
      undefined,
    );
    expect(step.outcomes).toEqual(jobs.map(({ id }) => ({ job: id, failed: expect.objectContaining({ code: 'BAD_REPLY' }) })));
  });
});

describe('what else a connector gives', () => {
  const given = (change: Readonly<Record<string, unknown>>): Connector => ({ ...acmeConnector, ...change }) as Connector;
  const notice: Notice = { topic: 'order.paid', body: null, repeat: { key: 'e-1' } };

  test('is checked: identity, notices, facts', async () => {
    expect(await runIdentify(acmeConnector, ctx)).toEqual({ ok: true, value: { account: 'a-1', name: 'Acme' } });
    expect(await runIdentify(given({ identify: () => ({ account: 7 }) }), ctx)).toMatchObject({
      ok: false,
      failure: { code: 'BAD_REPLY' },
    });
    const delivery = {} as Delivery;
    expect(await runSplit(given({ webhooks: { ...acme.webhooks, split: () => [{ topic: 'x' }] } }), delivery)).toMatchObject({ ok: false });
    const read = (facts: unknown) => runRead(given({ webhooks: { ...acme.webhooks, read: () => facts } }), ctx, notice);
    expect(await read([{ kind: 'gone', resource: 'order', id: 'o-1' }])).toMatchObject({ ok: true });
    expect(await read([{ kind: 'order', order: { externalId: 'o-1', total: { minor: 1.5, currency: 'EUR' } } }])).toMatchObject({
      ok: false,
      failure: { code: 'BAD_REPLY' },
    });
  });

  test('an order may tell the platform’s own business day', async () => {
    const order = {
      externalId: 'o-1',
      state: 'PAID',
      placedAt: '2026-03-07T01:10:00Z',
      businessDay: '2026-03-06',
      currency: 'EUR',
      pricesIncludeTax: true,
      lines: [],
      discounts: [],
      payments: [],
      refunds: [],
      charges: [],
      total: { minor: 0, currency: 'EUR' },
      texts: [],
    };
    const read = (facts: unknown) => runRead(given({ webhooks: { ...acme.webhooks, read: () => facts } }), ctx, notice);
    expect(await read([{ kind: 'order', order }])).toMatchObject({ ok: true, value: [{ order: { businessDay: '2026-03-06' } }] });
    expect(await read([{ kind: 'order', order: { ...order, businessDay: '20260306' } }])).toMatchObject({ ok: false });
  });

  test('a topic that is not declared gives no facts', async () => {
    const connector = given({ webhooks: { ...acme.webhooks, read: () => [{ kind: 'gone', resource: 'order', id: 'o-1' }] } });
    expect(await runRead(connector, ctx, { ...notice, topic: 'something.else' })).toEqual({ ok: true, value: [] });
  });

  test('is fetched in as many goes as the connector wants', async () => {
    const asked: (readonly string[])[] = [];
    const read = (_ctx: unknown, ids: readonly string[]): Fact[] => {
      asked.push(ids);
      return ids.map((id) => ({ kind: 'gone', resource: 'order', id }));
    };
    const ran = await runFetch(given({ fetch: { order: { max: 2, read } } }), ctx, 'order', ['a', 'b', 'c']);
    expect(asked).toEqual([['a', 'b'], ['c']]);
    expect(ran.ok && ran.value.length).toBe(3);
    expect(await runFetch(acmeConnector, ctx, 'customer', ['a'])).toMatchObject({ ok: false, failure: { code: 'NOT_SUPPORTED' } });
  });
});
