import { describe, test } from '@jest/globals';
import { type Alert, type Connector, path, type Question, type Ref, tokenAuth, type Verb, z } from '../src/index.ts';
import { type ConnectorSamples, contractTests } from '../src/testing/index.ts';
import { acme } from './acme.ts';

/** Looks whether it is there before it writes. */
const send: Verb<Alert, Ref> = {
  repeat: 'safe',
  async run(ctx, [job]) {
    const id = job?.id ?? '';
    const { found } = await ctx.call({ path: path`/alerts/${id}`, reply: z.object({ found: z.boolean() }) });
    if (!found) await ctx.call({ method: 'POST', path: '/alerts', json: { id }, read: 'none', reply: z.unknown() });
    return { outcomes: [{ job: id, done: { id } }] };
  },
};

const question: Question = {
  title: 'Rewards',
  verify: { by: 'token', at: { header: 'authorization' }, key: { secret: 'apiKey' } },
  body: ['json'],
  within: 'PT4S',
  input: z.object({ code: z.string() }),
  output: z.unknown(),
  about: () => ({ repeatKey: 'q-1' }),
  answer: () => ({ is: 'fine' }),
};

/**
 * A platform that signs a member of the body, that is looked at before it is written to, that proves two questions by one key, and that
 * says what it thinks of a request.
 */
const connector = {
  ...acme,
  auth: tokenAuth({ obtain: () => ({ secrets: { token: 'a-token-of-acme' } }) }),
  failure: ({ status, body }: { readonly status: number; readonly body: unknown }) =>
    status === 400 ? { code: 'BAD_INPUT', message: JSON.stringify(body) } : undefined,
  questions: { reward: question, tender: question },
  webhooks: {
    ...acme.webhooks,
    body: ['json'],
    verify: {
      ...acme.webhooks.verify,
      signed: ['body', { field: 'timestamp' }],
      time: { at: { field: 'timestamp' }, unit: 'iso', window: 'PT30M' },
    },
    split: () => [{ topic: 'order.paid', body: null, repeat: { key: 'e-1' } }],
  },
  fetch: {},
  roles: { 'alerts.send': { send } },
} as unknown as Connector;

const samples: ConnectorSamples = {
  settings: { apiKey: 'key-invented-for-tests' },
  identify: { replies: [], account: 'a-1' },
  auth: { obtain: { replies: [], token: 'a-token-of-acme' } },
  questions: ['reward', 'tender'].map((name) => ({ question: name, body: { code: 'a' }, answer: { is: 'fine' }, asked: [] })),
  deliveries: [{ topic: 'order.paid', body: { id: 'e-1', n: 1 }, notices: 1, facts: [] }],
  handshakes: [{ body: '', method: 'GET', query: 'challenge=abc', answer: 'abc' }],
  verbs: [
    {
      verb: 'alerts.send',
      inputs: [{ severity: 'INFO', title: 'a', text: 'b' }],
      replies: [
        { method: 'GET', path: '/v1/alerts/job-1', body: { found: false } },
        { method: 'POST', path: '/v1/alerts' },
      ],
      done: [{ id: 'job-1' }],
    },
  ],
};

describe('the contract suite takes a connector', () => {
  for (const { name, run } of contractTests(connector, samples)) {
    if (/order\.paid|signed body|time window|alerts\.send|questions\./.test(name)) test(`and finds that ${name}`, run);
  }
});
