import { type Delivery, type Fact, type Notice, type Webhooks, withoutAddresses } from '@valehub/connector-kit';
import { events, JOB_ARGUMENT } from './schemas.ts';
import type { SendGridCtx, settings } from './settings.ts';

type Status = Extract<Fact, { kind: 'messageStatus' }>['state'];

/** What each event means for the message, and what workflows may wait for. */
const MEANING: Readonly<Record<string, { readonly state?: Status; readonly event?: string }>> = {
  processed: { state: 'QUEUED' },
  deferred: { state: 'QUEUED' },
  delivered: { state: 'DELIVERED', event: 'email.delivered' },
  open: { state: 'OPENED', event: 'email.opened' },
  click: { state: 'CLICKED', event: 'email.clicked' },
  bounce: { state: 'BOUNCED', event: 'email.bounced' },
  dropped: { state: 'REFUSED', event: 'email.refused' },
  spamreport: { event: 'email.spam_reported' },
  unsubscribe: { event: 'email.unsubscribed' },
  group_unsubscribe: { event: 'email.unsubscribed' },
  group_resubscribe: { event: 'email.resubscribed' },
};
const TOPICS = Object.keys(MEANING);

const TIME = { header: 'x-twilio-email-event-webhook-timestamp' };

const manual = `In SendGrid open **Settings > Mail Settings > Event Webhooks > Create new webhook**.
1. Enter the webhook address of this connection as *Post URL*.
2. Choose at least *Delivered*, *Bounced*, *Dropped*, *Opened* and *Clicked*.
3. Switch on **Signed Event Webhook**, save, open the webhook again, and copy the **Verification Key** into *Event webhook verification key*.`;

/** Many events of many messages come in one body. Addresses and links stay out of what is kept. */
function split(delivery: Delivery): readonly Notice[] {
  return events.parse(delivery.body).map((event, index): Notice => {
    const job = event[JOB_ARGUMENT];
    const reason = event.reason ? withoutAddresses(event.reason).slice(0, 500) : null;
    return {
      topic: event.event,
      ...(job === undefined ? {} : { resource: ['message', job] }),
      body: { job: job ?? null, timestamp: event.timestamp, reason },
      repeat: { key: event.sg_event_id ?? `${delivery.bodyHash}:${index}` },
    };
  });
}

interface Kept {
  readonly job: string | null;
  readonly timestamp: number | string;
  readonly reason: string | null;
}

/** A message that somebody else sent with the same account tells nothing to the hub. */
function read(ctx: SendGridCtx, notice: Notice): readonly Fact[] {
  const { job, timestamp, reason } = notice.body as unknown as Kept;
  const meaning = MEANING[notice.topic];
  if (job === null || !meaning) return [];
  const at = ctx.time.seconds(timestamp);
  const status: Fact[] = meaning.state
    ? [{ kind: 'messageStatus', job, state: meaning.state, at, ...(reason === null ? {} : { reason }) }]
    : [];
  const key = notice.repeat === 'signal' ? job : notice.repeat.key;
  const custom: Fact[] = meaning.event ? [{ kind: 'custom', name: meaning.event, key, at, data: { job } }] : [];
  return [...status, ...custom];
}

export const webhooks: Webhooks<typeof settings> = {
  body: ['json'],
  verify: {
    by: 'ecdsa',
    hash: 'sha256',
    key: { secret: 'webhookVerificationKey', decode: 'spki' },
    signed: [TIME, 'body'],
    signature: { header: 'x-twilio-email-event-webhook-signature' },
    encoding: 'base64',
    // SendGrid states no window, and whether a repeat is signed anew is not known: so its whole retry span.
    time: { at: TIME, unit: 's', window: 'PT24H' },
  },
  topics: TOPICS,
  split,
  read,
  subscriptions: { manual },
};
