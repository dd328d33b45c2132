import { describe, expect, test } from '@jest/globals';
import { type Connector, defineConnector, secret, type VerificationChoice, z } from '../src/index.ts';
import { type ConnectorSamples, contractTests } from '../src/testing/index.ts';
import { acme } from './acme.ts';

const TIME = { header: 'x-acme-time' };
const seen: string[] = [];

/** Signs by an old scheme, or by a new one with a time. */
const connector = defineConnector({
  ...(acme as Connector),
  settings: z.strictObject({
    apiKey: secret({ title: 'Key' }),
    shop: z.string().optional(),
    oldKey: secret({ title: 'Old key' }).optional(),
    newKey: secret({ title: 'New key' }).optional(),
  }),
  webhooks: {
    ...acme.webhooks,
    verify: [
      scheme('oldKey', { signed: ['body'] }),
      scheme('newKey', { signed: [TIME, 'body'], time: { at: TIME, unit: 's', window: 'PT5M' } }),
    ],
    split: (delivery) => {
      seen.push('x-acme-time' in delivery.headers ? 'newKey' : 'oldKey');
      return [{ topic: 'order.paid', body: null, repeat: { key: 'e-1' } }];
    },
  } as NonNullable<Connector['webhooks']>,
});

function scheme(name: string, more: object): VerificationChoice {
  const common = {
    by: 'hmac',
    hash: 'sha256',
    encoding: 'hex',
    whenSet: name,
    key: { secret: name },
    signature: { header: 'x-acme-signature' },
  };
  return { ...common, ...more } as VerificationChoice;
}

const samplesWith = (settings: Readonly<Record<string, string>>): ConnectorSamples => ({
  settings: { apiKey: 'https://hooks.acme.example/', ...settings },
  identify: { replies: [], account: 'a-1' },
  deliveries: [{ topic: 'order.paid', body: {}, notices: 1, facts: [] }],
});

const aboutWebhooks = (samples: ConnectorSamples) =>
  contractTests(connector, samples).filter(({ name }) => /order\.paid|two secrets|time window|goes? round/.test(name));

describe.each([
  [{}, 'oldKey'],
  [{ oldKey: 'old-key-of-acme' }, 'oldKey'],
  [{ newKey: 'new-key-of-acme' }, 'newKey'],
] as const)('with the settings %j the deliveries of the suite', (settings, expected) => {
  const tests = aboutWebhooks(samplesWith(settings as Readonly<Record<string, string>>));

  for (const { name, run } of tests) test(name, run);

  test(`are signed by ${expected}`, async () => {
    seen.length = 0;
    await tests[0]?.run();
    expect(new Set(seen)).toEqual(new Set([expected]));
  });
});
