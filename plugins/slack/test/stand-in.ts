import type { Plain } from '@valehub/connector-kit';
import {
  deliver,
  forgerFor,
  type Platform,
  type PlatformReply,
  type PlatformRequest,
  pageOf,
  questionForger,
  startPlatform,
  tokenDesk,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';

export interface SlackOptions {
  readonly port?: number;
  /** The hub's webhook address of the connection; without it nothing is delivered. */
  readonly hub?: string;
  readonly signingSecret?: string;
  /** How long tokens live; left out: for ever, as where token rotation is off. */
  readonly tokenLifeMs?: number;
  /** One message a second and channel, else 429. */
  readonly paced?: boolean;
  readonly pageSize?: number;
  readonly now?: () => number;
}

export interface SlackMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly Plain[];
  /** Whether it was replaced since. */
  readonly edited: boolean;
}

export interface SlackStandIn {
  readonly platform: Platform;
  readonly url: string;
  readonly team: string;
  readonly bot: string;
  /** Whole settings of a connection to it: by an installed app, or by an incoming webhook. */
  readonly appSettings: Readonly<Record<string, Plain>>;
  readonly addressSettings: Readonly<Record<string, Plain>>;
  /** A token as an installation gives it. */
  install(): { readonly token: string; readonly refreshToken: string };
  addChannel(id: string, name: string, hidden?: boolean): void;
  archive(id: string): void;
  /** Newest last. */
  messages(channel: string): readonly SlackMessage[];
  /** Presses a button of the newest message that has one of this name; gives the hub's status. */
  press(channel: string, button: string, user: string): Promise<number>;
  /** Types the command; gives what the hub answers. */
  command(text: string, user?: string, channel?: string): Promise<{ readonly status: number; readonly body: Plain }>;
  verifyAddress(): Promise<string>;
  /** Takes the app away, and tells the hub. */
  uninstall(): Promise<number>;
  revoke(): Promise<number>;
  close(): Promise<void>;
}

type Body = Readonly<Record<string, Plain>>;
type Blocks = readonly {
  readonly type?: string;
  readonly block_id?: string;
  readonly text?: { readonly text?: string };
  readonly elements?: readonly Body[];
}[];

const TEAM = 'T0STANDIN';
const BOT = 'U0STANDIN';
const ADDRESS_CHANNEL = 'C0ALERTS';
const FORM = 'application/x-www-form-urlencoded';
const refused = (error: string, more: Body = {}): PlatformReply => ({ body: { ok: false, error, ...more } });

function faultOf(body: Body): string | undefined {
  const blocks = (body['blocks'] ?? []) as Blocks;
  if (typeof body['text'] !== 'string' || body['text'] === '') return 'no_text';
  if (body['text'].length > 40_000) return 'msg_too_long';
  if (blocks.length > 50 || blocks.some(({ text }) => (text?.text ?? '').length > 3_000)) return 'invalid_blocks';
  const names = blocks.flatMap(({ elements = [] }) => elements.flatMap((element) => element['action_id'] ?? []));
  return new Set(names).size === names.length ? undefined : 'invalid_blocks';
}

/** Slack as the connector meets it: channels, messages, tokens, buttons, the command and the events of an app's life. */
export async function startSlack(options: SlackOptions = {}): Promise<SlackStandIn> {
  const now = options.now ?? Date.now;
  const signingSecret = options.signingSecret ?? 'signing-secret-of-the-stand-in';
  const forger = forgerFor(connector, { signingSecret });
  const asker = questionForger(connector, 'command', { signingSecret });
  const desk = tokenDesk({ lifeMs: options.tokenLifeMs ?? 1e12, now, name: 'xoxb' });
  const codes = new Set<string>();
  const channels = new Map([[ADDRESS_CHANNEL, { name: 'alerts', hidden: false, archived: false }]]);
  const posts: { channel: string; ts: string; text: string; blocks: readonly Plain[]; edited: boolean }[] = [];
  /** Response addresses: which message, how often still, and until when. */
  const responses = new Map<string, { readonly ts: string; left: number; readonly until: number }>();
  const lastAt = new Map<string, number>();
  let count = 0;
  let installed = true;

  const stamp = (): string => {
    count += 1;
    return `${Math.floor(now() / 1000)}.${String(count).padStart(6, '0')}`;
  };
  const bearer = ({ headers }: PlatformRequest): string | undefined => /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1];

  function refusalOf(channel: string): PlatformReply | undefined {
    const known = channels.get(channel) ?? [...channels.values()].find(({ name }) => `#${name}` === channel);
    if (!known) return refused('channel_not_found');
    if (known.archived) return refused('is_archived');
    const since = now() - (lastAt.get(channel) ?? 0);
    if (options.paced && since < 1000) return { status: 429, headers: { 'retry-after': '1' }, body: { ok: false, error: 'ratelimited' } };
    lastAt.set(channel, now());
    return undefined;
  }

  function put(channel: string, body: Body): string {
    const ts = stamp();
    posts.push({ channel, ts, text: String(body['text']), blocks: (body['blocks'] ?? []) as readonly Plain[], edited: false });
    return ts;
  }

  function replace(ts: string, body: Body): boolean {
    const post = posts.find((candidate) => candidate.ts === ts);
    if (post) Object.assign(post, { text: String(body['text']), blocks: body['blocks'] ?? post.blocks, edited: true });
    return post !== undefined;
  }

  function tokens({ access, refresh, seconds }: ReturnType<typeof desk.give>): PlatformReply {
    const rotation = options.tokenLifeMs === undefined ? {} : { expires_in: seconds, refresh_token: refresh };
    return {
      body: {
        ok: true,
        access_token: access,
        token_type: 'bot',
        scope: 'chat:write,commands',
        bot_user_id: BOT,
        app_id: 'A0STANDIN',
        team: { id: TEAM, name: 'Casa Pepa' },
        enterprise: null,
        ...rotation,
      },
    };
  }

  const platform = await startPlatform(
    {
      now,
      authorised: (request) => installed && desk.isGood(bearer(request)),
      refusal: refused('invalid_auth'),
      routes: [
        {
          at: 'GET /oauth/v2/authorize',
          open: true,
          handle({ query }) {
            const code = `code-${stamp()}`;
            codes.add(code);
            const back = new URLSearchParams({ code, state: query.get('state') ?? '' });
            return { status: 302, headers: { location: `${query.get('redirect_uri')}?${back}` } };
          },
        },
        {
          at: 'POST /api/oauth.v2.access',
          open: true,
          handle(request) {
            const form = request.form();
            const refresh = form.get('refresh_token');
            if (refresh !== null) {
              const pair = desk.renew(refresh);
              return pair ? tokens(pair) : refused('invalid_refresh_token');
            }
            return codes.delete(form.get('code') ?? '') ? tokens(desk.give()) : refused('invalid_code');
          },
        },
        {
          at: 'POST /api/auth.revoke',
          open: true,
          handle(request) {
            if (!desk.isGood(request.form().get('token') ?? undefined)) return refused('invalid_auth');
            desk.revokeAll();
            return { body: { ok: true, revoked: true } };
          },
        },
        {
          at: 'GET /api/auth.test',
          handle: () => ({
            headers: { 'x-oauth-scopes': 'chat:write,commands' },
            body: { ok: true, team: 'Casa Pepa', team_id: TEAM, user: 'valehub', user_id: BOT },
          }),
        },
        {
          at: 'GET /api/conversations.list',
          handle({ query }) {
            const open = [...channels].filter(([, { archived }]) => !archived);
            const { items, next = '' } = pageOf(open, query.get('cursor'), options.pageSize ?? 2);
            const list = items.map(([id, { name, hidden }]) => ({ id, name, is_private: hidden, is_archived: false }));
            return { body: { ok: true, channels: list, response_metadata: { next_cursor: next } } };
          },
        },
        {
          at: 'POST /api/chat.postMessage',
          handle(request) {
            const body = request.json() as Body;
            const channel = String(body['channel']);
            const fault = faultOf(body);
            if (fault) return refused(fault, { response_metadata: { messages: ['[ERROR] too long [json-pointer:/blocks/0/text/text]'] } });
            return refusalOf(channel) ?? { body: { ok: true, channel, ts: put(channel, body) } };
          },
        },
        {
          at: 'POST /api/chat.update',
          handle(request) {
            const body = request.json() as Body;
            const ts = String(body['ts']);
            if (faultOf(body)) return refused('invalid_blocks');
            return replace(ts, body) ? { body: { ok: true, channel: body['channel'] ?? '', ts } } : refused('message_not_found');
          },
        },
        {
          at: 'POST /services/:team/:bot/:token',
          open: true,
          handle(request) {
            if (!request.params['token']?.startsWith('invented')) return { status: 404, body: 'no_service' };
            const body = request.json() as Body;
            if (faultOf(body)) return { status: 400, body: 'invalid_payload' };
            const refusal = refusalOf(ADDRESS_CHANNEL);
            if (refusal) return refusal.status === 429 ? { ...refusal, body: 'rate_limited' } : { status: 404, body: 'channel_not_found' };
            put(ADDRESS_CHANNEL, body);
            return { body: 'ok' };
          },
        },
        {
          at: 'POST /actions/:team/:message/:token',
          open: true,
          handle(request) {
            const response = responses.get(request.path);
            if (!response || response.until < now()) return { status: 404, body: { ok: false, error: 'expired_url' } };
            if (response.left === 0) return { status: 404, body: { ok: false, error: 'used_url' } };
            response.left -= 1;
            replace(response.ts, request.json() as Body);
            return { body: { ok: true } };
          },
        },
      ],
    },
    options.port,
  );

  function hub(): string {
    if (options.hub === undefined) throw new Error('The stand-in was not told where the hub listens.');
    return options.hub;
  }
  const tell = (event: object): Promise<number> => {
    const body = { type: 'event_callback', team_id: TEAM, event_id: `Ev${stamp()}`, event_time: Math.floor(now() / 1000), event };
    return deliver(forger, { url: hub(), body: JSON.stringify(body), at: now() });
  };

  function responseAddress(ts: string): string {
    const path = `/actions/${TEAM}/${ts.replace('.', '')}/invented-${responses.size}`;
    responses.set(path, { ts, left: 5, until: now() + 30 * 60_000 });
    return `${platform.url}${path}`;
  }

  return {
    platform,
    url: platform.url,
    team: TEAM,
    bot: BOT,
    appSettings: {
      clientId: '1.2',
      clientSecret: 'client-secret-of-the-stand-in',
      signingSecret,
      channel: ADDRESS_CHANNEL,
      apiBaseUrl: platform.url,
    },
    addressSettings: {
      webhookUrl: `https://hooks.slack.com/services/${TEAM}/B0/invented-address`,
      signingSecret,
      teamId: TEAM,
      channel: '#alerts',
      apiBaseUrl: platform.url,
    },
    install() {
      const { access, refresh } = desk.give();
      return { token: access, refreshToken: refresh };
    },
    addChannel: (id, name, hidden = false) => void channels.set(id, { name, hidden, archived: false }),
    archive(id) {
      const channel = channels.get(id);
      if (channel) channel.archived = true;
    },
    messages: (channel) => posts.filter((post) => post.channel === channel),
    async press(channel, button, user) {
      const has = (post: SlackMessage) =>
        (post.blocks as Blocks).flatMap((block) => (block.elements ?? []).map((element) => ({ block, element })));
      const post = posts.findLast(
        (candidate) => candidate.channel === channel && has(candidate).some(({ element }) => element['action_id'] === button),
      );
      const found = post && has(post).find(({ element }) => element['action_id'] === button);
      if (!post || !found) throw new Error(`No message in ${channel} has the button ${button}.`);
      const payload = {
        type: 'block_actions',
        team: { id: TEAM, domain: 'casa-pepa' },
        user: { id: user, team_id: TEAM },
        container: { type: 'message', message_ts: post.ts, channel_id: channel },
        channel: { id: channel },
        response_url: responseAddress(post.ts),
        actions: [{ ...found.element, block_id: found.block.block_id ?? '', action_ts: stamp() }],
      };
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      return deliver(forger, { url: hub(), body, headers: [['content-type', FORM]], at: now() });
    },
    async command(text, user = 'U0PEPA', channel = ADDRESS_CHANNEL) {
      const form = {
        team_id: TEAM,
        channel_id: channel,
        user_id: user,
        command: '/vale',
        text,
        trigger_id: `1.2.${stamp()}`,
        response_url: responseAddress(''),
      };
      const url = `${hub()}/command`;
      const request = asker.sign({ url, body: new URLSearchParams(form).toString(), headers: [['content-type', FORM]], at: now() });
      const response = await fetch(url, {
        method: 'POST',
        headers: request.headers.map(([name, value]) => [name, value] as [string, string]),
        body: new Uint8Array(request.body),
      });
      const answer = await response.text();
      return { status: response.status, body: answer === '' ? null : (JSON.parse(answer) as Plain) };
    },
    async verifyAddress() {
      const request = forger.sign({ url: hub(), body: JSON.stringify({ type: 'url_verification', challenge: 'try-this' }), at: now() });
      const response = await fetch(hub(), {
        method: 'POST',
        headers: request.headers.map(([name, value]) => [name, value] as [string, string]),
        body: new Uint8Array(request.body),
      });
      return response.text();
    },
    uninstall() {
      installed = false;
      return tell({ type: 'app_uninstalled' });
    },
    revoke() {
      desk.revokeAll();
      return tell({ type: 'tokens_revoked', tokens: { oauth: [], bot: [BOT] } });
    },
    close: () => platform.close(),
  };
}
