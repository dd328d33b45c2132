import { type Delivery, type Fact, type Notice, type Webhooks, withoutAddresses, z } from '@valehub/connector-kit';
import { events, JOB_ARGUMENT, type SendGridEvent } from './schemas.ts';
import type { SendGridCtx, settings } from './settings.ts';
import { subscriptions } from './subscriptions.ts';

type Status = Extract<Fact, { kind: 'messageStatus' }>['state'];

interface Meaning {
  /** What became of the message. */
  readonly state?: Status;
  /** What workflows may wait for. */
  readonly event?: string;
  /** Whether the person agrees to e-mail from now on; `group`: to that of one unsubscribe group. */
  readonly consent?: { readonly given: boolean; readonly group?: true };
}

const MEANING: Readonly<Record<string, Meaning>> = {
  processed: { state: 'QUEUED' },
  deferred: { state: 'QUEUED' },
  delivered: { state: 'DELIVERED', event: 'email.delivered' },
  open: { state: 'OPENED', event: 'email.opened' },
  click: { state: 'CLICKED', event: 'email.clicked' },
  bounce: { state: 'BOUNCED', event: 'email.bounced' },
  dropped: { state: 'REFUSED', event: 'email.refused' },
  spamreport: { event: 'email.spam_reported', consent: { given: false } },
  unsubscribe: { event: 'email.unsubscribed', consent: { given: false } },
  group_unsubscribe: { event: 'email.unsubscribed', consent: { given: false, group: true } },
  group_resubscribe: { event: 'email.resubscribed', consent: { given: true, group: true } },
};
const ACCOUNT = 'account_status_change';

const TIME = { header: 'x-twilio-email-event-webhook-timestamp' };

/** Addresses and links stay out of what is kept, but for who took back a consent. */
function noticeOf(event: SendGridEvent, index: number, bodyHash: string): Notice {
  const job = event[JOB_ARGUMENT];
  const told = event.reason ?? (event.event === 'deferred' ? event.response : undefined);
  return {
    topic: event.event,
    ...(job === undefined ? {} : { resource: ['message', job] }),
    body: {
      job: job ?? null,
      timestamp: event.timestamp,
      reason: told ? withoutAddresses(told).slice(0, 500) : null,
      ...(MEANING[event.event]?.consent && event.email ? { email: event.email.toLowerCase(), group: event.asm_group_id ?? null } : {}),
      ...(event.event === ACCOUNT ? { type: event.type ?? null } : {}),
    },
    repeat: { key: event.sg_event_id ?? `${bodyHash}:${index}` },
  };
}

/** Many events of many messages come in one body. */
const split = (delivery: Delivery): readonly Notice[] =>
  events.parse(delivery.body).map((event, index) => noticeOf(event, index, delivery.bodyHash));

const kept = z.object({
  job: z.string().nullable(),
  timestamp: z.union([z.number(), z.string()]),
  reason: z.string().nullable(),
  email: z.string().optional(),
  group: z.string().nullish(),
  type: z.string().nullish(),
});

/** A message that somebody else sent with the same account tells nothing to the hub, but that its addressee wants no mail of the house. */
function read(ctx: SendGridCtx, notice: Notice): readonly Fact[] {
  const { job, timestamp, reason, email, group, type } = kept.parse(notice.body);
  const at = ctx.time.seconds(timestamp);
  const key = notice.repeat === 'signal' ? `${notice.topic} ${timestamp}` : notice.repeat.key;
  // UNVERIFIED: the words for an account that may send no more.
  if (notice.topic === ACCOUNT) return /suspend|deactivat|ban/i.test(type ?? '') ? [{ kind: 'access', is: 'REVOKED', at }] : [];
  const { state, event, consent } = MEANING[notice.topic] ?? {};
  const ofGroup = consent?.group !== true || job !== null || group === ctx.settings.unsubscribeGroup;
  return [
    ...(job !== null && state ? [{ kind: 'messageStatus' as const, job, state, at, ...(reason === null ? {} : { reason }) }] : []),
    ...(job !== null && event ? [{ kind: 'custom' as const, name: event, key, at, data: { job } }] : []),
    ...(consent && email !== undefined && ofGroup
      ? [{ kind: 'consent' as const, identity: email, channel: 'EMAIL' as const, given: consent.given, at, key }]
      : []),
  ];
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
  topics: [...Object.keys(MEANING), ACCOUNT],
  split,
  read,
  subscriptions,
};
