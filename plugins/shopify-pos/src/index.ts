import { bearer, defineConnector } from '@valehub/connector-kit';
import { getAccount } from './client.ts';
import { readOrders } from './orders.ts';
import { settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'shopify-pos',
  title: 'Shopify POS',
  docs: 'https://docs.shopify-pos.example',
  kit: '^1.0.0',
  versions: [{ id: '1', link: 'https://docs.shopify-pos.example/changelog' }],
  settings,
  hosts: { api: { url: 'https://api.shopify-pos.example/v1' } },
  auth: bearer('apiKey'),
  async identify(ctx) {
    const { id, name } = await getAccount(ctx);
    return { account: id, name };
  },
  // Fill in: what the platform allows.
  limits: [{ name: 'requests', per: 'account', unit: 'request', amount: 5, every: 'PT1S' }],
  webhooks,
  fetch: { order: { max: 10, read: readOrders } },
  roles: { 'orders.source': { webhooks: true } },
  // Fill in: what the platform does by itself, what the hub does for it, and what nobody can do.
  capabilities: { 'lifecycle.redeem': 'BY_HUB', 'lifecycle.reverse': 'BY_HUB' },
});
