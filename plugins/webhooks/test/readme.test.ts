import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { receive, runSplit } from '@valehub/connector-kit/testing';
import { Webhook } from 'standardwebhooks';
import connector from '../src/index.ts';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
const part = (name: string): string => new RegExp(`^\\| ${name} +\\| \`(.+)\` +\\|$`, 'm').exec(readme)?.[1] ?? '';
const [secret, id, time, body, signature] = [
  part('secret'),
  part('`webhook-id`'),
  part('`webhook-timestamp`'),
  part('body'),
  part('`webhook-signature`'),
];

const take = (sent: string, headers: readonly (readonly [string, string])[], key: string, nowMs: number) =>
  receive(
    connector,
    { method: 'POST', url: 'https://hub.example.com/webhooks/con_1', query: '', headers, body: Buffer.from(sent) },
    { keys: (name) => (name === 'incomingSecret' ? [key] : []), nowMs },
  );

test('the example by which a signer is checked is right', async () => {
  const headers = [
    ['content-type', 'application/json'],
    ['webhook-id', id],
    ['webhook-timestamp', time],
    ['webhook-signature', signature],
  ] as const;
  expect(new Webhook(secret).sign(id, new Date(Number(time) * 1000), body)).toBe(signature);
  const received = await take(body, headers, secret, Number(time) * 1000);
  if (received.kind !== 'delivery') throw new Error(received.kind);
  expect(await runSplit(connector, received.delivery)).toMatchObject({ ok: true, value: [{ topic: 'custom', repeat: { key: id } }] });
  expect(await take(body.replace('4', '5'), headers, secret, Number(time) * 1000)).toMatchObject({ fault: 'SIGNATURE_WRONG' });
});

test('the example of an order is taken', async () => {
  const example = /```json\n([\s\S]+?)\n```/.exec(readme)?.[1] ?? '';
  const at = new Date('2026-03-06T20:16:00Z');
  const headers = [
    ['content-type', 'application/json'],
    ['webhook-id', 'msg_1'],
    ['webhook-timestamp', String(at.getTime() / 1000)],
    ['webhook-signature', new Webhook(secret).sign('msg_1', at, example)],
  ] as const;
  const received = await take(example, headers, secret, at.getTime());
  if (received.kind !== 'delivery') throw new Error(received.kind);
  expect(await runSplit(connector, received.delivery)).toMatchObject({
    ok: true,
    value: [{ topic: 'order', location: 'terrace', resource: ['order', 'popup-1001'] }],
  });
});
