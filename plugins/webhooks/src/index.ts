import { defineConnector, signedAuth } from '@valehub/connector-kit';
import { capabilities, narrow } from './capabilities.ts';
import { failure } from './failure.ts';
import * as sending from './sending.ts';
import { CHANNELS, settings } from './settings.ts';
import { outgoing } from './signature.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'webhooks',
  title: 'Webhooks',
  docs: 'https://www.standardwebhooks.com',
  kit: '^1.0.0',
  versions: [{ id: '1.0.0', link: 'https://github.com/standard-webhooks/standard-webhooks' }],
  settings,
  // Anybody's system may stand there; the network rules of the hub are what binds it.
  hosts: { api: { url: '{secrets.url}', allow: ['*'] } },
  auth: signedAuth(outgoing),
  // No event is sent to try the address: a receiver would have to know what to do with it. The action `ping` sends one on demand.
  identify: ({ settings: { name, perSecond } }) => ({ account: name, name, facts: { perSecond: String(perSecond) } }),
  limits: [
    { name: 'requests', per: 'account', unit: 'request', amount: { fact: 'perSecond', otherwise: 10 }, every: 'PT1S' },
    { name: 'at once', per: 'account', unit: 'concurrent', amount: 5 },
  ],
  failure,
  webhooks,
  roles: {
    'events.push': { push: sending.event },
    'messages.send': { channels: CHANNELS, send: sending.message },
    'alerts.send': { send: sending.alert },
    'orders.source': { webhooks: true, whole: true },
    'customers.source': { webhooks: true, whole: true },
  },
  actions: { ping: sending.ping, 'alerts.update': sending.alertUpdate },
  capabilities,
  narrow,
});
