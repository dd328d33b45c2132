import { defineConnector } from '@valehub/connector-kit';
import { auth } from './auth.ts';
import { capabilities, publishing } from './capabilities.ts';
import { upsert } from './customer-upsert.ts';
import { customerSweep, readCustomers } from './customers.ts';
import { readDiscounts, usage } from './discounts.ts';
import { failure, POINTS, pace } from './failure.ts';
import { orderSweep, readOrders } from './orders.ts';
import { addCodes, publish, update, withdraw } from './publish.ts';
import { app, settings } from './settings.ts';
import { identify, locations, narrow } from './shop.ts';
import { webhooks } from './webhooks.ts';

const OF_THE_SHOP = ['*.myshopify.com'];

export default defineConnector({
  id: 'shopify-pos',
  title: 'Shopify POS',
  docs: 'https://shopify.dev/docs/api/admin-graphql',
  kit: '^1.0.0',
  // A version lives for 12 months from its release, and a little longer.
  versions: [{ id: '2026-07', link: 'https://shopify.dev/changelog?api_version=2026-07', until: '2027-07-01' }],
  app,
  settings,
  hosts: {
    api: { url: 'https://{settings.shop}/admin/api/{version}', allow: OF_THE_SHOP },
    shop: { url: 'https://{settings.shop}', allow: OF_THE_SHOP },
  },
  auth,
  identify,
  locations,
  limits: [
    // A bucket for each app in each shop: 2,000 points on the smallest plans, twenty seconds' worth. What is larger, replies tell.
    { name: POINTS, per: 'account', unit: 'point', amount: { fact: 'restoreRate', otherwise: 100 }, every: 'PT1S', burst: 2_000 },
    { name: 'at once', per: 'account', unit: 'concurrent', amount: 6 },
  ],
  pace,
  failure,
  webhooks,
  feeds: { orders: orderSweep, discounts: usage, customers: customerSweep },
  fetch: {
    order: { max: 10, read: readOrders },
    discount: { max: 10, read: readDiscounts },
    customer: { max: 10, read: readCustomers },
  },
  roles: {
    'orders.source': { webhooks: true, feed: 'orders' },
    'customers.source': { webhooks: true, feed: 'customers' },
    'customers.sink': { upsert },
    'vouchers.publish': { publish, update, withdraw, addCodes },
  },
  capabilities,
  publishing,
  narrow,
});
