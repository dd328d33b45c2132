import { CallError, type Subscribing, type Subscription, z } from '@valehub/connector-kit';
import { allPages, ask, operation } from './client.ts';
import { throwRefused } from './failure.ts';
import { globalId } from './ids.ts';
import { pageOf, type UserErrors, userErrors } from './schemas.ts';
import type { ShopCtx, settings } from './settings.ts';
import { grantedScopes } from './shop.ts';
import { enumOf, TOPICS } from './topics.ts';

const subscription = z.object({ id: globalId, topic: z.string(), uri: z.string() });
type Made = z.output<typeof subscription>;

const listQuery = operation(
  20,
  `query Subscriptions($after: String) {
  webhookSubscriptions(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id topic uri } }
}`,
  { webhookSubscriptions: pageOf(subscription) },
);
const changed = z.object({ webhookSubscription: subscription.nullish(), userErrors });
const createMutation = operation(
  10,
  `mutation Subscribe($topic: WebhookSubscriptionTopic!, $webhookSubscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $webhookSubscription) {
    webhookSubscription { id topic uri }
    userErrors { field message }
  }
}`,
  { webhookSubscriptionCreate: changed },
);
const updateMutation = operation(
  10,
  `mutation MoveSubscription($id: ID!, $webhookSubscription: WebhookSubscriptionInput!) {
  webhookSubscriptionUpdate(id: $id, webhookSubscription: $webhookSubscription) {
    webhookSubscription { id topic uri }
    userErrors { field message }
  }
}`,
  { webhookSubscriptionUpdate: changed },
);
const deleteMutation = operation(
  10,
  'mutation Unsubscribe($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } } }',
  { webhookSubscriptionDelete: z.object({ userErrors }) },
);

const list = (ctx: ShopCtx): Promise<readonly Made[]> =>
  allPages(async (after) => (await ask(ctx, listQuery, { after })).webhookSubscriptions);

function made(payload: z.output<typeof changed>): Made {
  // Made at the same time by another process: the next look finds it.
  if (payload.userErrors.some(({ message }) => /taken/i.test(message)))
    throw new CallError({ code: 'CONFLICT', message: 'Another process has just subscribed to the same topic.' });
  throwRefused(payload.userErrors);
  if (payload.webhookSubscription) return payload.webhookSubscription;
  throw new CallError({ code: 'BAD_REPLY', message: 'Shopify says nothing of the subscription that it was asked for.' });
}

const create = async (ctx: ShopCtx, topic: string, url: string): Promise<Made> =>
  made(
    (await ask(ctx, createMutation, { topic: enumOf(topic), webhookSubscription: { uri: url, format: 'JSON' } })).webhookSubscriptionCreate,
  );

const move = async (ctx: ShopCtx, id: string, url: string): Promise<Made> =>
  made((await ask(ctx, updateMutation, { id, webhookSubscription: { uri: url, format: 'JSON' } })).webhookSubscriptionUpdate);

const isAbsent = (errors: UserErrors): boolean => errors.some(({ message }) => /(not|n't) (exist|found)|could not be found/i.test(message));

async function remove(ctx: ShopCtx, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { userErrors: errors } = (await ask(ctx, deleteMutation, { id })).webhookSubscriptionDelete;
    if (!isAbsent(errors)) throwRefused(errors);
  }
}

/** Topics that the shop's grant allows. Without orders there is nothing to connect for. */
async function allowed(ctx: ShopCtx, topics: readonly string[]): Promise<readonly string[]> {
  const granted = await grantedScopes(ctx);
  if (!granted.has('read_orders'))
    throw new CallError({
      code: 'FORBIDDEN_SCOPE',
      message: 'The app has no right to read orders (read_orders): agree to it in the shop.',
    });
  return topics.filter((topic) => {
    const byApi = TOPICS[topic]?.byApi;
    return byApi !== undefined && (byApi.scope === undefined || granted.has(byApi.scope));
  });
}

const manual = `Shopify takes the three topics that the law asks for, \`customers/data_request\`, \`customers/redact\` and \`shop/redact\`, only from the
configuration of the app: in the Dev Dashboard open **your app > Versions > New version**, or its \`shopify.app.toml\`, and enter the webhook address
as the *compliance webhook* of all three. All other topics the hub subscribes to by itself.`;

export const subscriptions: Subscribing<typeof settings> & { readonly manual: string } = {
  by: 'connection',
  manual,
  async ensure(ctx, want, have) {
    const topics = await allowed(ctx, want.topics);
    const known = new Set(have.map(({ id }) => id));
    const ours = (await list(ctx)).filter(({ id, uri }) => uri === want.url || known.has(id));
    const kept: Subscription[] = [];
    for (const topic of topics) {
      const same = ours.filter((candidate) => candidate.topic === enumOf(topic));
      const there = same.find(({ uri }) => uri === want.url);
      const elsewhere = same[0];
      const { id } = there ?? (elsewhere ? await move(ctx, elsewhere.id, want.url) : await create(ctx, topic, want.url));
      kept.push({ id, topics: [topic], url: want.url });
    }
    const keep = new Set(kept.map(({ id }) => id));
    await remove(
      ctx,
      ours.filter(({ id }) => !keep.has(id)).map(({ id }) => id),
    );
    return kept;
  },
  remove: (ctx, have) =>
    remove(
      ctx,
      have.map(({ id }) => id),
    ),
};
