import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Plain, Verb } from '@valehub/connector-kit';
import { contractTests, createCtx, createTransport, parseSettings, runIdentify, runVerb } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { ADDRESS, addressSamples } from './samples.ts';

const transport = createTransport();

function ctx(more: Readonly<Record<string, Plain>> = {}) {
  const result = parseSettings(connector, { ...addressSamples.settings, ...more });
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
    new URL(ADDRESS).pathname,
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

describe('incoming webhook, real-time alert on suspicious use: a post', () => {
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
    expect(connector.limits).toEqual([{ name: 'messages', per: 'target', unit: 'request', amount: 1, every: 'PT1S', burst: 1 }]);
  });
});

describe('an address without an installed app', () => {
  const anomaly = { ...warning, id: 'anomaly-1', buttons: [{ id: 'acknowledge', label: 'Acknowledge' }] };

  test('posts buttons where a press can come back, and is an alert without them where it cannot', async () => {
    nock('https://hooks.slack.com')
      .post(new URL(ADDRESS).pathname, (body) => JSON.stringify(body).includes('"action_id":"acknowledge","value":"anomaly-1"'))
      .reply(200, 'ok');
    const signed = await runVerb(
      alert as never,
      ctx({ signingSecret: 'signing-secret' }),
      [{ id: 'j', key: 'k', input: anomaly }],
      undefined,
    );
    expect(signed.outcomes).toMatchObject([{ done: { id: null } }]);
    hook(':warning: *A &amp; B*\n&lt;!channel&gt; 3 &gt; 2').reply(200, 'ok');
    expect(await run(alert, anomaly)).toMatchObject({ done: {} });
    expect(await connector.narrow?.(ctx())).toEqual({ 'alert.buttons': 'NOT_POSSIBLE' });
    expect(await connector.narrow?.(ctx({ signingSecret: 'signing-secret' }))).toEqual({});
  });

  test('is known by its workspace, else by what the person has called it', async () => {
    expect(await runIdentify(connector, ctx())).toEqual({ ok: true, value: { account: 'T0CASA', name: '#vales' } });
    const result = parseSettings(connector, { webhookUrl: ADDRESS });
    if (!result.ok) throw new Error('the settings are refused');
    const bare = createCtx({ connector, ...result.parsed, store: () => undefined, transport, now: () => 0 });
    expect(await runIdentify(connector, bare)).toEqual({ ok: true, value: { account: 'incoming-webhook', name: 'Slack channel' } });
  });

  test('has one channel, and says so where another is asked for', async () => {
    expect(await run(say, { text: 'x', channel: 'C0OTHER' })).toMatchObject({ failed: { code: 'NOT_SUPPORTED', path: 'channel' } });
    expect(() => connector.choices?.['channels']?.(ctx())).toThrow(/one channel/);
    expect(await run(connector.actions?.['alerts.update'], { message: 'C0VALES/1.2', text: 'done' })).toMatchObject({
      failed: { code: 'NOT_SUPPORTED', path: 'message' },
    });
  });

  test.each([
    'http://hooks.slack.com/services/T0CASA/B0CASA/invented-for-tests',
    'https://hooks.slack.example/services/T0CASA/B0CASA/invented-for-tests',
  ])('that is %s is not called', async (webhookUrl) => {
    const step = await runVerb(alert as never, ctx({ webhookUrl }), [{ id: 'j', key: 'k', input: warning }], undefined);
    expect(step.outcomes).toMatchObject([{ failed: { code: 'BAD_CREDENTIALS' } }]);
  });
});

describe('the contract, by an incoming webhook', () => {
  // It can replace a message only by the address of a press, which no sample can know.
  const tests = contractTests(connector, addressSamples).filter(({ name }) => !/alerts\.update|channels/.test(name));
  beforeEach(() => nock.enableNetConnect('127.0.0.1'));
  for (const { name, run: proves } of tests.filter((each) => !each.name.startsWith('every topic'))) test(name, proves);
});
