import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Fact } from '@valehub/connector-kit';
import { receive, runEnsure, runRead, runSplit, startPlatform } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { connect, NOW, through, transport } from './connected.ts';
import { type SendGridStandIn, startSendGrid } from './stand-in.ts';

let now = NOW;
let sendgrid: SendGridStandIn;

beforeEach(async () => {
  now = NOW;
  sendgrid = await startSendGrid({ now: () => now });
});
afterEach(() => sendgrid.close());
afterAll(() => transport.close());

const MAIL = { channel: 'EMAIL', to: 'ana@example.com', templateId: 'd-1', fields: { name: 'Ana' } } as const;

/** A hub that takes deliveries as the real one does, and keeps what they mean. */
async function hub(answers: readonly number[] = []) {
  const facts: Fact[] = [];
  const queue = [...answers];
  const platform = await startPlatform({
    routes: [
      {
        at: 'POST /webhooks/c-1',
        async handle({ text, headers }) {
          const incoming = { method: 'POST', url: URL, query: '', headers: Object.entries(headers), body: Buffer.from(text) };
          const received = await receive(connector, incoming, { keys: () => [sendgrid.verificationKey], nowMs: now });
          if (received.kind !== 'delivery') return { status: 401 };
          const split = await runSplit(connector, received.delivery);
          for (const notice of split.ok ? split.value : []) {
            const read = await runRead(connector, connect(sendgrid), notice);
            facts.push(...(read.ok ? read.value : []));
          }
          return { status: queue.shift() ?? 200 };
        },
      },
    ],
  });
  return { ...platform, facts, to: `${platform.url}/webhooks/c-1` };
}

const URL = 'https://hub.example.com/webhooks/c-1';

test('dynamic templates go out, and the delivery status of each message comes back to its job', async () => {
  const taken = await hub();
  const ctx = connect(sendgrid, { eventWebhook: 'BY_HUB' });
  await runEnsure(connector, ctx, { url: URL, topics: [], newSecret: '' }, []);
  const { outcomes } = await through(ctx, 'messages.send', [MAIL, { ...MAIL, to: 'bea@example.com', fields: { name: 'Bea' } }]);
  expect(outcomes).toEqual([
    { job: 'job-1', done: { id: 'MESSAGE-1' } },
    { job: 'job-2', done: { id: 'MESSAGE-2' } },
  ]);
  const [ana, bea] = sendgrid.mails;
  if (!ana || !bea) throw new Error('no mail went out');
  expect([ana, bea]).toMatchObject([
    { to: 'ana@example.com', template: 'd-1', fields: { name: 'Ana' }, job: 'key-1' },
    { to: 'bea@example.com', job: 'key-2' },
  ]);
  for (const event of ['processed', 'deferred', 'delivered', 'open', 'click']) sendgrid.happen(event, ana);
  sendgrid.happen('dropped', bea, { reason: 'Bounced Address' });
  sendgrid.happen('delivered', { to: 'stranger@example.com' });
  expect(await sendgrid.deliver({ to: taken.to })).toBe(200);
  const states = taken.facts.flatMap((fact) => (fact.kind === 'messageStatus' ? [`${fact.job} ${fact.state}`] : []));
  expect(states).toEqual(['key-1 QUEUED', 'key-1 QUEUED', 'key-1 DELIVERED', 'key-1 OPENED', 'key-1 CLICKED', 'key-2 REFUSED']);
  await taken.close();
});

test('a delivery that is repeated is the same facts under the same keys, for a day and no longer', async () => {
  const taken = await hub([503]);
  sendgrid.happen('spamreport', { to: 'ana@example.com' });
  const signedAt = now;
  expect(await sendgrid.deliver({ url: URL, to: taken.to, keep: true })).toBe(503);
  now += 23 * 3_600_000;
  expect(await sendgrid.deliver({ url: URL, to: taken.to, keep: true, at: signedAt })).toBe(200);
  expect(taken.facts).toHaveLength(2);
  expect(taken.facts[0]).toEqual(taken.facts[1]);
  now += 2 * 3_600_000;
  expect(await sendgrid.deliver({ url: URL, to: taken.to, at: signedAt })).toBe(401);
  await taken.close();
});

test('too many requests in a second wait until the window turns', async () => {
  await sendgrid.close();
  sendgrid = await startSendGrid({ now: () => now, rate: 2 });
  const ctx = connect(sendgrid, {}, () => now);
  const { outcomes } = await through(ctx, 'messages.send', [MAIL, MAIL, MAIL]);
  expect(outcomes).toMatchObject([{ done: {} }, { done: {} }, { failed: { code: 'RATE_LIMITED', wait: expect.stringMatching(/^PT/) } }]);
  now += 2000;
  expect((await through(ctx, 'messages.send', [MAIL])).outcomes).toMatchObject([{ done: {} }]);
});

test('a mail whose answer was lost did go out, which is why it is not sent again', async () => {
  sendgrid.failNext('LATE');
  expect((await through(connect(sendgrid), 'messages.send', [MAIL])).outcomes).toMatchObject([{ failed: { unknown: true } }]);
  expect(sendgrid.mails).toHaveLength(1);
});

test.each([
  ['a wrong key', { apiKey: 'SG.another.invented' }, 'BAD_CREDENTIALS'],
  ['a sender that is not verified', { fromEmail: 'other@example.com' }, 'FORBIDDEN_SCOPE'],
])('%s is told to the operator', async (_what, settings, code) => {
  expect((await through(connect(sendgrid, settings), 'messages.send', [MAIL])).outcomes).toMatchObject([{ failed: { code } }]);
});
