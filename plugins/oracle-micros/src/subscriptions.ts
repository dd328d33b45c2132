import { CallError, path, type Subscribing, type Subscription, type WantedSubscriptions, z } from '@valehub/connector-kit';
import { locationOf, type Place, placeOf } from './places.ts';
import * as schemas from './schemas.ts';
import type { SimphonyCtx, settings } from './settings.ts';
import { guid } from './texts.ts';

const PATH = '/notifications/subscriptions';
/** Oracle calls no others, and only by https on port 443. */
const DOMAINS = ['com', 'net', 'org', 'edu', 'ca', 'io', 'site', 'se', 'sa'];

function refuseUnreachable(url: string): void {
  const { protocol, port, hostname } = new URL(url);
  if (protocol === 'https:' && port === '' && DOMAINS.includes(hostname.split('.').at(-1) ?? '')) return;
  throw new CallError({
    code: 'NOT_SUPPORTED',
    message: `Simphony notifies only https addresses on port 443 whose name ends in .${DOMAINS.join(', .')}. Checks are read every ten minutes all the same.`,
  });
}

const list = (ctx: SimphonyCtx): Promise<schemas.SimphonySubscription[]> =>
  ctx.call({ path: PATH, reply: schemas.listOf('subscription', schemas.subscription) });

/** A place for each revenue centre, or the whole organization where nobody has named one. */
const placesOf = ({ locations }: SimphonyCtx): readonly (Place | undefined)[] =>
  locations.length === 0 ? [undefined] : locations.map(placeOf);

/** The same for the same place and topic. */
const keyOf = (topic: string | undefined, place: Place | undefined): string => `${topic} ${place ? locationOf(place) : 'all'}`;
const keyOfTheirs = ({ messageType, locRef, rvcRef }: schemas.SimphonySubscription): string =>
  keyOf(messageType?.id, locRef && rvcRef ? { locRef, rvcRef } : undefined);

const subscribe = (ctx: SimphonyCtx, url: string, topic: string, place: Place | undefined) =>
  ctx.call({
    path: PATH,
    json: {
      callbackUri: url,
      messageType: { id: topic },
      postOfficeOptions: { PostOfficeType: 'PushOnePostOffice' },
      orgShortName: ctx.settings.organization,
      ...place,
    },
    read: 'none',
    reply: z.null(),
  });

async function gone(ctx: SimphonyCtx, at: string): Promise<void> {
  const answer = await ctx.tryCall({ method: 'DELETE', path: at, read: 'none', reply: z.null() });
  if ('failed' in answer && answer.failed.code !== 'NOT_FOUND') throw new CallError(answer.failed);
}

/** A new key holds at once for all that the account has subscribed, so it is changed only where the hub does not know the one in force. */
async function register(ctx: SimphonyCtx, hmacKey: string): Promise<{ readonly hmacKey: string; readonly keyId: string }> {
  const keyId = guid(ctx.random(16));
  await ctx.call({
    method: 'PUT',
    path: '/notifications/registration',
    json: { keyId, hmacKey, keyType: 'hmac-sha256' },
    read: 'none',
    reply: z.null(),
  });
  return { hmacKey, keyId };
}

async function ensure(ctx: SimphonyCtx, want: WantedSubscriptions, have: readonly Subscription[]): Promise<readonly Subscription[]> {
  refuseUnreachable(want.url);
  const wanted = new Map(want.topics.flatMap((topic) => placesOf(ctx).map((place) => [keyOf(topic, place), { topic, place }] as const)));
  const ours = (await list(ctx)).filter(({ callbackUri }) => callbackUri === want.url);
  // The hub keeps the key with the subscriptions for which it was registered, and forgets it with the last of them.
  const withKey = new Set(have.filter(({ secrets }) => secrets && 'hmacKey' in secrets).map(({ id }) => id));
  const isKept = ours.some((one) => withKey.has(one.subscriptionId) && wanted.has(keyOfTheirs(one)));
  const secrets = isKept ? undefined : await register(ctx, want.newSecret);
  const there = new Set(ours.map(keyOfTheirs));
  for (const extra of ours.filter((one) => !wanted.has(keyOfTheirs(one))))
    await gone(ctx, path`/notifications/subscriptions/${extra.subscriptionId}`);
  const missing = [...wanted].filter(([key]) => !there.has(key));
  for (const [, { topic, place }] of missing) await subscribe(ctx, want.url, topic, place);
  const now = missing.length > 0 ? await list(ctx) : ours;
  return now
    .filter((one) => one.callbackUri === want.url && wanted.has(keyOfTheirs(one)))
    .map(({ subscriptionId, messageType }) => ({
      id: subscriptionId,
      topics: messageType ? [messageType.id] : [],
      url: want.url,
      ...(secrets ? { secrets } : {}),
    }));
}

/** The registration goes with the last subscription: deleted earlier, it would take those of others on the account with it. */
async function remove(ctx: SimphonyCtx, have: readonly Subscription[]): Promise<void> {
  for (const { id } of have) await gone(ctx, path`/notifications/subscriptions/${id}`);
  if ((await list(ctx)).length === 0) await gone(ctx, '/notifications/registration');
}

export const subscriptions: Subscribing<typeof settings> = { by: 'connection', ensure, remove };
