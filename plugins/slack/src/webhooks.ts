import { type Webhooks, z } from '@valehub/connector-kit';
import type { settings } from './settings.ts';

const TIME = { header: 'x-slack-request-timestamp' };

const event = z.object({
  type: z.string().min(1),
  event_id: z.string().min(1).optional(),
  event: z.object({ type: z.string().min(1) }).optional(),
});

const manual = `Alerts need nothing more. Only where Slack shall call the hub: open your app at **api.slack.com/apps**, copy **Basic Information > Signing Secret**
into *Signing secret*, then enter the webhook address of this connection under **Event Subscriptions > Request URL**. Slack tries it at once.`;

/** The door for what Slack tells; the hub acts on none of it yet, so what comes is kept under Slack's own names. */
export const webhooks: Webhooks<typeof settings> = {
  body: ['json', { formField: 'payload' }],
  verify: {
    by: 'hmac',
    hash: 'sha256',
    key: { secret: 'signingSecret' },
    signed: [{ text: 'v0:' }, TIME, { text: ':' }, 'body'],
    signature: { header: 'x-slack-signature', after: 'v0=' },
    encoding: 'hex',
    time: { at: TIME, unit: 's', window: 'PT5M' },
  },
  handshakes: [
    {
      method: 'POST',
      when: [{ at: { field: 'type' }, is: 'url_verification' }, { field: 'challenge' }],
      signed: true,
      echo: { field: 'challenge' },
    },
  ],
  topics: [],
  split(delivery) {
    const told = event.parse(delivery.body);
    return [{ topic: told.event?.type ?? told.type, body: null, repeat: { key: told.event_id ?? delivery.bodyHash } }];
  },
  read: () => [],
  subscriptions: { manual },
};
