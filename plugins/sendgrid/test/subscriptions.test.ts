import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Subscription } from '@valehub/connector-kit';
import { runEnsure, runUnsubscribe } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { connect, NOW, transport } from './connected.ts';
import { type SendGridStandIn, startSendGrid } from './stand-in.ts';

const URL = 'https://hub.example.com/webhooks/c-1';
let sendgrid: SendGridStandIn;

beforeEach(async () => {
  sendgrid = await startSendGrid({ now: () => NOW });
});
afterEach(() => sendgrid.close());
afterAll(() => transport.close());

async function ensure(have: readonly Subscription[] = [], url = URL): Promise<readonly Subscription[]> {
  const want = { url, topics: connector.webhooks?.topics ?? [], newSecret: 'unused' };
  const ran = await runEnsure(connector, connect(sendgrid, { eventWebhook: 'BY_HUB' }), want, have);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  return ran.value;
}

const changes = () => sendgrid.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
const HOOKS = '/v3/user/webhooks/event/settings';

describe('the event webhook that the hub makes', () => {
  test('is there once, signed, with all events, and its key is the one that proves deliveries', async () => {
    const [made] = await ensure();
    expect(made).toMatchObject({ id: 'hook-1', url: URL, secrets: { webhookVerificationKey: sendgrid.verificationKey } });
    expect(await ensure([{ id: 'hook-1', topics: [], url: URL }])).toEqual([made]);
    expect(await ensure()).toEqual([made]);
    expect(changes()).toEqual([`POST ${HOOKS}`, `PATCH ${HOOKS}/signed/hook-1`]);
    expect(sendgrid.webhooks[0]?.flags).toMatchObject({ deferred: true, dropped: true, spam_report: true, group_unsubscribe: true });
  });

  test('is set right where somebody changed it', async () => {
    const made = await ensure();
    const [hook] = sendgrid.webhooks;
    if (hook) Object.assign(hook, { enabled: false, signed: false, flags: { ...hook.flags, bounce: false } });
    await ensure(made);
    expect(sendgrid.webhooks).toMatchObject([{ enabled: true, signed: true, flags: { bounce: true } }]);
    expect(sendgrid.webhooks).toHaveLength(1);
  });

  test('moves with the hub’s address, and another’s stays', async () => {
    const made = await ensure();
    await ensure([], 'https://other.example.com/theirs');
    const [moved] = await ensure(made, 'https://new.example.com/webhooks/c-1');
    expect(moved).toMatchObject({ id: 'hook-1', url: 'https://new.example.com/webhooks/c-1' });
    expect(sendgrid.webhooks.map(({ url }) => url)).toEqual(['https://new.example.com/webhooks/c-1', 'https://other.example.com/theirs']);
  });

  test('is refused where the account has no room, or the key lacks the permission', async () => {
    await ensure([], 'https://a.example.com/');
    await ensure([], 'https://b.example.com/');
    await expect(ensure()).rejects.toThrow('maximum number of webhooks');
    const poor = sendgrid;
    sendgrid = await startSendGrid({ scopes: ['mail.send'] });
    await expect(ensure()).rejects.toThrow('FORBIDDEN_SCOPE');
    await poor.close();
  });

  test('is removed, also where it is gone already', async () => {
    const made = await ensure();
    const remove = () => runUnsubscribe(connector, connect(sendgrid), made);
    expect(await remove()).toEqual({ ok: true, value: null });
    expect(sendgrid.webhooks).toEqual([]);
    expect(await remove()).toEqual({ ok: true, value: null });
  });
});

test('without that setting a person is told what to do', () => {
  const subscriptions = connector.webhooks?.subscriptions;
  expect(subscriptions).toMatchObject({ by: 'connection', whenSet: 'eventWebhook' });
  expect(subscriptions && 'manual' in subscriptions ? subscriptions.manual : '').toMatch(/Signed Event Webhook/);
});
