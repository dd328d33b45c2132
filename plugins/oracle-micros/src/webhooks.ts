import type { Delivery, Fact, Notice, Webhooks } from '@valehub/connector-kit';
import { factOf } from './checks.ts';
import { findCheck } from './client.ts';
import { locationOf } from './places.ts';
import * as schemas from './schemas.ts';
import type { SimphonyCtx, settings } from './settings.ts';
import { subscriptions } from './subscriptions.ts';

const CHECK = 'CheckNotification';

function noticeOf({ id, creationDate, messageType, resource, data }: schemas.Message): Notice {
  const { orgShortName, locRef, rvcRef, checkRef } = resource ?? {};
  const at = data?.timeStampUtc ?? creationDate;
  return {
    ...(orgShortName ? { account: orgShortName.toLowerCase() } : {}),
    ...(locRef && rvcRef ? { location: locationOf({ locRef, rvcRef }) } : {}),
    topic: messageType.id,
    ...(checkRef ? { resource: ['order', checkRef] } : {}),
    ...(at ? { at } : {}),
    body: { status: data?.status ?? null },
    repeat: { key: id },
  };
}

/** One delivery holds any number of messages. */
const split = (delivery: Delivery): readonly Notice[] => schemas.notification.parse(delivery.body).messages.map(noticeOf);

/** A notification about a check that is no more is about its cancelling, unless it lay here for long. */
const RECENT_MS = 24 * 3_600_000;

async function read(ctx: SimphonyCtx, notice: Notice): Promise<readonly Fact[]> {
  const checkRef = notice.resource?.[1];
  if (checkRef === undefined) return [];
  const found = await findCheck(ctx, checkRef);
  if (found) return [factOf(ctx, found.check, found.place)];
  const isRecent = notice.at !== undefined && Date.parse(ctx.now()) - Date.parse(notice.at) < RECENT_MS;
  return isRecent ? [{ kind: 'gone', ...(notice.location ? { location: notice.location } : {}), resource: 'order', id: checkRef }] : [];
}

export const webhooks: Webhooks<typeof settings> = {
  body: ['json'],
  verify: {
    by: 'hmac',
    hash: 'sha256',
    // We choose the key and register it: base64 in the registration, its bytes in the signature. Oracle signs the ASCII bytes of the body,
    // which are its own bytes, as it holds ids only.
    key: { secret: 'hmacKey', decode: 'base64', id: { at: { header: 'key-id' }, secret: 'keyId' } },
    signed: ['body'],
    signature: { header: 'digest' },
    encoding: 'base64',
  },
  topics: [CHECK],
  split,
  read,
  subscriptions,
};
