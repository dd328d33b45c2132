import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadConnectors } from '../../src/connectors/registry/registry.ts';
import { APP_SETTINGS } from '../connectors/support/linked.ts';
import { type OAuthPlatform, oauthed, startOAuthPlatform } from '../connectors/support/made-up-oauth.ts';
import { silent } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { blocks, howTo, send } from './how-to-blocks.ts';
import { createStore } from './stage.ts';

// The page for administrators is worked through as it stands there, on a platform that lives on this machine.

let hub: TestHub;
let platform: OAuthPlatform;
const named: Record<string, string> = {};

beforeAll(async () => {
  platform = await startOAuthPlatform(() => Date.now());
  platform.accounts = [
    { id: 'ACC-1', name: 'La Taberna' },
    { id: 'ACC-2', name: 'El Rinconcillo' },
  ];
  const load = async () => ({ value: oauthed({ id: 'acme' }), version: '0.0.1' });
  const registry = await loadConnectors({ builtIn: [], further: ['acme'], log: silent, load });
  hub = await startTestHub({ registry, env: { VALEHUB_ALLOW_PRIVATE_HOSTS: '1' } });
  named['store'] = await createStore(hub);
});
afterAll(async () => {
  await hub.stop();
  await platform.close();
});

/** What happens between the blocks, away from the page. */
async function between({ query }: { readonly query: string }): Promise<void> {
  if (query.includes('createApp')) {
    const input = { settings: { ...APP_SETTINGS, apiBaseUrl: platform.url } };
    await hub.ask('mutation ($id: ID!, $input: UpdateAppInput!) { updateApp(id: $id, input: $input) { id } }', { id: named['app'], input });
  }
  if (query.includes('authorizeConnection')) {
    const { authorizeConnection } = await hub.ask(query, { taberna: named['taberna'] });
    const state = new URL(authorizeConnection.url).searchParams.get('state') ?? '';
    await fetch(`${hub.url}/oauth/callback?${new URLSearchParams({ state, code: platform.agree() })}`);
  }
}

test('an administrator finds what the page says', async () => {
  const all = blocks(await howTo('connect-a-platform'));
  expect(all).toHaveLength(14);
  for (const block of all) {
    await send(hub, block, named, hub.adminKey);
    await between(block);
  }
});
