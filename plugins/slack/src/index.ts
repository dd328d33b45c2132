import { CallError, defineConnector } from '@valehub/connector-kit';
import * as alerts from './alerts.ts';
import { auth } from './auth.ts';
import { getIdentity, listChannels } from './client.ts';
import { command } from './command.ts';
import { failure } from './failure.ts';
import * as messages from './messages.ts';
import { app, postsByAddress, settings, takesPresses } from './settings.ts';
import { webhooks } from './webhooks.ts';

export default defineConnector({
  id: 'slack',
  title: 'Slack',
  docs: 'https://docs.slack.dev/',
  kit: '^1.0.0',
  versions: [{ id: 'web-api', link: 'https://docs.slack.dev/changelog/' }],
  app,
  settings,
  hosts: {
    api: { url: 'https://slack.com' },
    hook: { url: '{secrets.webhookUrl}', allow: ['hooks.slack.com', 'hooks.slack-gov.com'] },
    responses: { url: 'https://hooks.slack.com', allow: ['hooks.slack-gov.com'] },
  },
  auth,
  identify(ctx) {
    if (!postsByAddress(ctx)) return getIdentity(ctx);
    // The address cannot be tried without posting into the channel, so nothing is asked.
    const { channel, teamId } = ctx.settings;
    return { account: teamId ?? channel ?? 'incoming-webhook', name: channel ?? 'Slack channel' };
  },
  choices: {
    channels(ctx) {
      if (!postsByAddress(ctx)) return listChannels(ctx);
      throw new CallError({ code: 'NOT_SUPPORTED', message: 'An incoming webhook has one channel, and it cannot be chosen.' });
    },
  },
  // One message a second and channel. A 429 of the calls that read corrects the rest.
  limits: [{ name: 'messages', per: 'target', unit: 'request', amount: 1, every: 'PT1S', burst: 1 }],
  failure,
  webhooks,
  questions: { command },
  roles: { 'messages.send': { channels: ['CHAT'], send: messages.send }, 'alerts.send': { send: alerts.send } },
  actions: { say: messages.say, 'alerts.update': alerts.update },
  capabilities: {
    'alert.send': 'ENFORCED',
    'alert.buttons': 'ENFORCED',
    'message.send': 'ENFORCED',
    'message.status': 'NOT_POSSIBLE',
    'event.push': 'NOT_POSSIBLE',
    'customer.read': 'NOT_POSSIBLE',
    'customer.write': 'NOT_POSSIBLE',
  },
  narrow: (ctx) => (takesPresses(ctx) ? {} : { 'alert.buttons': 'NOT_POSSIBLE' }),
});
