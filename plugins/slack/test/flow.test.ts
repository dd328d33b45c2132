import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Credential, Ctx, Plain } from '@valehub/connector-kit';
import {
  authorizationUrl,
  createAuthCtx,
  createCtx,
  createTransport,
  type HubDoor,
  parseSettings,
  runAccept,
  runIdentify,
  runNamedVerb,
  runObtain,
  startHubDoor,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { type SlackOptions, type SlackStandIn, startSlack } from './stand-in.ts';

let clock = Date.parse('2026-03-06T19:30:00Z');
const now = () => clock;
const SIGNING = 'signing-secret-1';
let slack: SlackStandIn;
let hub: HubDoor;
let credential: Credential | null = null;
let renewals = 0;
const transport = createTransport({ allowPrivateHosts: true });

const parsed = (settings: Readonly<Record<string, Plain>>) => {
  const result = parseSettings(connector, settings);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.parsed;
};
const authCtx = () => createAuthCtx({ connector, ...parsed(slack.appSettings), store: () => undefined, transport, now });

function ctx(settings: Readonly<Record<string, Plain>> = slack.appSettings, deadlineMs = 20_000): Ctx {
  return createCtx({
    connector,
    ...parsed(settings),
    ...(credential?.facts ? { facts: credential.facts } : {}),
    credentials: {
      current: () => credential,
      async renew() {
        renewals += 1;
        const ran = await runObtain(connector, authCtx(), credential ?? undefined);
        if (!ran.ok) throw Object.assign(new Error('no token'), { failure: ran.failure });
        credential = ran.value;
        return credential;
      },
    },
    store: () => ({ storeId: 'store-1', currency: 'EUR', zone: 'Europe/Madrid' }),
    transport,
    now,
    deadlineMs,
  });
}

async function start(options: SlackOptions = {}): Promise<void> {
  await slack?.close();
  slack = await startSlack({ now, signingSecret: SIGNING, hub: hub.address, ...options });
}

beforeEach(async () => {
  credential = null;
  renewals = 0;
  hub = await startHubDoor({
    connector,
    secrets: { signingSecret: SIGNING },
    ctx: () => ctx(),
    codes: { 'DV-4711': { minor: 550, kind: 'TENDER' } },
  });
  slack = await startSlack({ now, signingSecret: SIGNING, hub: hub.address });
});
afterEach(async () => {
  await slack.close();
  await hub.close();
});

async function install(): Promise<void> {
  const given = { settings: parsed(slack.appSettings).settings, secrets: parsed(slack.appSettings).secrets };
  const leave = { allowPrivateHosts: true, isPrivate: () => true };
  const url = authorizationUrl(connector, given, { state: 's-1', redirectUri: 'https://hub.example.com/back' }, leave);
  expect(new URL(url).searchParams.get('scope')).toBe('chat:write,chat:write.public,channels:read,groups:read,commands');
  const agreed = await fetch(url, { redirect: 'manual' });
  const query = Object.fromEntries(new URL(agreed.headers.get('location') ?? '').searchParams);
  const ran = await runAccept(connector, authCtx(), { query, redirectUri: 'https://hub.example.com/back' });
  if (!ran.ok) throw new Error(ran.failure.message);
  credential = ran.value;
}

const run = async (verb: string, input: Plain, of = ctx()) =>
  (await runNamedVerb(connector, of, verb, [{ id: 'j', key: 'k', input }], undefined)).outcomes?.[0];

const anomaly: Plain = {
  severity: 'WARNING',
  title: 'Many wrong codes',
  text: '43 tries',
  id: 'anomaly-1',
  buttons: [
    { id: 'acknowledge', label: 'Acknowledge' },
    { id: 'approve', label: 'Approve' },
  ],
};

describe('an installed app', () => {
  test('is consented to, posts, is pressed, and shows what became of it', async () => {
    await install();
    expect(credential).toMatchObject({ facts: { bot: slack.bot, team: slack.team } });
    expect(credential).not.toHaveProperty('expiresAt');
    expect(await runIdentify(connector, ctx())).toMatchObject({ value: { account: slack.team, name: 'Casa Pepa' } });
    expect(await run('alerts.send', anomaly)).toMatchObject({ done: { id: expect.stringMatching(/^C0ALERTS\//) } });
    expect(await slack.press('C0ALERTS', 'approve', 'U0PEPA')).toBe(200);
    expect(hub.facts).toMatchObject([{ kind: 'pressed', alert: 'anomaly-1', button: 'approve', by: 'U0PEPA' }]);
    const [press] = hub.facts;
    const replyTo = press?.kind === 'pressed' ? (press.replyTo ?? '') : '';
    expect(await run('actions.alerts.update', { replyTo, alert: anomaly, text: 'Approved by Pepa.' })).toEqual({ job: 'j', done: null });
    const [message] = slack.messages('C0ALERTS');
    expect(message).toMatchObject({ edited: true, text: expect.stringMatching(/Approved by Pepa\.$/) });
    expect(JSON.stringify(message?.blocks)).not.toContain('"actions"');
    await expect(slack.press('C0ALERTS', 'approve', 'U0PEPA')).rejects.toThrow(/No message/);
  });

  test('takes an answer five times and for half an hour, then only by the message’s id', async () => {
    await install();
    const sent = await run('alerts.send', anomaly);
    await slack.press('C0ALERTS', 'acknowledge', 'U0PEPA');
    const [press] = hub.facts;
    const replyTo = press?.kind === 'pressed' ? (press.replyTo ?? '') : '';
    for (let times = 0; times < 5; times += 1)
      expect(await run('actions.alerts.update', { replyTo, text: `${times}` })).toMatchObject({ done: null });
    expect(await run('actions.alerts.update', { replyTo, text: 'x' })).toMatchObject({ failed: { code: 'TARGET_GONE' } });
    clock += 31 * 60_000;
    expect(await run('actions.alerts.update', { replyTo, text: 'x' })).toMatchObject({ failed: { code: 'TARGET_GONE' } });
    const message = sent && 'done' in sent ? (sent.done as { readonly id: string }).id : '';
    expect(await run('actions.alerts.update', { message, text: 'Closed.' })).toMatchObject({ done: null });
    expect(slack.messages('C0ALERTS')).toMatchObject([{ text: 'Closed.' }]);
  });

  test('with token rotation renews before the end, after it, and once the grant is dead says so', async () => {
    await start({ tokenLifeMs: 60_000 });
    await install();
    expect(credential?.expiresAt).toBe(new Date(clock + 60_000).toISOString());
    expect(await run('actions.say', { text: 'one' })).toMatchObject({ done: {} });
    clock += 45_000;
    expect(await run('actions.say', { text: 'two' })).toMatchObject({ done: {} });
    expect(renewals).toBe(1);
    credential = { secrets: { ...credential?.secrets, token: 'xoxb-forgotten' } };
    expect(await run('actions.say', { text: 'three' })).toMatchObject({ done: {} });
    expect(renewals).toBe(2);
    await slack.revoke();
    expect(hub.facts).toMatchObject([{ kind: 'access', is: 'REVOKED' }]);
    expect(await run('actions.say', { text: 'four' })).toMatchObject({ failed: { code: 'BAD_CREDENTIALS' } });
    expect(slack.messages('C0ALERTS').map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  test('that was removed is told of, and its token is worth nothing', async () => {
    await install();
    expect(await slack.uninstall()).toBe(200);
    expect(hub.facts).toMatchObject([{ kind: 'access', is: 'UNINSTALLED' }]);
    expect(await run('actions.say', { text: 'x' })).toMatchObject({
      failed: { code: 'BAD_CREDENTIALS', message: expect.stringMatching(/authorise it again/) },
    });
  });

  test('reads the channels to the last page, without archived ones', async () => {
    await install();
    for (const n of [1, 2, 3, 4]) slack.addChannel(`C0${n}`, `canal-${n}`, n === 4);
    slack.archive('C02');
    const choices = await connector.choices?.['channels']?.(ctx());
    expect(choices?.map(({ label }) => label)).toEqual(['#alerts', '#canal-1', '#canal-3', '#canal-4 (private)']);
    expect(slack.platform.requests.filter(({ path }) => path === '/api/conversations.list')).toHaveLength(2);
  });

  test('is told where a channel is gone, and to wait where it is in a hurry', async () => {
    await start({ paced: true });
    await install();
    expect(await run('actions.say', { text: 'x' })).toMatchObject({ done: {} });
    expect(await run('actions.say', { text: 'x' })).toMatchObject({ failed: { code: 'RATE_LIMITED', wait: 'PT1S' } });
    slack.archive('C0ALERTS');
    expect(await run('actions.say', { text: 'x' })).toMatchObject({ failed: { code: 'TARGET_GONE' } });
    expect(await run('actions.say', { text: 'x', channel: 'C0NONE' })).toMatchObject({ failed: { code: 'TARGET_GONE' } });
  });

  test('whose token is given back has none any more', async () => {
    await install();
    const revoke = 'length' in connector.auth ? connector.auth[1]?.revoke : undefined;
    const have = credential ?? { secrets: {} };
    await revoke?.(authCtx(), have);
    await revoke?.(authCtx(), have);
    expect(await run('actions.say', { text: 'x' })).toMatchObject({ failed: { code: 'BAD_CREDENTIALS' } });
  });
});

describe('when things go wrong', () => {
  beforeEach(() => install());

  test.each([
    ['half a reply', 'HALF', 'BAD_REPLY', true],
    ['a page instead of JSON', 'HTML', 'BAD_REPLY', true],
    ['a reset', 'CUT', 'PLATFORM_DOWN', true],
    ['a reset after it was done', 'LATE', 'PLATFORM_DOWN', true],
    ['no answer', 'HANG', 'TIMEOUT', true],
    ['a fault of the server', { status: 502, body: '<html></html>' }, 'PLATFORM_DOWN', undefined],
    ['a redirect elsewhere', { status: 302, headers: { location: 'https://evil.example/' } }, 'BAD_REPLY', undefined],
  ] as const)('%s is told for what it is', async (_what, fault, code, unknown) => {
    slack.platform.failNext(fault);
    const outcome = await run('actions.say', { text: 'x' }, ctx(slack.appSettings, fault === 'HANG' ? 100 : 20_000));
    expect(outcome).toMatchObject({ failed: { code, ...(unknown ? { unknown } : {}) } });
    expect(slack.messages('C0ALERTS')).toHaveLength(fault === 'LATE' || fault === 'HALF' ? 1 : 0);
  });

  test('a list of channels that breaks off in the middle gives none, not some', async () => {
    for (const n of [1, 2, 3]) slack.addChannel(`C0${n}`, `canal-${n}`);
    let asked = 0;
    const of = ctx();
    const call: Ctx['call'] = (request) => {
      asked += 1;
      if (asked === 2) slack.platform.failNext({ status: 503 });
      return of.call(request);
    };
    await expect(connector.choices?.['channels']?.({ ...of, call })).rejects.toMatchObject({ failure: { code: 'PLATFORM_DOWN' } });
  });
});

describe('the command', () => {
  test.each([
    ['DV-4711 20', 'in_channel', ':white_check_mark: *Good*: pays 5.50 EUR on an order of 20.00 EUR (Diez por ciento).'],
    ['DV-4711 20,5', 'in_channel', ':white_check_mark: *Good*: pays 5.50 EUR on an order of 20.50 EUR (Diez por ciento).'],
    ['<!channel>', 'in_channel', ':x: *Not good*: No conocemos este código.'],
    ['', 'ephemeral', 'Ask `/vale CODE`, or `/vale CODE 25.50` for an order of that amount.'],
    ['DV-4711 much', 'ephemeral', 'Ask `/vale CODE`, or `/vale CODE 25.50` for an order of that amount.'],
    ['DV-4711 20.505', 'ephemeral', 'Ask `/vale CODE`, or `/vale CODE 25.50` for an order of that amount.'],
    ['DV-4711 20 now', 'ephemeral', 'Ask `/vale CODE`, or `/vale CODE 25.50` for an order of that amount.'],
  ])('with %j is answered %s', async (text, response_type, answer) => {
    expect(await slack.command(text)).toEqual({ status: 200, body: { response_type, text: answer } });
  });

  test('in a channel that stands for a store asks in that store, and repeats no code', async () => {
    const orders: unknown[] = [];
    const of = { ...ctx({ ...slack.appSettings, locations: { C0GRACIA: 'store-2' } }) };
    const desk = {
      validate: async (asked: { readonly order: unknown }) =>
        [orders.push(asked.order), { code: 'DV-4711', ok: false, reason: 'X', message: 'Caducó <ayer>.' }].slice(1),
    };
    const question = connector.questions?.['command'];
    const input = { team_id: 'T', channel_id: 'C0GRACIA', trigger_id: '1.2', command: '/vale', text: 'DV-4711' };
    expect(await question?.answer({ ...of, desk } as never, input, {} as never)).toEqual({
      response_type: 'in_channel',
      text: ':x: *Not good*: Caducó &lt;ayer&gt;.',
    });
    expect(orders).toMatchObject([
      { externalId: 'slack 1.2', location: 'C0GRACIA', currency: 'EUR', lines: [{ unitPrice: { minor: 10_000, currency: 'EUR' } }] },
    ]);
  });

  test('of a connection without a store says what to do', async () => {
    const question = connector.questions?.['command'];
    const input = { team_id: 'T', channel_id: 'C0', trigger_id: '1.2', command: '/vale', text: 'DV-4711' };
    expect(await question?.answer({ ...ctx(), store: () => undefined, desk: {} } as never, input, {} as never)).toMatchObject({
      response_type: 'ephemeral',
      text: expect.stringMatching(/no store/),
    });
  });
});

describe('an incoming webhook', () => {
  test('posts its alert, is pressed, and replaces it at the address of the press', async () => {
    const of = () => ctx(slack.addressSettings);
    expect(await run('alerts.send', anomaly, of())).toMatchObject({ done: { id: null } });
    await slack.press('C0ALERTS', 'acknowledge', 'U0PEPA');
    const [press] = hub.facts;
    const replyTo = press?.kind === 'pressed' ? (press.replyTo ?? '') : '';
    expect(await run('actions.alerts.update', { replyTo, alert: anomaly, text: 'Seen by Pepa.' }, of())).toMatchObject({ done: null });
    expect(slack.messages('C0ALERTS')).toMatchObject([{ edited: true }]);
    expect(slack.platform.requests.every(({ headers }) => headers['authorization'] === undefined)).toBe(true);
  });

  test('whose address Slack tries is answered', async () => {
    expect(await slack.verifyAddress()).toBe('try-this');
  });

  test('that was switched off is gone', async () => {
    const settings = { ...slack.addressSettings, webhookUrl: 'https://hooks.slack.com/services/T0STANDIN/B0/other' };
    expect(await run('alerts.send', anomaly, ctx(settings))).toMatchObject({ failed: { code: 'TARGET_GONE' } });
  });
});
