import { type Connector, defineConnector, oauth2Code, path, secret, z } from '@valehub/connector-kit';
import { type Platform, type PlatformOptions, type PlatformRequest, startPlatform, tokenDesk } from '@valehub/connector-kit/testing';

export const SIGNING_KEY = 'signing-key-of-the-app-that-nobody-may-see';
export const CLIENT_SECRET = 'client-secret-of-the-app-that-nobody-may-see';

const accounts = z.object({ accounts: z.array(z.object({ id: z.string(), name: z.string() })) });
const subscriptions = z.object({
  subscriptions: z.array(z.object({ id: z.string(), url: z.string(), key: z.string().optional(), expires: z.string().optional() })),
});
const event = z.object({
  events: z.array(z.object({ id: z.string(), account: z.string().optional(), type: z.string(), at: z.string().optional() })),
});

/** A platform that does not exist, to which a person says yes in a browser. */
export const oauthed = (given: Partial<Connector> = {}): Connector =>
  defineConnector({
    id: 'made-up-oauth',
    title: 'Made up, with a log-in',
    docs: 'https://made-up.example/docs',
    kit: '^1.0.0',
    versions: [{ id: '1', link: 'https://made-up.example/docs' }],
    app: z.strictObject({
      clientId: z.string().min(1),
      clientSecret: secret({ title: 'Client secret' }),
      signingKey: secret({ title: 'Signing key' }),
    }),
    settings: z.strictObject({ channel: z.string().optional().meta({ title: 'Channel', choices: 'channels' }) }),
    hosts: { api: { url: 'https://api.made-up.example' }, login: { url: 'https://login.made-up.example' } },
    auth: oauth2Code({
      token: { host: 'login', path: '/token', clientAuth: 'body' },
      authorize: { host: 'login', path: '/authorize', scopes: ['orders'], pkce: true },
      revoke: { host: 'login', path: '/revoke' },
      idleLife: 'P60D',
      facts: ({ callback }) => (callback['realm'] === undefined ? {} : { realm: callback['realm'] }),
    }),
    headers: { 'x-realm': '{facts.realm}' },
    async identify(ctx) {
      const [first, ...others] = (await ctx.call({ path: '/me', reply: accounts })).accounts.map(({ id, name }) => ({ account: id, name }));
      if (first === undefined) throw new TypeError('no account');
      return others.length === 0 ? first : { choose: [first, ...others] };
    },
    choices: {
      channels: async (ctx) => {
        const reply = z.array(z.object({ id: z.string(), title: z.string() }));
        return (await ctx.call({ path: '/channels', reply })).map(({ id, title }) => ({ value: id, label: title }));
      },
    },
    locations: (ctx) =>
      ctx.call({
        path: '/locations',
        reply: z.array(z.object({ id: z.string(), name: z.string(), currency: z.string().optional() })),
      }) as never,
    limits: [],
    webhooks: {
      body: ['json'],
      verify: {
        by: 'hmac',
        hash: 'sha256',
        key: { secret: 'signingKey' },
        signed: ['url', 'body'],
        signature: { header: 'x-signature' },
        encoding: 'hex',
      },
      topics: ['thing.happened', 'access.revoked'],
      split: ({ body }) =>
        event.parse(body).events.map(({ id, account, type, at }) => ({
          ...(account === undefined ? {} : { account }),
          topic: type,
          body: { id, at: at ?? null },
          repeat: { key: id },
        })),
      read(ctx, notice) {
        const { id, at } = notice.body as { readonly id: string; readonly at: string | null };
        if (notice.topic === 'access.revoked') return [{ kind: 'access', is: 'REVOKED', at: at ?? ctx.now() }];
        return [{ kind: 'custom', name: 'thing.happened', key: id, at: ctx.now(), data: { id } }];
      },
      subscriptions: { manual: 'Enter the address at Made up.' },
    },
    roles: {},
    capabilities: { 'incentive.percentOff': 'ENFORCED', 'codes.bulk': 'ENFORCED', 'lifecycle.redeem': 'BY_HUB' },
    actions: {
      ping: {
        title: 'ping',
        input: z.json(),
        output: z.json(),
        repeat: 'safe',
        run: async (ctx, jobs) => {
          await ctx.call({ path: '/ping', json: {}, reply: z.unknown() });
          return { outcomes: jobs.map((job) => ({ job: job.id, done: null })) };
        },
      },
    },
    ...(given as object),
  } as Connector);

/** Subscriptions of the made-up platform: it gives a key with each, and wants to be asked again before they end. */
export const subscribing = (further: { readonly by?: 'connection' | 'app'; readonly whenSet?: string } = {}) =>
  ({
    by: further.by ?? 'connection',
    ...(further.whenSet === undefined ? {} : { whenSet: further.whenSet }),
    manual: 'Enter the address at Made up.',
    async ensure(ctx, want, have) {
      const known = new Set(have.map(({ id }) => id));
      const reply = await ctx.call({ path: '/subscriptions', json: { url: want.url, topics: [...want.topics] }, reply: subscriptions });
      return reply.subscriptions.map(({ id, url, key, expires }) => ({
        id,
        url,
        topics: want.topics,
        ...(key === undefined || known.has(id) ? {} : { secrets: { signingKey: key } }),
        ...(expires === undefined ? {} : { expiresAt: expires }),
      }));
    },
    async remove(ctx, have) {
      for (const { id } of have) await ctx.call({ method: 'DELETE', path: path`/subscriptions/${id}`, read: 'none', reply: z.unknown() });
    },
  }) satisfies NonNullable<Connector['webhooks']>['subscriptions'];

export interface OAuthPlatform extends Platform {
  readonly tokens: ReturnType<typeof tokenDesk>;
  /** What `GET /me` tells. */
  accounts: { readonly id: string; readonly name: string }[];
  /** What `POST /subscriptions` answers. */
  subscriptions: { id: string; key?: string; expires?: string }[];
  /** Runs when a token is asked for, before it is answered. */
  onToken: (() => Promise<void> | void) | null;
  /** How often a refresh token was used. */
  readonly renewals: number;
  readonly revoked: readonly string[];
  /** A code as it comes back with somebody who agreed. */
  agree(): string;
  requestsTo(path: string): number;
}

export const LIFE_MS = 30 * 60_000;

/** Its API and its log-in on this machine. Refresh tokens are good once. */
export async function startOAuthPlatform(now: () => number, options: Partial<PlatformOptions> = {}): Promise<OAuthPlatform> {
  const tokens = tokenDesk({ lifeMs: LIFE_MS, now });
  const codes = new Set<string>();
  const revoked: string[] = [];
  let renewals = 0;

  async function token(request: PlatformRequest) {
    const form = request.form();
    await state.onToken?.();
    if (form.get('client_secret') !== CLIENT_SECRET) return { status: 401, body: { error: 'invalid_client' } };
    const refresh = form.get('refresh_token');
    if (refresh !== null) renewals += 1;
    const isFirst = form.get('grant_type') === 'authorization_code' && codes.delete(form.get('code') ?? '') && form.has('code_verifier');
    const given = isFirst ? tokens.give() : refresh === null ? undefined : tokens.renew(refresh);
    if (given === undefined) return { status: 400, body: { error: 'invalid_grant', error_description: 'The grant is used up' } };
    return {
      body: { access_token: given.access, refresh_token: given.refresh, expires_in: given.seconds, token_type: 'bearer' },
    };
  }

  const platform = await startPlatform({
    now,
    authorised: ({ headers }) => tokens.isGood(headers['authorization']?.replace('Bearer ', '')),
    routes: [
      { at: 'POST /token', open: true, handle: token },
      {
        at: 'POST /revoke',
        open: true,
        handle: (request) => {
          revoked.push(request.form().get('token') ?? '');
          return { status: 200, body: {} };
        },
      },
      { at: 'GET /me', handle: () => ({ body: { accounts: state.accounts } }) },
      { at: 'GET /channels', handle: () => ({ body: [{ id: 'C1', title: 'Alerts' }] }) },
      {
        at: 'GET /locations',
        handle: () => ({
          body: [
            { id: 'L1', name: 'Triana', currency: 'EUR' },
            { id: 'L2', name: 'Nervión' },
          ],
        }),
      },
      { at: 'POST /ping', handle: () => ({ body: {} }) },
      {
        at: 'POST /subscriptions',
        handle: (request) => {
          const { url } = request.json() as { readonly url: string };
          return { body: { subscriptions: state.subscriptions.map((one) => ({ ...one, url })) } };
        },
      },
      { at: 'DELETE /subscriptions/:id', handle: () => ({ status: 204 }) },
    ],
    ...options,
  });
  const state: OAuthPlatform = Object.assign(platform, {
    tokens,
    accounts: [{ id: 'ACC-1', name: 'La Taberna' }],
    subscriptions: [{ id: 'SUB-1' }],
    onToken: null,
    revoked,
    get renewals() {
      return renewals;
    },
    agree() {
      const code = `code-${codes.size + 1}-${renewals}`;
      codes.add(code);
      return code;
    },
    requestsTo: (path: string) => platform.requests.filter((request) => request.path === path).length,
  });
  Object.defineProperty(state, 'renewals', { get: () => renewals });
  return state;
}
