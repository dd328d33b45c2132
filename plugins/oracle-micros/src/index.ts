import { defineConnector } from '@valehub/connector-kit';
import { identify, locations } from './account.ts';
import { apply, remove } from './apply.ts';
import { auth } from './auth.ts';
import { capabilities, narrowed, publishing } from './capabilities.ts';
import { checks, readChecks } from './checks.ts';
import { failure } from './client.ts';
import { publish, update, withdraw } from './discounts.ts';
import { settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'oracle-micros',
  title: 'Oracle MICROS Simphony',
  docs: 'https://docs.oracle.com/en/industries/food-beverage/simphony/omsstsg2api/',
  kit: '^1.0.0',
  versions: [{ id: 'v1', link: 'https://docs.oracle.com/en/industries/food-beverage/simphony/omsstsg2api/' }],
  settings,
  // Every enterprise has addresses of its own, some of them on the premises; the customer knows them, and nobody lists them.
  hosts: {
    api: { url: 'https://{settings.servicesHost}/api/v1', allow: ['*'] },
    identity: { url: 'https://{settings.identityHost}', allow: ['*'] },
    configuration: { url: 'https://{settings.configurationHost}', allow: ['*'] },
  },
  auth,
  identify,
  locations,
  // Oracle publishes no figures, and asks that the services are not used to pull data in bulk. A till answers one thing after another.
  limits: [
    { name: 'requests', per: 'account', unit: 'request', amount: 5, every: 'PT1S', burst: 10 },
    { name: 'at once in a revenue centre', per: 'location', unit: 'concurrent', amount: 2 },
  ],
  failure,
  webhooks,
  feeds: { checks },
  fetch: { order: { max: 10, read: readChecks } },
  roles: {
    'orders.source': { webhooks: true, feed: 'checks' },
    'orders.apply': { apply, remove },
    'vouchers.publish': { publish, update, withdraw },
  },
  capabilities,
  publishing,
  narrow: ({ settings: given }) => narrowed(given),
});
