import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Subscription } from '@valehub/connector-kit';
import { checkConnector } from '@valehub/connector-kit/host';
import { runEnsure, runUnsubscribe } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { called, connect, NOW, transport } from './connected.ts';
import { CREDENTIALS, type HubSpotStandIn, startHubSpot } from './stand-in.ts';

let hubspot: HubSpotStandIn;

beforeEach(async () => {
  hubspot = await startHubSpot({ now: () => NOW });
});
afterEach(() => hubspot.close());
afterAll(() => transport.close());

const APP = { hubspotAppId: '815', developerApiKey: CREDENTIALS.developerApiKey };
const URL = 'https://hub.example.com/webhooks/apps/a-1';

async function ensure(have: readonly Subscription[] = [], url = URL, settings: object = APP) {
  const want = { url, topics: connector.webhooks?.topics ?? [], newSecret: 'unused' };
  const ran = await runEnsure(connector, connect(hubspot, settings as Readonly<Record<string, string>>), want, have);
  return ran.ok ? ran.value : ran.failure;
}

describe('subscriptions by the developer API key', () => {
  test('are made once, with the address of the App', async () => {
    const made = (await ensure()) as readonly Subscription[];
    expect(hubspot.app.targetUrl).toBe(URL);
    expect(hubspot.app.subscriptions.map(({ eventType, propertyName }) => [eventType, propertyName])).toEqual([
      ['contact.creation', undefined],
      ...['email', 'firstname', 'lastname', 'phone', 'mobilephone', 'hs_email_optout'].map((name) => ['contact.propertyChange', name]),
      ['contact.deletion', undefined],
      ['contact.privacyDeletion', undefined],
      ['contact.merge', undefined],
      ['contact.restore', undefined],
    ]);
    expect(await ensure(made)).toEqual(made);
    expect(hubspot.app.subscriptions).toHaveLength(11);
    expect(called(hubspot).filter((call) => !call.startsWith('GET'))).toHaveLength(12);
  });

  test('that were paused, deleted or aimed elsewhere are set right', async () => {
    const made = (await ensure()) as readonly Subscription[];
    const first = hubspot.app.subscriptions[0];
    if (first) first.active = false;
    (hubspot.app.subscriptions as object[]).pop();
    await ensure(made, 'https://new.example.com/webhooks/apps/a-1');
    expect(hubspot.app.targetUrl).toBe('https://new.example.com/webhooks/apps/a-1');
    expect(hubspot.app.subscriptions.every(({ active }) => active)).toBe(true);
    expect(hubspot.app.subscriptions).toHaveLength(11);
  });

  test('are removed, also those that are gone already, and others stay', async () => {
    const made = (await ensure()) as readonly Subscription[];
    (hubspot.app.subscriptions as object[]).push({ id: 99, eventType: 'deal.creation', active: true });
    (hubspot.app.subscriptions as object[]).shift();
    expect(await runUnsubscribe(connector, connect(hubspot, APP), made)).toEqual({ ok: true, value: null });
    expect(hubspot.app.subscriptions.map(({ id }) => id)).toEqual([99]);
  });

  test.each([
    [{ developerApiKey: APP.developerApiKey }, 'BAD_CREDENTIALS'],
    [{ ...APP, developerApiKey: 'another-key' }, 'BAD_CREDENTIALS'],
    [{ hubspotAppId: '815' }, 'BAD_CREDENTIALS'],
  ])('with %j fail for the operator', async (settings, code) => expect(await ensure([], URL, settings)).toMatchObject({ code }));

  test('are asked for with the key and without the account’s token', async () => {
    await ensure();
    expect(hubspot.requests.every(({ query, headers }) => query.get('hapikey') !== null && headers['authorization'] === undefined)).toBe(
      true,
    );
  });
});

test('without that key a person is told what to do', () => {
  const subscriptions = connector.webhooks?.subscriptions;
  expect(subscriptions).toMatchObject({ by: 'app', whenSet: 'developerApiKey' });
  expect(subscriptions && 'manual' in subscriptions ? subscriptions.manual : '').toMatch(/privacyDeletion/);
  expect(checkConnector(connector)).toEqual([]);
});
