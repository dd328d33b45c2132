import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain, Verb } from '@valehub/connector-kit';
import { createCtx, createTransport, parseSettings, receive, runSplit, runVerb } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { samples } from './samples.ts';

const transport = createTransport();

function ctx() {
  const result = parseSettings(connector, samples.settings);
  if (!result.ok) throw new Error('the settings are refused');
  return createCtx({
    connector,
    settings: result.parsed.settings,
    secrets: result.parsed.secrets,
    store: () => undefined,
    transport,
    now: () => 0,
  });
}

const alert = connector.roles['alerts.send']?.send;
const message = connector.roles['messages.send']?.send;
const say = connector.actions?.['say'];

async function run(verb: Verb<never, unknown> | undefined, input: Plain) {
  if (!verb) throw new Error('no verb');
  const step = await runVerb(verb, ctx(), [{ id: 'job-1', key: 'key-of-job-1', input: input as never }], undefined);
  return step.outcomes?.[0];
}

const hook = (text?: string) =>
  nock('https://hooks.slack.com', { reqheaders: { 'content-type': 'application/json' }, badheaders: ['authorization'] }).post(
    '/services/T000/B000/invented-for-tests',
    text === undefined ? undefined : { text, unfurl_links: false, unfurl_media: false },
  );

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
  transport.close();
});

const warning = { severity: 'WARNING', title: 'A & B', text: '<!channel> 3 > 2' } as const;

describe('a post', () => {
  test('of an alert escapes what Slack would read as its own, and links on', async () => {
    hook(':warning: *A &amp; B*\n&lt;!channel&gt; 3 &gt; 2\n<https://hub.example.com/a?b=1&amp;c=%7C|Open>').reply(200, 'ok');
    expect(await run(alert, { ...warning, link: 'https://hub.example.com/a?b=1&c=|' })).toEqual({ job: 'job-1', done: { id: null } });
  });

  test('of a message says whom it is for', async () => {
    hook('*Ana: Voucher*\nIt is at the door.').reply(200, 'ok\n');
    expect(
      await run(message, { channel: 'CHAT', to: '+34600000000', toName: 'Ana', subject: 'Voucher', text: 'It is at the door.' }),
    ).toMatchObject({ done: {} });
    hook('*+34600000000*\nHello').reply(200, 'ok');
    expect(await run(message, { channel: 'CHAT', to: '+34600000000', text: 'Hello' })).toMatchObject({ done: {} });
  });

  test('of an action is escaped too', async () => {
    hook('1 &lt; 2').reply(200, 'ok');
    expect(await run(say, { text: '1 < 2' })).toMatchObject({ done: {} });
    expect(await run(say, { words: 'none' })).toMatchObject({ failed: { code: 'BAD_INPUT', path: 'text' } });
  });

  test('that Slack cannot carry is refused without a call', async () => {
    expect(await run(message, { channel: 'CHAT', to: 'x', templateId: 'd-1' })).toMatchObject({
      failed: { code: 'BAD_INPUT', path: 'text' },
    });
    expect(await run(message, { channel: 'EMAIL', to: 'x', text: 'x' })).toMatchObject({ failed: { code: 'BAD_INPUT', path: 'channel' } });
  });

  test.each([
    [400, 'invalid_payload', 'BAD_INPUT'],
    [403, 'invalid_token', 'BAD_CREDENTIALS'],
    [403, 'action_prohibited', 'FORBIDDEN_SCOPE'],
    [404, 'no_service', 'TARGET_GONE'],
    [404, 'channel_not_found', 'TARGET_GONE'],
    [410, 'channel_is_archived', 'TARGET_GONE'],
    [500, 'rollup_error', 'PLATFORM_DOWN'],
    [404, 'Something longer, in words', 'NOT_FOUND'],
  ])('that is answered %i %s is %s', async (status, word, code) => {
    hook().reply(status, word);
    expect(await run(alert, warning)).toMatchObject({ failed: { code } });
  });

  test('beyond the rate waits as long as Slack says', async () => {
    hook().reply(429, 'rate_limited', { 'Retry-After': '30' });
    expect(await run(alert, warning)).toMatchObject({ failed: { code: 'RATE_LIMITED', wait: 'PT30S' } });
  });

  test('that is answered 200 with anything but ok is not done', async () => {
    hook().reply(200, '<html>sign in</html>');
    expect(await run(alert, warning)).toMatchObject({ failed: { code: 'BAD_REPLY', unknown: true } });
  });

  test('may be doubled, one a second', () => {
    expect(alert?.repeat).toBe('mayDouble');
    expect(connector.limits).toEqual([{ name: 'messages', per: 'account', unit: 'request', amount: 1, every: 'PT1S', burst: 1 }]);
  });
});

test('what Slack tells is kept under its own name and id', async () => {
  const delivery = { method: 'POST', headers: {}, query: {}, bodyHash: 'hash', receivedAt: '2026-03-06T19:30:00Z', signed: true } as const;
  expect(
    await runSplit(connector, { ...delivery, body: { type: 'event_callback', event_id: 'Ev1', event: { type: 'app_mention' } } }),
  ).toMatchObject({ value: [{ topic: 'app_mention', repeat: { key: 'Ev1' } }] });
  expect(await runSplit(connector, { ...delivery, body: { type: 'block_actions' } })).toMatchObject({
    value: [{ topic: 'block_actions', repeat: { key: 'hash' } }],
  });
});

describe('Slack calling', () => {
  const NOW = Date.parse('2026-03-06T19:30:00Z');
  const stamp = String(NOW / 1000);
  const body = '{"type":"url_verification","challenge":"c-1"}';
  const take = (base: string, nowMs = NOW) =>
    receive(
      connector,
      {
        method: 'POST',
        url: 'https://hub.example.com/webhooks/c-1',
        query: '',
        headers: [
          ['Content-Type', 'application/json'],
          ['X-Slack-Request-Timestamp', stamp],
          ['X-Slack-Signature', `v0=${createHmac('sha256', 'secret-1').update(base).digest('hex')}`],
        ],
        body: Buffer.from(body),
      },
      { keys: (name) => (name === 'signingSecret' ? ['secret-1'] : []), nowMs },
    );

  test('is answered its challenge, signed and in time', () => {
    expect(take(`v0:${stamp}:${body}`)).resolves.toEqual({ kind: 'handshake', body: 'c-1' });
    expect(take(`${stamp}:${body}`)).resolves.toMatchObject({ kind: 'refused', fault: 'SIGNATURE_WRONG' });
    expect(take(`v0:${stamp}:${body}`, NOW + 301_000)).resolves.toMatchObject({ kind: 'refused', fault: 'TOO_LATE' });
  });
});
