import { defineConnector, noAuth } from '@valehub/connector-kit';
import { failure } from './client.ts';
import { alert, message, say } from './messages.ts';
import { settings } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'slack',
  title: 'Slack',
  docs: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/',
  kit: '^1.0.0',
  versions: [{ id: 'incoming-webhooks', link: 'https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/' }],
  settings,
  hosts: { api: { url: '{secrets.webhookUrl}', allow: ['hooks.slack.com', 'hooks.slack-gov.com'] } },
  auth: noAuth(),
  // The address cannot be tried without posting into the channel, so nothing is asked.
  identify: ({ settings: { channel } }) => ({ account: channel ?? 'incoming-webhook', name: channel ?? 'Slack channel' }),
  limits: [{ name: 'messages', per: 'account', unit: 'request', amount: 1, every: 'PT1S', burst: 1 }],
  failure,
  webhooks,
  roles: { 'messages.send': { channels: ['CHAT'], send: message }, 'alerts.send': { send: alert } },
  actions: { say },
  capabilities: { 'alert.send': 'ENFORCED', 'message.send': 'ENFORCED', 'message.status': 'NOT_POSSIBLE' },
});
