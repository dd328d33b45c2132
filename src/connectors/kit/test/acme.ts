import type { CallReport } from '../src/http/caller.ts';
import { createCtx } from '../src/http/create-context.ts';
import { createTransport, type TransportOptions } from '../src/http/transport.ts';
import { bearer, type Connector, type Ctx, defineConnector, secret, z } from '../src/index.ts';
import { parseSettings } from '../src/settings.ts';

/** An invented platform, with a bit of everything that the kit knows. */
export const acme = {
  id: 'acme',
  title: 'Acme',
  docs: 'https://docs.acme.example',
  kit: '^1.0.0',
  versions: [{ id: '2026-01', link: 'https://docs.acme.example/2026-01' }],
  settings: z.strictObject({
    apiKey: secret({ title: 'Key' }),
    signingKey: secret({ title: 'Signing key' }).optional(),
    shop: z.string().optional(),
  }),
  hosts: {
    api: { url: { production: 'https://api.acme.example/v1', sandbox: 'https://api.sandbox.acme.example/v1' } },
    shop: { url: 'https://{settings.shop}', allow: ['*.shops.acme.example'] },
    hook: { url: '{secrets.apiKey}', allow: ['hooks.acme.example'] },
  },
  auth: bearer('apiKey'),
  headers: { 'acme-version': '{version}', 'acme-shop': '{facts.shop}' },
  identify: () => ({ account: 'a-1', name: 'Acme' }),
  limits: [{ name: 'requests', per: 'account', unit: 'request', amount: 10, every: 'PT1S' }],
  webhooks: {
    body: ['json', 'form'],
    verify: {
      by: 'hmac',
      hash: 'sha256',
      key: { secret: 'signingKey' },
      signed: ['body'],
      signature: { header: 'x-acme-signature' },
      encoding: 'hex',
    },
    topics: ['order.paid'],
    handshakes: [{ method: 'GET', when: [{ query: 'challenge' }], signed: false, echo: { query: 'challenge' } }],
    split: () => [],
    read: () => [],
    subscriptions: { manual: 'Enter the address at Acme.' },
  },
  fetch: { order: { max: 2, read: () => [] } },
  roles: {
    'orders.source': { webhooks: true },
    'alerts.send': {
      send: { repeat: 'mayDouble', run: async (_ctx, jobs) => ({ outcomes: jobs.map(({ id }) => ({ job: id, done: { id: null } })) }) },
    },
  },
  capabilities: { 'alert.send': 'ENFORCED', 'incentive.percentOff': { approximated: 'rounded to whole percents' } },
} satisfies Connector<z.ZodObject>;

export const acmeConnector = defineConnector(acme as Connector);

export interface TestCtx {
  readonly ctx: Ctx;
  readonly reports: CallReport[];
  readonly close: () => void;
}

/** A connection to it. `settings` are added to a valid key. */
export function connect(
  settings: Readonly<Record<string, unknown>>,
  options: TransportOptions & { readonly deadlineMs?: number; readonly connector?: Connector } = {},
): TestCtx {
  const connector = options.connector ?? acmeConnector;
  const result = parseSettings(connector, { apiKey: 'key-that-nobody-may-see', ...settings });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  const transport = createTransport(options);
  const reports: CallReport[] = [];
  const ctx = createCtx({
    connector,
    settings: result.parsed.settings,
    secrets: result.parsed.secrets,
    store: () => undefined,
    transport,
    now: () => Date.parse('2026-03-06T19:30:00Z'),
    deadlineMs: options.deadlineMs ?? 20_000,
    onCall: (report) => reports.push(report),
  });
  return { ctx, reports, close: () => transport.close() };
}
