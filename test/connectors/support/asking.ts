import { type Connector, defineConnector, noAuth, type Question, secret, z } from '@valehub/connector-kit';

const settings = z.strictObject({ signingKey: secret({ title: 'Signing key' }) });
const input = z.strictObject({
  transaction: z.string(),
  what: z.enum(['check', 'use', 'back', 'fail', 'hang', 'till']),
  code: z.string(),
  check: z.string(),
  cents: z.int(),
  location: z.string().optional(),
});

const answer: Question<typeof settings>['answer'] = async ({ desk, signal }, body, { headers }) => {
  const { transaction, what, code, check, cents, location } = input.parse(body);
  const order = {
    externalId: check,
    currency: 'EUR',
    ...(location === undefined ? {} : { location }),
    lines: [{ id: '1', sku: 'ARROZ', quantity: '1', unitPrice: { minor: cents, currency: 'EUR' } }],
  };
  switch (what) {
    case 'check': {
      const [outcome] = await desk.validate({ codes: [code], order });
      return outcome?.ok
        ? { gives: outcome.amount.minor, name: outcome.campaign }
        : { no: outcome?.message ?? '', reason: outcome?.reason ?? '' };
    }
    case 'use': {
      const { redeemed, outcomes } = await desk.redeem({ key: transaction, codes: [code], order });
      const [outcome] = outcomes;
      return redeemed && outcome?.ok
        ? { gives: outcome.amount.minor, lines: outcome.lines }
        : { no: outcome !== undefined && !outcome.ok ? outcome.message : '' };
    }
    case 'back':
      return { back: (await desk.reverse({ key: `${transaction} back`, redeemKey: transaction })).reversed };
    // What stands in the headers only, and an answer that is no 200.
    case 'till':
      return { status: 404, till: headers['x-till'] ?? '' };
    case 'fail':
      throw new Error('an author’s mistake');
    case 'hang':
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
  }
};

const loyalty: Question<typeof settings> = {
  title: 'Loyalty at the till',
  verify: {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'signingKey' },
    signed: ['url', 'body'],
    signature: { header: 'x-signature' },
    encoding: 'hex',
  },
  body: ['json'],
  within: 'PT2S',
  statusMember: 'status',
  input,
  output: z.record(z.string(), z.json()),
  about: ({ body }) => ({ repeatKey: input.parse(body).transaction }),
  answer,
  otherwise: { status: 200, body: { no: 'Ahora no es posible.' } },
};

/** A till that asks the hub and waits. */
export const asking: Connector = defineConnector({
  id: 'asking',
  title: 'Asking',
  docs: 'https://asking.example/docs',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://asking.example/docs' }],
  settings,
  hosts: { api: { url: 'https://api.asking.example' } },
  auth: noAuth(),
  identify: () => ({ account: 'asking-account', name: 'Asking' }),
  limits: [],
  webhooks: {
    body: ['json'],
    verify: loyalty.verify as never,
    topics: [],
    split: () => [],
    read: () => [],
    subscriptions: { manual: 'Nothing to do.' },
  },
  questions: { loyalty },
  roles: {},
  actions: { none: { title: 'none', input: z.json(), output: z.json(), repeat: 'safe', run: async () => ({ outcomes: [] }) } },
  capabilities: { 'lifecycle.redeem': 'BY_HUB' },
});
