import { defineConnector } from '@valehub/connector-kit';
import { auth } from './auth.ts';
import { readContacts } from './contacts.ts';
import { post } from './documents.ts';
import { documents } from './feed.ts';
import { fetchDocuments } from './fetch.ts';
import { accounts, identify, narrow, tenants } from './identity.ts';
import { post as postJournal } from './journals.ts';
import { failure, pace } from './refusals.ts';
import { app, settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'xero',
  title: 'Xero',
  docs: 'https://developer.xero.com/documentation/api/accounting/overview',
  kit: '^1.0.0',
  versions: [{ id: '2.0', link: 'https://developer.xero.com/changelog' }],
  app,
  settings,
  hosts: {
    api: { url: 'https://api.xero.com' },
    identity: { url: 'https://identity.xero.com' },
    login: { url: 'https://login.xero.com' },
  },
  auth,
  // The first test call is made before the organisation is known: then the header is left out, and the list of connections needs none.
  headers: { 'xero-tenant-id': '{account}' },
  identify,
  choices: { accounts, tenants },
  // The day's figure is that of the paid plans; what replies tell corrects it on the free one, which has 1,000.
  limits: [
    { name: 'minute', per: 'account', unit: 'request', amount: 60, every: 'PT1M' },
    { name: 'day', per: 'account', unit: 'request', amount: 5000, every: 'P1D' },
    { name: 'app', per: 'app', unit: 'request', amount: 10_000, every: 'PT1M' },
    { name: 'at once', per: 'account', unit: 'concurrent', amount: 5 },
  ],
  pace,
  failure,
  webhooks,
  feeds: { documents },
  fetch: { document: { max: 40, read: fetchDocuments }, customer: { max: 20, read: readContacts } },
  roles: {
    'documents.post': { post },
    'journal.post': { post: postJournal },
    'documents.list': { feed: 'documents' },
  },
  // Accounts hold what has happened: nothing of a campaign is kept by Xero, and no till asks it.
  capabilities: {
    'document.post': { approximated: 'Invoices and credit notes; Xero has no sales receipts' },
    'document.list': 'ENFORCED',
    'journal.post': { approximated: "In the organisation's own currency only" },
    'customer.read': { approximated: 'Contacts are read when Xero tells of a change; a name without e-mail and telephone finds nobody' },
    'customer.write': 'NOT_POSSIBLE',
    'event.push': 'NOT_POSSIBLE',
    'row.append': 'NOT_POSSIBLE',
    'lifecycle.publish': 'NOT_POSSIBLE',
    'lifecycle.update': 'NOT_POSSIBLE',
    'lifecycle.withdraw': 'NOT_POSSIBLE',
    'lifecycle.redeem': 'NOT_POSSIBLE',
    'lifecycle.reverse': 'NOT_POSSIBLE',
  },
  narrow,
});
