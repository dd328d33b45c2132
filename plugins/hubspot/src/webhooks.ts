import { type Delivery, type Fact, type Notice, timeKit, type VerificationChoice, type Webhooks, z } from '@valehub/connector-kit';
import { readContacts } from './customers.ts';
import { events, type WebhookEvent } from './schemas.ts';
import type { HubSpotCtx, settings } from './settings.ts';
import { subscriptions } from './subscriptions.ts';

const TOPICS = [
  'contact.creation',
  'contact.propertyChange',
  'contact.deletion',
  'contact.privacyDeletion',
  'contact.merge',
  'contact.restore',
] as const;

const TIME = { header: 'x-hubspot-request-timestamp' };

const byHash = (whenSet: string, signed: readonly ('method' | 'url')[]): VerificationChoice => ({
  by: 'hash',
  hash: 'sha256',
  whenSet,
  key: { secret: whenSet },
  signed: ['key', ...signed, 'body'],
  signature: { header: 'x-hubspot-signature' },
  encoding: 'hex',
});

/**
 * HubSpot signs by all versions at once, and a request names the one it wishes: which holds is said by a setting alone. It says to refuse
 * what is older than five minutes; that repeats are signed anew follows from that, and is UNVERIFIED.
 */
const verify: readonly VerificationChoice[] = [
  byHash('signatureV1Secret', []),
  byHash('signatureV2Secret', ['method', 'url']),
  {
    by: 'hmac',
    hash: 'sha256',
    whenSet: 'clientSecret',
    key: { secret: 'clientSecret' },
    signed: ['method', 'urlDecoded', 'body', TIME],
    signature: { header: 'x-hubspot-signature-v3' },
    encoding: 'base64',
    time: { at: TIME, unit: 'ms', window: 'PT5M' },
  },
];

/** Apps that are made as projects hear of all records as `object.*`, with the type's number; 0-1 are contacts. */
function topicOf({ subscriptionType, objectTypeId }: WebhookEvent): string {
  return objectTypeId === '0-1' ? subscriptionType.replace(/^object\./, 'contact.') : subscriptionType;
}

/** The contact that an event is about, and those that are no more. A merge may leave a record of a new id. */
function contactsIn(event: WebhookEvent): { readonly id: string | undefined; readonly gone: readonly string[] } {
  const { objectId, primaryObjectId, mergedObjectIds, newObjectId } = event;
  const id = newObjectId ?? primaryObjectId ?? objectId;
  const merged = [...(mergedObjectIds ?? []), ...(primaryObjectId ? [primaryObjectId] : [])];
  return { id, gone: [...new Set(merged)].filter((other) => other !== id) };
}

function noticeOf(event: WebhookEvent): Notice {
  const { portalId, appId, subscriptionId, eventId, objectId, propertyName, occurredAt, changeSource, sourceId } = event;
  const topic = topicOf(event);
  const { id, gone } = contactsIn(event);
  const at = timeKit.millis(occurredAt);
  return {
    account: portalId,
    topic,
    ...(topic.startsWith('contact.') && id !== undefined ? { resource: ['customer', id] } : {}),
    at,
    // UNVERIFIED for apps without OAuth: that the source is the app's number.
    ...(changeSource === 'INTEGRATION' && appId !== undefined && sourceId === appId ? { ours: true } : {}),
    body: { id: id ?? null, gone, at },
    // An `eventId` need not be unique, and a second attempt has the same.
    repeat: {
      key: [portalId, subscriptionId, eventId, topic, objectId ?? id, propertyName, occurredAt].map((part) => part ?? '').join(':'),
    },
  };
}

/** Events of many accounts may come in one body. */
const split = (delivery: Delivery): readonly Notice[] => events.parse(delivery.body).map(noticeOf);

const about = z.object({ id: z.string().nullable(), gone: z.array(z.string()), at: z.string() });

async function read(ctx: HubSpotCtx, notice: Notice): Promise<readonly Fact[]> {
  const { id, gone, at } = about.parse(notice.body);
  const lost = (other: string): Fact => ({ kind: 'gone', resource: 'customer', id: other, revision: { at } });
  if (id === null) return [];
  if (notice.topic === 'contact.deletion') return [lost(id)];
  if (notice.topic === 'contact.privacyDeletion') {
    // HubSpot has forgotten who it was, so the person is named by the contact's number.
    return [lost(id), { kind: 'privacy', ask: 'ERASE', identity: id, key: notice.repeat === 'signal' ? id : notice.repeat.key }];
  }
  return [...gone.map(lost), ...(await readContacts(ctx, [id]))];
}

export const webhooks: Webhooks<typeof settings> = { body: ['json'], verify, topics: TOPICS, split, read, subscriptions };
