import { bearer, defineConnector } from '@valehub/connector-kit';
import { failure, getLocations, getMerchant } from './client.ts';
import { readOrders } from './orders.ts';
import { settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'square',
  title: 'Square',
  docs: 'https://developer.squareup.com/reference/square',
  kit: '^1.0.0',
  versions: [{ id: '2026-05-20', link: 'https://developer.squareup.com/docs/changelog/connect' }],
  settings,
  hosts: { api: { url: { production: 'https://connect.squareup.com', sandbox: 'https://connect.squareupsandbox.com' } } },
  auth: bearer('accessToken'),
  headers: { 'square-version': '{version}' },
  async identify(ctx) {
    const merchant = await getMerchant(ctx);
    return {
      account: merchant.id,
      name: merchant.business_name ?? merchant.id,
      facts: { ...(merchant.country ? { country: merchant.country } : {}), ...(merchant.currency ? { currency: merchant.currency } : {}) },
    };
  },
  async locations(ctx) {
    const locations = await getLocations(ctx);
    return locations.map(({ id, name, currency, timezone }) => ({
      id,
      name: name ?? id,
      ...(currency ? { currency } : {}),
      ...(timezone ? { zone: timezone } : {}),
    }));
  },
  // Square publishes no figures: these keep well below what sellers report, and a 429 corrects them.
  limits: [
    { name: 'requests', per: 'account', unit: 'request', amount: 10, every: 'PT1S', burst: 20 },
    { name: 'at once', per: 'account', unit: 'concurrent', amount: 8 },
  ],
  failure,
  webhooks,
  fetch: { order: { max: 20, read: readOrders } },
  roles: { 'orders.source': { webhooks: true } },
  // Square has no voucher codes: the hub finds its own in what the till writes, and decides on them.
  capabilities: {
    'incentive.percentOff': 'BY_HUB',
    'incentive.amountOff': 'BY_HUB',
    'incentive.tender': 'NOT_POSSIBLE',
    'limit.voucher': 'BY_HUB',
    'limit.customer': 'BY_HUB',
    'limit.store': 'BY_HUB',
    'limit.campaign': 'BY_HUB',
    'limit.budget': 'BY_HUB',
    'lifecycle.publish': 'NOT_POSSIBLE',
    'lifecycle.update': 'NOT_POSSIBLE',
    'lifecycle.withdraw': 'NOT_POSSIBLE',
    'lifecycle.redeem': 'BY_HUB',
    'lifecycle.reverse': 'BY_HUB',
  },
});
