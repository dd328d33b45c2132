import { defineConnector } from '@valehub/connector-kit';
import { auth } from './auth.ts';
import { identify, sheets } from './identity.ts';
import { failure } from './refusals.ts';
import { append } from './rows.ts';
import { settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'google-sheets',
  title: 'Google Sheets',
  docs: 'https://developers.google.com/workspace/sheets/api/reference/rest',
  kit: '^1.0.0',
  versions: [{ id: 'v4', link: 'https://developers.google.com/workspace/sheets/release-notes' }],
  settings,
  hosts: { api: { url: 'https://sheets.googleapis.com' }, token: { url: 'https://oauth2.googleapis.com' } },
  auth,
  identify,
  choices: { sheets },
  // Google counts 60 reads and 60 writes a minute for a user, and 300 of each for a project; reads and writes together are kept below the lesser.
  limits: [{ name: 'requests', per: 'grant', unit: 'request', amount: 60, every: 'PT1M' }],
  failure,
  webhooks,
  roles: { 'rows.append': { append } },
  // A table of what happened: nothing of a campaign is kept by it, and no till asks it.
  capabilities: {
    'row.append': 'ENFORCED',
    'event.push': 'NOT_POSSIBLE',
    'customer.read': 'NOT_POSSIBLE',
    'customer.write': 'NOT_POSSIBLE',
    'document.post': 'NOT_POSSIBLE',
    'journal.post': 'NOT_POSSIBLE',
    'lifecycle.publish': 'NOT_POSSIBLE',
    'lifecycle.update': 'NOT_POSSIBLE',
    'lifecycle.withdraw': 'NOT_POSSIBLE',
    'lifecycle.redeem': 'NOT_POSSIBLE',
    'lifecycle.reverse': 'NOT_POSSIBLE',
  },
});
