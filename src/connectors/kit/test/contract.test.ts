import { describe, test } from '@jest/globals';
import { type Alert, type Connector, path, type Ref, type Verb, z } from '../src/index.ts';
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

/** A platform that signs a member of the body, and that is looked at before it is written to. */
const connector = {
  ...acme,
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
    if (/order\.paid|signed body|time window|alerts\.send/.test(name)) test(`and finds that ${name}`, run);
  }
});
