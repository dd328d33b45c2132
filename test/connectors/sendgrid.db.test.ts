import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Forger, forgerFor, type StandIn, startStandIn } from '@valehub/connector-kit/testing';
import sendgrid from '@valehub/connector-sendgrid';
import { ADMIN, type ConnectorHub, ledgerTypes, rowsOf, startConnectorHub } from './support/connector-hub.ts';
import { enqueue, jobOf } from './support/outbox.ts';

const MESSAGE = { channel: 'EMAIL', to: 'ana@example.com', subject: 'Tu vale', text: 'DV4711' };

let platform: StandIn;
let forger: Forger;
let running: ConnectorHub;
let connectionId: string;
let webhookUrl: string;

beforeAll(async () => {
  platform = await startStandIn();
  forger = forgerFor(sendgrid);
});
afterAll(() => platform.close());

beforeEach(async () => {
  running = await startConnectorHub({ deadlines: { request: 200 } });
  platform.answer([{ path: '/v3/scopes', body: { scopes: ['mail.send'] } }]);
  const connection = await running.host.desk.connect(ADMIN, {
    connectorId: 'sendgrid',
    appId: null,
    name: 'Mail',
    storeId: null,
    settings: { apiKey: 'SG.key-that-nobody-may-see', fromEmail: 'hola@example.com', apiBaseUrl: platform.url, ...forger.secrets },
  });
  expect(connection).toMatchObject({ status: 'ACTIVE' });
  connectionId = connection.id;
  webhookUrl = connection.webhookUrl ?? '';
});
afterEach(async () => {
  await running.close();
  await running.database.drop();
});

const sent = () => platform.requests.filter((request) => request.path === '/v3/mail/send');
const send = (key = 'run-1 step-1', customerId?: string) =>
  enqueue(running, { connectionId, verb: 'messages.send', key, input: MESSAGE, ...(customerId === undefined ? {} : { customerId }) });

async function report(events: readonly object[]): Promise<number> {
  const signed = forger.sign({ url: webhookUrl, body: `${JSON.stringify(events)}\r\n`, at: running.clock.now() });
  const response = await fetch(webhookUrl, {
    method: 'POST',
    headers: new Headers(signed.headers.map(([name, value]) => [name, value])),
    body: Buffer.from(signed.body),
  });
  return response.status;
}

describe('a message by SendGrid', () => {
  test('taken: DONE with its id', async () => {
    platform.answer([{ path: '/v3/mail/send', status: 202, headers: { 'x-message-id': 'SG-1' } }]);
    const id = await send();
    await running.host.drain();
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE', outcome: { id: 'SG-1' } });
    expect(JSON.parse(sent()[0]?.body ?? '')).toMatchObject({
      personalizations: [{ to: [{ email: MESSAGE.to }] }],
      from: { email: 'hola@example.com' },
    });
  });

  test('refused: FAILED, so that another channel may be tried; the address is in no log', async () => {
    platform.answer([
      {
        path: '/v3/mail/send',
        status: 400,
        body: { errors: [{ message: `Does not contain a valid address: ${MESSAGE.to}`, field: 'personalizations.0.to' }] },
      },
    ]);
    const id = await send();
    await running.host.drain();
    expect(await jobOf(running, id)).toMatchObject({ status: 'FAILED', failure: { code: 'BAD_INPUT', path: 'personalizations.0.to' } });
    expect(sent()).toHaveLength(1);
    expect(running.logged.join('')).not.toContain(MESSAGE.to);
  });

  test('too many: waits until the window turns, then goes out', async () => {
    const turns = Math.floor(running.clock.now() / 1000) + 20;
    platform.answer([
      {
        path: '/v3/mail/send',
        status: 429,
        headers: { 'x-ratelimit-reset': String(turns) },
        body: { errors: [{ message: 'too many requests', field: null }] },
      },
      { path: '/v3/mail/send', status: 202 },
    ]);
    const id = await send();
    await running.host.drain();
    expect(await jobOf(running, id)).toMatchObject({ status: 'PENDING', attempts: 0 });
    running.clock.pass(21_000);
    await running.host.drain();
    expect(await jobOf(running, id)).toMatchObject({ status: 'DONE' });
  });

  test('an answer that never came: parked, for a second mail may be worse than none', async () => {
    platform.answer([
      { path: '/v3/mail/send', instead: 'CUT' },
      { path: '/v3/mail/send', status: 202 },
    ]);
    const id = await send();
    await running.host.drain();
    running.clock.pass(3_600_000);
    await running.host.drain();
    expect(await jobOf(running, id)).toMatchObject({ status: 'PARKED', failure: { unknown: true } });
    expect(sent()).toHaveLength(1);
  });
});

test('what SendGrid reports later stands on the message, and is an event for workflows, each once', async () => {
  platform.answer([{ path: '/v3/mail/send', status: 202 }]);
  const customer = (await running.hub.customers.upsert(ADMIN, { email: MESSAGE.to })).id;
  const id = await send('run-1 step-1', customer);
  await running.host.drain();
  const { custom_args: args } = (JSON.parse(sent()[0]?.body ?? '') as { personalizations: { custom_args: Record<string, string> }[] })
    .personalizations[0] ?? { custom_args: {} };
  const at = Math.floor(running.clock.now() / 1000);
  const opened = { ...args, email: MESSAGE.to, event: 'open', timestamp: at + 9, sg_event_id: 'e-2' };
  const delivered = { ...args, email: MESSAGE.to, event: 'delivered', timestamp: at + 2, sg_event_id: 'e-1' };
  // Shuffled and repeated.
  expect(await report([opened, delivered])).toBe(200);
  expect(await report([delivered, opened])).toBe(200);
  await running.host.drain();
  expect(await jobOf(running, id)).toMatchObject({ messageState: 'OPENED' });
  expect((await ledgerTypes(running.hub)).filter((type) => type === 'CUSTOM')).toHaveLength(2);
  const events = await rowsOf<{ data: { name?: string }; customer: string }>(
    running.hub,
    `select data, customer_id as customer from ledger_event where type = 'CUSTOM' order by position`,
  );
  expect(events.map((event) => event.customer)).toEqual([customer, customer]);
  const kept = await rowsOf<{ body: unknown }>(running.hub, 'select body from notice');
  expect(JSON.stringify(kept)).not.toContain(MESSAGE.to);
});
