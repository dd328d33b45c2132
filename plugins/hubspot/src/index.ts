import { defineConnector } from '@valehub/connector-kit';
import { identify, narrow } from './account.ts';
import { auth } from './auth.ts';
import { capabilities } from './capabilities.ts';
import { choices } from './choices.ts';
import { API_VERSION, failure, pace } from './client.ts';
import { upsert } from './contacts.ts';
import { changedContacts, fetchContacts } from './customers.ts';
import { push } from './events.ts';
import { prepareProperties } from './properties.ts';
import { app, settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'hubspot',
  title: 'HubSpot',
  docs: 'https://developers.hubspot.com/docs/api-reference/latest/overview',
  kit: '^1.0.0',
  // A version is supported for 18 months at least. Nothing of v1 to v4, which end in 2027, is called.
  versions: [{ id: API_VERSION, link: 'https://developers.hubspot.com/docs/api-reference/2026-03/overview', until: '2027-09-30' }],
  app,
  settings,
  hosts: { api: { url: 'https://api.hubapi.com' }, app: { url: 'https://app.hubspot.com' } },
  auth,
  identify,
  choices,
  limits: [
    // 100 without a paid plan, 190 with one, more with a pack, 110 by OAuth (UNVERIFIED): replies tell which.
    { name: 'calls', per: 'account', unit: 'request', amount: { fact: 'callsPerTenSeconds', otherwise: 100 }, every: 'PT10S' },
    { name: 'day', per: 'account', unit: 'request', amount: { fact: 'callsPerDay', otherwise: 1_000_000 }, every: 'P1D' },
    // Searches alone cost a point.
    { name: 'searches', per: 'account', unit: 'point', amount: 5, every: 'PT1S' },
  ],
  pace,
  failure,
  webhooks,
  feeds: { contacts: changedContacts },
  fetch: { customer: fetchContacts },
  roles: {
    'customers.source': { webhooks: true, feed: 'contacts' },
    'customers.sink': { upsert },
    'events.push': { push },
  },
  actions: { prepareProperties },
  capabilities,
  narrow,
});
