import { defineConnector } from '@valehub/connector-kit';
import { checkDiscounts, identify, locations } from './account.ts';
import { apply } from './apply.ts';
import { auth } from './auth.ts';
import { capabilities } from './capabilities.ts';
import { failure } from './client.ts';
import { changed } from './feed.ts';
import { limits, pace } from './limits.ts';
import { loyalty } from './loyalty.ts';
import { readOrders } from './orders.ts';
import { app, settings } from './settings.ts';
import { tender } from './tender.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'toast',
  title: 'Toast',
  docs: 'https://doc.toasttab.com/',
  kit: '^1.0.0',
  versions: [{ id: 'orders-v2', link: 'https://doc.toasttab.com/openapi/orders/overview/' }],
  app,
  settings,
  hosts: { api: { url: 'https://{settings.apiHost}', allow: ['*.toasttab.com'] } },
  auth,
  headers: { 'toast-restaurant-external-id': '{location}' },
  identify,
  locations,
  choices: { checkDiscounts },
  limits,
  pace,
  failure,
  webhooks,
  questions: { loyalty, tender },
  feeds: { changed },
  fetch: { order: { max: 20, read: readOrders } },
  roles: { 'orders.source': { webhooks: true, feed: 'changed' }, 'orders.apply': apply },
  capabilities,
  // Without such a discount nothing can be taken off an open check.
  narrow: (ctx) => (Object.keys(ctx.settings.checkDiscounts).length === 0 ? { 'orders.apply': 'NOT_POSSIBLE' } : {}),
});
