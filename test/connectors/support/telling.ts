import { type Connector, defineConnector, type Fact, noAuth, secret, z } from '@valehub/connector-kit';

const settings = z.strictObject({ signingKey: secret({ title: 'Signing key' }), approvers: z.record(z.string(), z.string()).optional() });
const body = z.strictObject({ key: z.string(), facts: z.array(z.json()) });

/** A platform whose deliveries say outright which facts they are. */
export const telling: Connector = defineConnector({
  id: 'telling',
  title: 'Telling',
  docs: 'https://telling.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://telling.example/docs' }],
  settings,
  hosts: { api: { url: 'https://api.telling.example' } },
  auth: noAuth(),
  identify: () => ({ account: 'telling-account', name: 'Telling' }),
  limits: [],
  webhooks: {
    body: ['json'],
    verify: {
      by: 'hmac',
      hash: 'sha256',
      key: { secret: 'signingKey' },
      signed: ['body'],
      signature: { header: 'x-signature' },
      encoding: 'hex',
    },
    topics: ['told'],
    split: (delivery) => {
      const told = body.parse(delivery.body);
      return [{ topic: 'told', body: told.facts, repeat: { key: told.key } }];
    },
    read: (_ctx, notice) => notice.body as unknown as readonly Fact[],
    subscriptions: { manual: 'Nothing to do.' },
  },
  roles: {},
  actions: { none: { title: 'none', input: z.json(), output: z.json(), repeat: 'safe', run: async () => ({ outcomes: [] }) } },
  capabilities: {},
});
