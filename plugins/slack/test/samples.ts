import type { ConnectorSamples, DeliverySample, QuestionSample, StandInReply, VerbSample } from '@valehub/connector-kit/testing';

const TS = '1772825400.000100';
export const ADDRESS = 'https://hooks.slack.com/services/T0CASA/B0CASA/invented-for-tests';

const suspicion = {
  severity: 'CRITICAL',
  title: 'Many wrong codes',
  text: '43 tries in a minute',
  link: 'https://hub.example.com/anomalies/1',
  id: 'anomaly-1',
  buttons: [
    { id: 'acknowledge', label: 'Acknowledge' },
    { id: 'approve', label: 'Approve', style: 'PRIMARY' },
  ],
} as const;

/** A press as Slack sends it: a form with one field of JSON. */
export const pressBody = (more: Readonly<Record<string, unknown>> = {}): string =>
  new URLSearchParams({
    payload: JSON.stringify({
      type: 'block_actions',
      team: { id: 'T0CASA', domain: 'casa-pepa' },
      enterprise: null,
      user: { id: 'U0PEPA', username: 'pepa', team_id: 'T0CASA' },
      api_app_id: 'A0VALE',
      container: { type: 'message', message_ts: TS, channel_id: 'C0VALES', is_ephemeral: false },
      channel: { id: 'C0VALES', name: 'vales' },
      response_url: 'https://hooks.slack.com/actions/T0CASA/1/invented',
      actions: [
        {
          type: 'button',
          block_id: 'valehub-alert',
          action_id: 'approve',
          value: 'anomaly-1',
          text: { type: 'plain_text', text: 'Approve' },
          action_ts: '1772825460.120000',
        },
      ],
      ...more,
    }),
  }).toString();

const FORM = 'application/x-www-form-urlencoded';
const envelope = (event: object) => ({
  token: 'old-style-token',
  team_id: 'T0CASA',
  api_app_id: 'A0VALE',
  type: 'event_callback',
  event_id: `Ev-${JSON.stringify(event).length}`,
  event_time: 1772825400,
  event: { ...event },
});

const deliveries: readonly DeliverySample[] = [
  { topic: 'block_actions', contentType: FORM, body: pressBody(), notices: 1, facts: ['pressed'] },
  { topic: 'app_uninstalled', body: envelope({ type: 'app_uninstalled' }), notices: 1, facts: ['access'] },
  {
    topic: 'tokens_revoked',
    body: envelope({ type: 'tokens_revoked', tokens: { oauth: ['U0PEPA'], bot: ['U0BOT'] } }),
    notices: 1,
    facts: ['access'],
  },
];

export const commandBody = (text: string): string =>
  new URLSearchParams({
    token: 'old-style-token',
    team_id: 'T0CASA',
    team_domain: 'casa-pepa',
    channel_id: 'C0VALES',
    channel_name: 'vales',
    user_id: 'U0PEPA',
    user_name: 'pepa',
    command: '/vale',
    text,
    api_app_id: 'A0VALE',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T0CASA/1/invented',
    trigger_id: '111.222.invented',
  }).toString();

const questions: readonly QuestionSample[] = [
  {
    question: 'command',
    contentType: FORM,
    body: commandBody('DV-4711'),
    codes: { 'DV-4711': { minor: 1000 } },
    answer: {
      response_type: 'in_channel',
      text: ':white_check_mark: *Good*: takes off 10.00 EUR on an order of 100.00 EUR (Diez por ciento).',
    },
    asked: ['validate'],
  },
  {
    question: 'command',
    contentType: FORM,
    body: commandBody('  WRONG  25,50 '),
    answer: { response_type: 'in_channel', text: ':x: *Not good*: No conocemos este código.' },
    asked: ['validate'],
  },
];

const verbs = (replies: readonly StandInReply[], ref: { readonly id: string | null }): readonly VerbSample[] => [
  { verb: 'alerts.send', inputs: [suspicion], replies, done: [ref] },
  {
    verb: 'messages.send',
    inputs: [{ channel: 'CHAT', to: '+34600000000', toName: 'Ana', text: 'Her voucher is at the door.' }],
    replies,
    done: [ref],
  },
  { verb: 'actions.say', inputs: [{ text: 'The kitchen closes at 23:30.' }], replies, done: [ref] },
];

const posted: readonly StandInReply[] = [
  { method: 'POST', path: '/api/chat.postMessage', body: { ok: true, channel: 'C0VALES', ts: TS, message: { text: 'as sent' } } },
];
const updated: VerbSample = {
  verb: 'actions.alerts.update',
  inputs: [{ message: `C0VALES/${TS}`, alert: suspicion, text: 'Approved by Pepa.' }],
  replies: [{ method: 'POST', path: '/api/chat.update', body: { ok: true, channel: 'C0VALES', ts: TS, text: 'as sent' } }],
  done: [null],
};

const shared = {
  now: '2026-03-06T19:30:00Z',
  deliveries,
  questions,
  handshakes: [
    { body: { type: 'url_verification', token: 'old-style-token', challenge: 'challenge-of-slack' }, answer: 'challenge-of-slack' },
  ],
  choices: [
    {
      name: 'channels',
      replies: [
        {
          path: '/api/conversations.list',
          body: { ok: true, channels: [{ id: 'C0VALES', name: 'vales' }], response_metadata: { next_cursor: 'page-2' } },
        },
        {
          path: '/api/conversations.list',
          body: { ok: true, channels: [{ id: 'C0CAJA', name: 'caja', is_private: true }], response_metadata: { next_cursor: '' } },
        },
      ],
      values: ['C0VALES', 'C0CAJA'],
    },
  ],
} as const;

const tokens = {
  ok: true,
  app_id: 'A0VALE',
  token_type: 'bot',
  scope: 'chat:write,commands',
  bot_user_id: 'U0BOT',
  team: { id: 'T0CASA', name: 'Casa Pepa' },
  enterprise: null,
  is_enterprise_install: false,
};

/** An app that a person has installed. */
export const samples: ConnectorSamples = {
  ...shared,
  settings: { clientId: '123.456', clientSecret: 'client-secret-for-tests', channel: 'C0VALES', approvers: { U0PEPA: 'MARKETING' } },
  facts: { bot: 'U0BOT', team: 'T0CASA' },
  identify: {
    replies: [
      {
        path: '/api/auth.test',
        headers: { 'x-oauth-scopes': 'chat:write,commands' },
        body: {
          ok: true,
          url: 'https://casa-pepa.slack.com/',
          team: 'Casa Pepa',
          user: 'valehub',
          team_id: 'T0CASA',
          user_id: 'U0BOT',
          bot_id: 'B0VALE',
        },
      },
    ],
    account: 'T0CASA',
  },
  auth: {
    callback: {
      query: { code: 'code-of-slack' },
      replies: [{ method: 'POST', path: '/api/oauth.v2.access', body: { ...tokens, access_token: 'xoxb-first' } }],
      facts: { bot: 'U0BOT', team: 'T0CASA' },
    },
    obtain: {
      replies: [
        {
          method: 'POST',
          path: '/api/oauth.v2.access',
          body: { ...tokens, access_token: 'xoxe.xoxb-second', expires_in: 43200, refresh_token: 'xoxe-1-second' },
        },
      ],
      token: 'xoxe.xoxb-second',
    },
    dead: [{ body: { ok: false, error: 'invalid_refresh_token' } }],
  },
  verbs: [...verbs(posted, { id: `C0VALES/${TS}` }), updated],
};

/** An incoming webhook without an app that anybody has installed from the hub. */
export const addressSamples: ConnectorSamples = {
  ...shared,
  settings: { webhookUrl: ADDRESS, channel: '#vales', teamId: 'T0CASA', approvers: { U0PEPA: 'MARKETING' } },
  identify: { replies: [], account: 'T0CASA' },
  choices: [],
  verbs: [...verbs([{ method: 'POST', path: '/services/T0CASA/B0CASA/invented-for-tests', body: 'ok' }], { id: null }), updated],
};
