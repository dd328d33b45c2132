import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { type Listener, openListener } from '../../src/database/listener.ts';
import { OUTBOX_CHANNEL } from '../../src/domain/connection/outbox-queue.ts';
import { systemClock } from '../../src/domain/shared/clock.ts';
import type { MessageJob } from '../../src/workflows/campaign-flow/ports.ts';
import { JobWaiter } from '../../src/workflows/job-waiter.ts';
import { type ConnectionOffer, OutboxDelivery } from '../../src/workflows/outbox-delivery.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';

let server: TestDatabase;
let database: Database;
let listener: Listener;
let waiter: JobWaiter;
let delivery: OutboxDelivery;
let giveUp: AbortController;
let doubts: unknown[];

const offers: Record<string, ConnectionOffer> = {
  con_mail: { verbs: new Set(['messages.send']), channels: ['EMAIL'] },
  con_chat: { verbs: new Set(['alerts.send', 'actions.tag']), channels: [] },
};
const silent = pino({ level: 'silent' });
const message = (connectionId: string, more: Partial<MessageJob> = {}): MessageJob => ({
  connectionId,
  key: `run:step:${Math.random()}`,
  runId: 'run',
  stepId: 'step',
  channel: null,
  to: 'ana@example.com',
  subject: 'Hola',
  workflowName: 'Thanks',
  text: 'x',
  templateId: null,
  fields: {},
  customerId: null,
  storeId: null,
  ...more,
});
const waiting = () => ({ signal: giveUp.signal, inDoubt: async (failure: unknown) => void doubts.push(failure) });

beforeAll(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url);
  listener = await openListener(server.url, silent);
  waiter = new JobWaiter({ pool: database.pool, listener, log: silent });
  delivery = new OutboxDelivery({
    pool: database.pool,
    clock: systemClock,
    waiter,
    offerOf: async (id) => offers[id] ?? null,
  });
});
beforeEach(() => {
  giveUp = new AbortController();
  doubts = [];
});
afterAll(async () => {
  await waiter.stop();
  await listener.close();
  await database.close();
  await server.drop();
});

interface Row {
  readonly id: string;
  readonly verb: string;
  readonly input: Record<string, unknown>;
  readonly status: string;
}

async function jobOf(key: string): Promise<Row> {
  for (;;) {
    const { rows } = await database.pool.query<Row>('select id, verb, input, status from outbox_job where key = $1', [key]);
    if (rows[0] !== undefined) return rows[0];
  }
}

/** As the dispatchers do it. */
async function settle(key: string, status: string, more: { outcome?: unknown; failure?: unknown; inDoubt?: boolean } = {}): Promise<void> {
  const { id } = await jobOf(key);
  await database.pool.query('update outbox_job set status = $2, outcome = $3, failure = $4, in_doubt = $5 where id = $1', [
    id,
    status,
    JSON.stringify(more.outcome ?? null),
    more.failure === undefined ? null : JSON.stringify(more.failure),
    more.inDoubt ?? false,
  ]);
  await database.pool.query('select pg_notify($1, $2)', [OUTBOX_CHANNEL, id]);
}

describe('a message through the outbox', () => {
  it('is done when its job is, whoever waits, and is one job under one key', async () => {
    const job = message('con_mail', { templateId: 'd-1', text: null, fields: { name: 'Ana' } });
    const both = Promise.all([delivery.message(job, waiting()), delivery.message(job, waiting())]);
    expect(await jobOf(job.key)).toMatchObject({
      verb: 'messages.send',
      status: 'PENDING',
      input: { channel: 'EMAIL', to: 'ana@example.com', subject: 'Hola', templateId: 'd-1', fields: { name: 'Ana' } },
    });
    await settle(job.key, 'DONE', { outcome: { id: 'm1' } });
    expect(await both).toEqual([
      { settled: 'DONE', outcome: { id: 'm1' }, channel: 'EMAIL' },
      { settled: 'DONE', outcome: { id: 'm1' }, channel: 'EMAIL' },
    ]);
    expect(await delivery.message(job, waiting())).toMatchObject({ settled: 'DONE' });
    const { rows } = await database.pool.query('select from outbox_job where key = $1', [job.key]);
    expect(rows).toHaveLength(1);
  });

  it('is refused when the platform said no', async () => {
    const job = message('con_mail');
    const sent = delivery.message(job, waiting());
    await settle(job.key, 'FAILED', { failure: { code: 'BAD_INPUT', message: 'No such address.' } });
    expect(await sent).toEqual({ settled: 'REFUSED', failure: { code: 'BAD_INPUT', message: 'No such address.' } });
  });

  it('is refused when it was parked without having gone out, and can then no longer be replayed', async () => {
    const job = message('con_mail');
    const sent = delivery.message(job, waiting());
    await settle(job.key, 'PARKED', { failure: { code: 'BAD_CREDENTIALS', message: 'The key was revoked.' } });
    expect(await sent).toMatchObject({ settled: 'REFUSED', failure: { code: 'BAD_CREDENTIALS' } });
    expect((await jobOf(job.key)).status).toBe('FAILED');
  });

  it('that may have gone out waits for a person', async () => {
    const job = message('con_mail');
    const { promise: doubted, resolve } = Promise.withResolvers<unknown>();
    const sent = delivery.message(job, { signal: giveUp.signal, inDoubt: async (failure) => resolve(failure) });
    await settle(job.key, 'PARKED', { failure: { code: 'TIMEOUT', message: 'No answer.' }, inDoubt: true });
    expect(await doubted).toMatchObject({ code: 'TIMEOUT' });
    await settle(job.key, 'DONE', { outcome: { id: 'm2' } });
    expect(await sent).toMatchObject({ settled: 'DONE' });
  });

  it('is given up waiting for, and stays in the outbox, when the worker stops', async () => {
    const job = message('con_mail');
    const sent = delivery.message(job, waiting());
    await jobOf(job.key);
    giveUp.abort(new Error('the worker stops'));
    await expect(sent).rejects.toThrow('the worker stops');
    expect((await jobOf(job.key)).status).toBe('PENDING');
  });

  it('goes as an alert where the connection has nothing else for a chat', async () => {
    const job = message('con_chat', { channel: 'CHAT' });
    const sent = delivery.message(job, waiting());
    expect(await jobOf(job.key)).toMatchObject({ verb: 'alerts.send', input: { severity: 'INFO', title: 'Hola', text: 'x' } });
    await settle(job.key, 'DONE');
    expect(await sent).toMatchObject({ settled: 'DONE', channel: 'CHAT' });
  });

  it('has no subject where the definition has none; an alert then bears the name of the workflow', async () => {
    const [mail, alert] = [message('con_mail', { subject: null }), message('con_chat', { subject: null })];
    const both = Promise.all([delivery.message(mail, waiting()), delivery.message(alert, waiting())]);
    expect((await jobOf(mail.key)).input).toEqual({ channel: 'EMAIL', to: 'ana@example.com', text: 'x' });
    expect((await jobOf(alert.key)).input).toEqual({ severity: 'INFO', title: 'Thanks', text: 'x' });
    for (const { key } of [mail, alert]) await settle(key, 'DONE');
    expect((await both).map(({ settled }) => settled)).toEqual(['DONE', 'DONE']);
  });

  it.each([
    ['a channel that the connection does not have', message('con_chat', { channel: 'EMAIL' }), 'NOT_SUPPORTED'],
    ['a template where only texts can go', message('con_chat', { channel: 'CHAT', text: null, templateId: 'd-1' }), 'NOT_SUPPORTED'],
    ['a connection that is gone', message('con_gone'), 'TARGET_GONE'],
  ])('is refused at once for %s', async (_, job, code) => {
    expect(await delivery.message(job, waiting())).toMatchObject({ settled: 'REFUSED', failure: { code } });
  });
});

describe('a call through the outbox', () => {
  it('takes a verb that many connectors have by its name', async () => {
    const job = { connectionId: 'con_chat', key: 'run:alert', runId: 'run', stepId: 'alert', action: 'alerts.send', input: { title: 'x' } };
    const called = delivery.action(job, waiting());
    expect(await jobOf(job.key)).toMatchObject({ verb: 'alerts.send', input: { title: 'x' } });
    giveUp.abort();
    await expect(called).rejects.toBeDefined();
  });

  it('gives what the action gave', async () => {
    const job = { connectionId: 'con_chat', key: 'run:call', runId: 'run', stepId: 'call', action: 'tag', input: { code: 'X' } };
    const called = delivery.action(job, waiting());
    expect(await jobOf(job.key)).toMatchObject({ verb: 'actions.tag', input: { code: 'X' } });
    await settle(job.key, 'DONE', { outcome: { tagged: 1 } });
    expect(await called).toEqual({ settled: 'DONE', outcome: { tagged: 1 } });
    expect(await delivery.action({ ...job, action: 'other' }, waiting())).toMatchObject({
      settled: 'REFUSED',
      failure: { code: 'NOT_SUPPORTED' },
    });
  });
});
