import { bearer, defineConnector } from '@valehub/connector-kit';
import { capabilities, narrow } from './capabilities.ts';
import { choices } from './choices.ts';
import { failure, identify, pace } from './client.ts';
import { upsert } from './contacts.ts';
import { send } from './messages.ts';
import { settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'sendgrid',
  title: 'SendGrid',
  docs: 'https://www.twilio.com/docs/sendgrid/api-reference',
  kit: '^1.0.0',
  versions: [{ id: 'v3', link: 'https://www.twilio.com/docs/sendgrid/api-reference' }],
  settings,
  hosts: { api: { url: 'https://{settings.apiHost}', allow: ['api.sendgrid.com', 'api.eu.sendgrid.com'] } },
  auth: bearer('apiKey'),
  identify,
  choices,
  // SendGrid publishes no figures; what its replies tell corrects these, endpoint by endpoint.
  limits: [{ name: 'requests', per: 'target', unit: 'request', amount: 50, every: 'PT1S' }],
  pace,
  failure,
  webhooks,
  roles: { 'messages.send': { channels: ['EMAIL'], send }, 'customers.sink': { upsert } },
  capabilities,
  narrow,
});
