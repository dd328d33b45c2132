import { CallError, path, type Subscribing, type Subscription, type WantedSubscriptions, z } from '@valehub/connector-kit';
import { VERSION } from './client.ts';
import { list, type SquareSubscription, subscription } from './schemas.ts';
import type { SquareCtx, settings } from './settings.ts';

const AT = '/v2/webhooks/subscriptions';
const one = z.object({ subscription });
const page = z.object({ subscriptions: list(subscription), cursor: z.string().nullish() });
/** Of this application, whoever's events they bring: so they are asked for in its own name. */
const AS_APP = { as: 'app' } as const;

async function allOf(ctx: SquareCtx): Promise<readonly SquareSubscription[]> {
  const all: SquareSubscription[] = [];
  for (let cursor: string | null | undefined; ; ) {
    const query = { include_disabled: 'true', ...(cursor ? { cursor } : {}) };
    const told = await ctx.call({ ...AS_APP, path: AT, query, reply: page });
    all.push(...told.subscriptions);
    cursor = told.cursor;
    if (!cursor) return all;
  }
}

async function create(ctx: SquareCtx, { url, topics }: WantedSubscriptions): Promise<SquareSubscription> {
  const json = {
    idempotency_key: ctx.random(16),
    subscription: { name: 'Valehub', enabled: true, event_types: [...topics], notification_url: url, api_version: VERSION },
  };
  return (await ctx.call({ ...AS_APP, path: AT, json, reply: one })).subscription;
}

/** Square switches off what failed for about three weeks, so it is switched on again. The list does not show the key; one alone does. */
async function keep(ctx: SquareCtx, there: SquareSubscription, { topics }: WantedSubscriptions): Promise<SquareSubscription> {
  const at = path`/v2/webhooks/subscriptions/${there.id}`;
  const isRight =
    there.enabled !== false && there.api_version === VERSION && [...there.event_types].sort().join() === [...topics].sort().join();
  if (!isRight) {
    const json = { subscription: { enabled: true, event_types: [...topics], api_version: VERSION } };
    await ctx.call({ ...AS_APP, method: 'PUT', path: at, json, reply: one });
  }
  return (await ctx.call({ ...AS_APP, path: at, reply: one })).subscription;
}

async function drop(ctx: SquareCtx, id: string): Promise<void> {
  const answer = await ctx.tryCall({ ...AS_APP, method: 'DELETE', path: path`/v2/webhooks/subscriptions/${id}`, reply: z.object({}) });
  if ('failed' in answer && answer.failed.code !== 'NOT_FOUND') throw new CallError(answer.failed);
}

async function ensure(ctx: SquareCtx, want: WantedSubscriptions): Promise<readonly Subscription[]> {
  const [first, ...doubles] = (await allOf(ctx)).filter(({ notification_url: url }) => url === want.url);
  for (const { id } of doubles) await drop(ctx, id);
  const { id, signature_key: key } = first ? await keep(ctx, first, want) : await create(ctx, want);
  return [{ id, topics: want.topics, url: want.url, ...(key ? { secrets: { webhookSignatureKey: key } } : {}) }];
}

async function remove(ctx: SquareCtx, have: readonly Subscription[]): Promise<void> {
  for (const { id } of have) await drop(ctx, id);
}

export const subscriptions: Subscribing<typeof settings> & { readonly whenSet: string } = {
  by: 'app',
  whenSet: 'appAccessToken',
  ensure,
  remove,
};
