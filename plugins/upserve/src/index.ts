import { defineConnector, headersAuth } from '@valehub/connector-kit';
import { capabilities } from './capabilities.ts';
import { failure, identify } from './client.ts';
import { checks } from './feed.ts';
import { readOrders } from './orders.ts';
import { app, settings } from './settings.ts';

export default defineConnector({
  id: 'upserve',
  title: 'Upserve',
  // Where its documentation was; what stands here comes from programs that use the API.
  docs: 'https://api.upserve.com/',
  kit: '^1.0.0',
  versions: [{ id: 'v2', link: 'https://api.upserve.com/' }],
  app,
  settings,
  hosts: { api: { url: 'https://api.breadcrumb.com' } },
  auth: headersAuth({
    'x-breadcrumb-username': '{settings.username}',
    'x-breadcrumb-password': '{secrets.password}',
    'x-breadcrumb-api-key': '{secrets.apiKey}',
  }),
  identify,
  // Upserve publishes no figures: one at a time and one a second disturbs nobody, and a 429 corrects it.
  limits: [
    { name: 'second', per: 'account', unit: 'request', amount: 1, every: 'PT1S' },
    { name: 'at once', per: 'account', unit: 'concurrent', amount: 1 },
  ],
  failure,
  feeds: { checks },
  fetch: { order: { max: 20, read: readOrders } },
  roles: { 'orders.source': { feed: 'checks' } },
  capabilities,
});
