import { createHmac } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Fact, Notice, Plain } from '@valehub/connector-kit';
import { createCtx, createTransport, parseSettings, receive, runRead, runSplit } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { pressBody, samples } from './samples.ts';

const NOW = Date.parse('2026-03-06T19:30:00Z');
const KEY = 'signing-secret-1';
const FORM = 'application/x-www-form-urlencoded';
const transport = createTransport();
afterAll(() => transport.close());

const result = parseSettings(connector, samples.settings);
if (!result.ok) throw new Error('the settings are refused');
const ctx = createCtx({ connector, ...result.parsed, facts: { bot: 'U0BOT' }, store: () => undefined, transport, now: () => NOW });

const stamp = String(NOW / 1000);
const sign = (base: string) => `v0=${createHmac('sha256', KEY).update(base).digest('hex')}`;
const take = (body: string, contentType = 'application/json', base = `v0:${stamp}:${body}`, nowMs = NOW) =>
  receive(
    connector,
    {
      method: 'POST',
      url: 'https://hub.example.com/webhooks/c-1',
      query: '',
      headers: [
        ['Content-Type', contentType],
        ['X-Slack-Request-Timestamp', stamp],
        ['X-Slack-Signature', sign(base)],
      ],
      body: Buffer.from(body),
    },
    { keys: (name) => (name === 'signingSecret' ? [KEY] : []), nowMs },
  );

async function notices(body: string, contentType?: string): Promise<readonly Notice[]> {
  const received = await take(body, contentType);
  if (received.kind !== 'delivery') throw new Error(JSON.stringify(received));
  const split = await runSplit(connector, received.delivery);
  if (!split.ok) throw new Error(split.failure.message);
  return split.value;
}
async function facts(body: string, contentType?: string): Promise<readonly Fact[]> {
  const found: Fact[] = [];
  for (const notice of await notices(body, contentType)) {
    const read = await runRead(connector, ctx, notice);
    if (!read.ok) throw new Error(read.failure.message);
    found.push(...read.value);
  }
  return found;
}
const event = (inner: Plain, more: Readonly<Record<string, Plain>> = {}) =>
  JSON.stringify({ type: 'event_callback', team_id: 'T0CASA', event_id: 'Ev1', event_time: 1772825400, event: inner, ...more });

describe('a press of a button', () => {
  test('names the alert, the button, the user and where to answer', async () => {
    const [notice] = await notices(pressBody(), FORM);
    expect(notice).toMatchObject({
      account: 'T0CASA',
      topic: 'block_actions',
      resource: ['message', 'C0VALES/1772825400.000100'],
      at: '2026-03-06T19:31:00.120Z',
      repeat: { key: 'U0PEPA 1772825460.120000 approve' },
    });
    expect(await facts(pressBody(), FORM)).toEqual([
      {
        kind: 'pressed',
        alert: 'anomaly-1',
        button: 'approve',
        by: 'U0PEPA',
        key: 'U0PEPA 1772825460.120000 approve',
        at: '2026-03-06T19:31:00.120Z',
        replyTo: 'https://hooks.slack.com/actions/T0CASA/1/invented',
      },
    ]);
  });

  test('of another app’s block, or of an element without a value, is nothing to the hub', async () => {
    const other = { type: 'button', block_id: 'theirs', action_id: 'approve', value: 'anomaly-1', action_ts: '1772825460.120000' };
    const bare = { type: 'button', block_id: 'valehub-alert', action_id: 'approve', action_ts: '1772825460.130000' };
    expect(await notices(pressBody({ actions: [other, bare] }), FORM)).toHaveLength(2);
    expect(await facts(pressBody({ actions: [other, bare] }), FORM)).toEqual([]);
  });

  test('in an app of a whole organisation is the organisation’s, and needs no message', async () => {
    const [notice] = await notices(pressBody({ team: null, enterprise: { id: 'E0CASA' }, container: null, response_url: null }), FORM);
    expect(notice).toMatchObject({ account: 'E0CASA', body: { replyTo: null } });
    expect(notice).not.toHaveProperty('resource');
  });

  test.each([
    ['without a user', { user: undefined }],
    ['without its time', { actions: [{ block_id: 'valehub-alert', action_id: 'approve', value: 'a' }] }],
  ])('%s is refused, not guessed at', async (_what, change) => {
    await expect(notices(pressBody(change), FORM)).rejects.toThrow(/schema/);
  });
});

describe('the end of the app', () => {
  test('by removal is told', async () => {
    expect(await facts(event({ type: 'app_uninstalled' }))).toEqual([
      { kind: 'access', is: 'UNINSTALLED', at: '2026-03-06T19:30:00.000Z' },
    ]);
  });

  test.each<[Plain, Fact[]]>([
    [{ bot: ['U0BOT'], oauth: [] }, [{ kind: 'access', is: 'REVOKED', at: '2026-03-06T19:30:00.000Z' }]],
    [{ bot: ['U0OTHER'] }, []],
    [{ oauth: ['U0PEPA'] }, []],
    [null, []],
  ])('by revoked tokens %j is told where our own is among them', async (tokens, expected) => {
    expect(await facts(event({ type: 'tokens_revoked', tokens }))).toEqual(expected);
  });
});

describe('whatever else Slack tells', () => {
  test.each([
    [event({ type: 'app_mention', text: 'hello' }), 'app_mention', 'Ev1'],
    ['{"type":"app_rate_limited","team_id":"T0CASA","minute_rate_limited":1772825400}', 'app_rate_limited', undefined],
    ['{"type":"something_new"}', 'something_new', undefined],
  ])('is kept under its own name: %s', async (body, topic, key) => {
    const [notice] = await notices(body);
    expect(notice).toMatchObject({ topic, repeat: { key: key ?? expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(await facts(body)).toEqual([]);
  });

  test('in a form is kept as well', async () => {
    const [notice] = await notices(new URLSearchParams({ payload: '{"type":"view_submission","view":{}}' }).toString(), FORM);
    expect(notice).toMatchObject({ topic: 'view_submission' });
  });
});

describe('Slack calling', () => {
  const hello = '{"type":"url_verification","challenge":"c-1"}';

  test('is answered its challenge, signed and in time', async () => {
    expect(await take(hello)).toEqual({ kind: 'handshake', body: 'c-1' });
    expect(await take(hello, undefined, `${stamp}:${hello}`)).toMatchObject({ kind: 'refused', fault: 'SIGNATURE_WRONG' });
    expect(await take(hello, undefined, undefined, NOW + 301_000)).toMatchObject({ kind: 'refused', fault: 'TOO_LATE' });
  });
});
