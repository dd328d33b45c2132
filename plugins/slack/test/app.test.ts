import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Alert, Plain } from '@valehub/connector-kit';
import { createCtx, createTransport, parseSettings, runIdentify, runNamedVerb } from '@valehub/connector-kit/testing';
import nock from 'nock';
import connector from '../src/index.ts';
import { samples } from './samples.ts';

const API = 'https://slack.com';
const transport = createTransport();

interface Given {
  readonly settings?: Readonly<Record<string, Plain>>;
  readonly renew?: () => void;
}

function ctx({ settings = { signingSecret: 'signing-secret' }, renew }: Given = {}) {
  const result = parseSettings(connector, { ...samples.settings, ...settings });
  if (!result.ok) throw new Error('the settings are refused');
  let token = 'xoxb-first';
  return createCtx({
    connector,
    ...result.parsed,
    account: 'T0CASA',
    facts: { bot: 'U0BOT' },
    credentials: {
      current: () => ({ secrets: { token } }),
      async renew() {
        renew?.();
        token = 'xoxb-second';
        return { secrets: { token } };
      },
    },
    store: () => undefined,
    transport,
    now: () => Date.parse('2026-03-06T19:30:00Z'),
  });
}

async function run(verb: string, input: Plain, given?: Given) {
  const step = await runNamedVerb(connector, ctx(given), verb, [{ id: 'job-1', key: 'key-of-job-1', input }], undefined);
  return step.outcomes?.[0];
}

const anomaly: Alert = {
  severity: 'CRITICAL',
  title: 'Many wrong codes',
  text: '<!channel> 43 tries & more',
  link: 'https://hub.example.com/anomalies/1',
  id: 'anomaly-1',
  buttons: [
    { id: 'acknowledge', label: 'Acknowledge' },
    { id: 'approve', label: 'Approve', style: 'PRIMARY' },
    { id: 'block', label: 'Block', style: 'DANGER' },
  ],
};
const written = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
const button = (id: string, label: string, style?: string) => ({
  type: 'button',
  action_id: id,
  value: 'anomaly-1',
  text: { type: 'plain_text', text: label, emoji: false },
  ...(style ? { style } : {}),
});
const alertBlocks = [
  { type: 'section', text: written(':rotating_light: *Many wrong codes*') },
  { type: 'section', text: written('&lt;!channel&gt; 43 tries &amp; more') },
  { type: 'section', text: written('<https://hub.example.com/anomalies/1|Open>') },
];
const alertText = ':rotating_light: *Many wrong codes*\n&lt;!channel&gt; 43 tries &amp; more\n<https://hub.example.com/anomalies/1|Open>';
const literal = { parse: 'none', link_names: false };
const posted = { ok: true, channel: 'C0VALES', ts: '1772825400.000100' };

const bot = (token = 'xoxb-first') => nock(API, { reqheaders: { authorization: `Bearer ${token}` } });

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  expect(nock.pendingMocks()).toEqual([]);
  nock.cleanAll();
});
afterAll(() => {
  nock.restore();
  transport.close();
});

describe('acknowledge buttons where an app is installed: an alert', () => {
  test('is posted with its buttons, by the bot, and no text of it can mention anybody', async () => {
    bot()
      .post('/api/chat.postMessage', {
        channel: 'C0VALES',
        text: alertText,
        blocks: [
          ...alertBlocks,
          {
            type: 'actions',
            block_id: 'valehub-alert',
            elements: [button('acknowledge', 'Acknowledge'), button('approve', 'Approve', 'primary'), button('block', 'Block', 'danger')],
          },
        ],
        unfurl_links: false,
        unfurl_media: false,
        ...literal,
      })
      .reply(200, posted);
    expect(await run('alerts.send', { ...anomaly } as Plain)).toEqual({ job: 'job-1', done: { id: 'C0VALES/1772825400.000100' } });
  });

  test.each<[string, Partial<Alert>, Given['settings']]>([
    ['without an id', { id: undefined } as never, { signingSecret: 'signing-secret' }],
    ['without buttons', { buttons: [] }, { signingSecret: 'signing-secret' }],
    ['where no press can be proven', {}, {}],
  ])('%s goes out as text', async (_why, change, settings) => {
    bot()
      .post('/api/chat.postMessage', { channel: 'C0VALES', text: alertText, unfurl_links: false, unfurl_media: false, ...literal })
      .reply(200, posted);
    const input = JSON.parse(JSON.stringify({ ...anomaly, ...change })) as Plain;
    expect(await run('alerts.send', input, settings ? { settings } : {})).toMatchObject({ done: {} });
  });

  test('of the greatest length stays within what Slack takes', async () => {
    let sent: { text: string; blocks: { text?: { text: string } }[] } | undefined;
    bot()
      .post('/api/chat.postMessage', (body) => {
        sent = body as typeof sent;
        return true;
      })
      .reply(200, posted);
    await run('alerts.send', { ...anomaly, title: '&'.repeat(1000), text: '<'.repeat(10_000) } as Plain);
    expect(sent?.text.length).toBeLessThanOrEqual(40_000);
    expect(sent?.text).toMatch(/&lt;…$/);
    expect(sent?.blocks.length).toBeLessThanOrEqual(50);
    for (const block of sent?.blocks ?? []) expect(block.text?.text.length ?? 0).toBeLessThanOrEqual(3_000);
    const shown = (sent?.blocks ?? []).map((block) => block.text?.text ?? '').join('');
    expect(shown.match(/&lt;/g)).toHaveLength(10_000);
    expect(shown.replace(/&(amp|lt);|[*…:_ a-z]|<https[^>]*>/g, '')).toBe('');
  });

  test('is replaced by what became of it, at the address of the press', async () => {
    nock('https://hooks.slack.com', { badheaders: ['authorization'] })
      .post('/actions/T0CASA/1/invented', {
        replace_original: true,
        text: `${alertText}\nApproved by &lt;Pepa&gt;.`,
        blocks: [...alertBlocks, { type: 'context', elements: [written('Approved by &lt;Pepa&gt;.')] }],
      })
      .reply(200, { ok: true });
    const input = { replyTo: 'https://hooks.slack.com/actions/T0CASA/1/invented', alert: anomaly, text: 'Approved by <Pepa>.' };
    expect(await run('actions.alerts.update', JSON.parse(JSON.stringify(input)) as Plain)).toEqual({ job: 'job-1', done: null });
  });

  test('is replaced later by its id, and by a text alone', async () => {
    bot()
      .post('/api/chat.update', {
        channel: 'C0VALES',
        ts: '1772825400.000100',
        text: 'Nobody answered.',
        blocks: [{ type: 'section', text: written('Nobody answered.') }],
        ...literal,
      })
      .reply(200, posted);
    expect(await run('actions.alerts.update', { message: 'C0VALES/1772825400.000100', text: 'Nobody answered.' })).toMatchObject({
      done: null,
    });
  });

  test.each<[Plain, object]>([
    [{ text: 'x' }, { code: 'BAD_INPUT' }],
    [{ text: 'x', replyTo: 'https://hooks.slack.com/a', message: 'C0VALES/1.2' }, { code: 'BAD_INPUT' }],
    [{ message: 'C0VALES/1.2' }, { code: 'BAD_INPUT', path: 'text' }],
    [{ text: 'x', replyTo: 'https://evil.example/actions/1' }, { code: 'BAD_REPLY' }],
    [{ text: 'x', replyTo: 'http://hooks.slack.com/actions/1' }, { code: 'BAD_REPLY' }],
  ])('is not replaced by %j', async (input, failed) => {
    expect(await run('actions.alerts.update', input)).toMatchObject({ failed });
  });
});

describe('a message', () => {
  test.each([
    ['C0OTHER12', 'It is at the door.', 'C0OTHER12'],
    ['U0PEPA12', 'It is at the door.', 'U0PEPA12'],
    ['+34600000000', '*Ana*\nIt is at the door.', 'C0VALES'],
  ])('to %s is %j in %s', async (to, text, channel) => {
    bot()
      .post('/api/chat.postMessage', { channel, text, unfurl_links: false, unfurl_media: false, ...literal })
      .reply(200, { ...posted, channel });
    expect(await run('messages.send', { channel: 'CHAT', to, toName: 'Ana', text: 'It is at the door.' })).toMatchObject({
      done: { id: `${channel}/1772825400.000100` },
    });
  });

  test('of a workflow goes where the workflow says', async () => {
    bot()
      .post('/api/chat.postMessage', (body) => body.channel === '#cocina')
      .reply(200, posted);
    expect(await run('actions.say', { text: 'Closing', channel: '#cocina' })).toMatchObject({ done: {} });
  });

  test('has nowhere to go where no channel was chosen', async () => {
    const result = parseSettings(connector, { clientId: '1.2', clientSecret: 'client-secret' });
    if (!result.ok) throw new Error('the settings are refused');
    const bare = createCtx({ connector, ...result.parsed, store: () => undefined, transport, now: () => 0 });
    const step = await runNamedVerb(connector, bare, 'actions.say', [{ id: 'j', key: 'k', input: { text: 'x' } }], undefined);
    expect(step.outcomes).toMatchObject([{ failed: { code: 'TARGET_GONE', path: 'channel' } }]);
  });
});

describe('a refusal', () => {
  test.each([
    ['channel_not_found', 'TARGET_GONE'],
    ['is_archived', 'TARGET_GONE'],
    ['invalid_auth', 'BAD_CREDENTIALS'],
    ['token_revoked', 'BAD_CREDENTIALS'],
    ['token_expired', 'BAD_CREDENTIALS'],
    ['account_inactive', 'BAD_CREDENTIALS'],
    ['not_in_channel', 'FORBIDDEN_SCOPE'],
    ['restricted_action', 'FORBIDDEN_SCOPE'],
    ['msg_too_long', 'BAD_INPUT'],
    ['a_word_that_is_new', 'BAD_INPUT'],
    ['service_unavailable', 'PLATFORM_DOWN'],
    ['message_limit_exceeded', 'QUOTA_SPENT'],
    ['deprecated_endpoint', 'NOT_SUPPORTED'],
  ])('with status 200 and the word %s is %s', async (error, code) => {
    nock(API).persist().post('/api/chat.postMessage').reply(200, { ok: false, error });
    expect(await run('actions.say', { text: 'x' })).toMatchObject({ failed: { code, message: `Slack answered 200 ${error}.` } });
    nock.cleanAll();
  });

  test('names the right that is missing, and the member that is wrong', async () => {
    nock(API)
      .post('/api/chat.postMessage')
      .reply(200, { ok: false, error: 'missing_scope', needed: 'chat:write', provided: 'commands' })
      .post('/api/chat.postMessage')
      .reply(200, {
        ok: false,
        error: 'invalid_blocks',
        response_metadata: { messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'] },
      });
    expect(await run('actions.say', { text: 'x' })).toMatchObject({
      failed: { code: 'FORBIDDEN_SCOPE', message: 'Slack answered 200 missing_scope, needs chat:write.' },
    });
    expect(await run('actions.say', { text: 'x' })).toMatchObject({ failed: { code: 'BAD_INPUT', path: 'blocks.0.text.text' } });
  });

  test('beyond the rate waits as long as Slack says, and is left to the table where it says nothing', async () => {
    nock(API).post('/api/chat.postMessage').reply(429, { ok: false, error: 'ratelimited' }, { 'Retry-After': '17' });
    expect(await run('actions.say', { text: 'x' })).toMatchObject({ failed: { code: 'RATE_LIMITED', wait: 'PT17S' } });
    nock(API).post('/api/chat.postMessage').reply(429, '');
    const outcome = await run('actions.say', { text: 'x' });
    expect(outcome).toMatchObject({ failed: { code: 'RATE_LIMITED' } });
    expect(outcome).not.toHaveProperty('failed.wait');
  });

  test('of which Slack says that a part may be done is left open', async () => {
    nock(API).post('/api/chat.postMessage').reply(200, { ok: false, error: 'fatal_error' });
    expect(await run('actions.say', { text: 'x' })).toMatchObject({ failed: { code: 'PLATFORM_DOWN', unknown: true } });
  });

  test.each(['expired_url', 'Expired url', 'used_url'])('of a response address by %s means that it is too late', async (error) => {
    nock('https://hooks.slack.com').post('/actions/T/1/x').reply(404, { ok: false, error });
    expect(await run('actions.alerts.update', { replyTo: 'https://hooks.slack.com/actions/T/1/x', text: 'x' })).toMatchObject({
      failed: { code: 'TARGET_GONE' },
    });
  });

  test('of a token in the middle of the work is tried once more with a new one, and no more often', async () => {
    let renewed = 0;
    const renew = () => {
      renewed += 1;
    };
    bot('xoxb-first').post('/api/chat.postMessage').reply(200, { ok: false, error: 'token_expired' });
    bot('xoxb-second').post('/api/chat.postMessage').reply(200, posted);
    expect(await run('actions.say', { text: 'x' }, { renew })).toMatchObject({ done: {} });
    bot('xoxb-first').post('/api/chat.postMessage').reply(200, { ok: false, error: 'invalid_auth' });
    bot('xoxb-second').post('/api/chat.postMessage').reply(200, { ok: false, error: 'invalid_auth' });
    expect(await run('actions.say', { text: 'x' }, { renew })).toMatchObject({ failed: { code: 'BAD_CREDENTIALS' } });
    expect(renewed).toBe(2);
  });
});

describe('the test call', () => {
  test('names the workspace, the bot and its rights', async () => {
    bot()
      .get('/api/auth.test')
      .reply(
        200,
        { ok: true, team: 'Casa Pepa', team_id: 'T0CASA', user_id: 'U0BOT', bot_id: 'B1' },
        { 'X-OAuth-Scopes': 'chat:write, commands' },
      );
    expect(await runIdentify(connector, ctx())).toEqual({
      ok: true,
      value: { account: 'T0CASA', name: 'Casa Pepa', facts: { bot: 'U0BOT' }, scopes: ['chat:write', 'commands'] },
    });
  });

  test('with a token that is worth nothing fails for the operator', async () => {
    nock(API).persist().get('/api/auth.test').reply(200, { ok: false, error: 'account_inactive' });
    expect(await runIdentify(connector, ctx())).toMatchObject({ ok: false, failure: { code: 'BAD_CREDENTIALS' } });
    nock.cleanAll();
  });
});
