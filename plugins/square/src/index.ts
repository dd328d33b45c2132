import { defineConnector } from '@valehub/connector-kit';
import { identify, locations } from './account.ts';
import { apply, remove } from './apply.ts';
import { auth } from './auth.ts';
import { capabilities, narrowed, publishing } from './capabilities.ts';
import { failure, scopesOf, VERSION } from './client.ts';
import { upsert } from './customer-sink.ts';
import { customers, readCustomers } from './customers.ts';
import { discounts, readDiscounts } from './discounts.ts';
import { orders, readOrders } from './orders.ts';
import { publish, update, withdraw } from './publish.ts';
import { app, settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'square',
  title: 'Square',
  docs: 'https://developer.squareup.com/reference/square',
  kit: '^1.0.0',
  versions: [{ id: VERSION, link: 'https://developer.squareup.com/docs/changelog/connect' }],
  app,
  settings,
  hosts: { api: { url: { production: 'https://connect.squareup.com', sandbox: 'https://connect.squareupsandbox.com' } } },
  auth,
  headers: { 'square-version': '{version}' },
  identify,
  locations,
  // Square publishes no figures: these keep well below what sellers report, and a 429 corrects them.
  limits: [
    { name: 'requests', per: 'account', unit: 'request', amount: 10, every: 'PT1S', burst: 20 },
    { name: 'at once', per: 'account', unit: 'concurrent', amount: 8 },
  ],
  failure,
  webhooks,
  feeds: { orders, customers, discounts },
  fetch: {
    order: { max: 20, read: readOrders },
    customer: { max: 20, read: readCustomers },
    discount: { max: 100, read: readDiscounts },
  },
  roles: {
    'orders.source': { webhooks: true, feed: 'orders' },
    'orders.apply': { apply, remove },
    'vouchers.publish': { publish, update, withdraw },
    'customers.source': { webhooks: true, feed: 'customers' },
    'customers.sink': { upsert },
  },
  capabilities,
  publishing,
  narrow: async (ctx) => narrowed(ctx.settings.automaticRules === true, await scopesOf(ctx)),
});
