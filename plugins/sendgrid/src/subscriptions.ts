import { CallError, path, type Subscription, type WantedSubscriptions, type Webhooks, z } from '@valehub/connector-kit';
import { ask, demand } from './client.ts';
import { eventWebhook, eventWebhooks, signing } from './schemas.ts';
import type { SendGridCtx, settings } from './settings.ts';

const SETTINGS = '/v3/user/webhooks/event/settings';

/** What SendGrid calls the events in the settings of a webhook. Changes of the account's status cannot be chosen by its API. */
const FLAGS = {
  processed: true,
  deferred: true,
  delivered: true,
  bounce: true,
  dropped: true,
  open: true,
  click: true,
  spam_report: true,
  unsubscribe: true,
  group_unsubscribe: true,
  group_resubscribe: true,
} as const;
const flagNames = Object.keys(FLAGS) as (keyof typeof FLAGS)[];

const manual = `In SendGrid open **Settings > Mail Settings > Event Webhooks > Create new webhook**.
1. Enter the webhook address of this connection as *Post URL*.
2. Choose all *Engagement Data* and *Deliverability Data*, and *Account Status Change*.
3. Switch on **Signed Event Webhook**, save, open the webhook again, and copy the **Verification Key** into *Event webhook verification key*.

Or give the API key the permission *Event Notification* and set *Event webhook* to BY_HUB: then the hub does it.`;

type EventWebhook = z.output<typeof eventWebhook>;

/** By its address; one that has another, as the hub had before, is turned to the new one. */
const oursOf = (webhooks: readonly EventWebhook[], url: string, have: readonly Subscription[]): EventWebhook | undefined =>
  webhooks.find((one) => one.url === url) ?? webhooks.find(({ id }) => have.some((known) => known.id === id));

const isRight = (one: EventWebhook, url: string): boolean =>
  one.url === url && one.enabled === true && flagNames.every((name) => one[name] === true);

async function setRight(ctx: SendGridCtx, ours: EventWebhook | undefined, url: string): Promise<EventWebhook> {
  if (ours && isRight(ours, url)) return ours;
  const set = await demand(ctx, 'account', {
    method: ours ? 'PATCH' : 'POST',
    path: ours ? `${SETTINGS}${path`/${ours.id}`}` : SETTINGS,
    json: { enabled: true, url, friendly_name: 'Valehub', ...FLAGS },
    reply: eventWebhook,
  });
  return { ...set, public_key: ours?.public_key };
}

/** The key is made when signing is switched on, and told as long as it is on. */
async function keyOf(ctx: SendGridCtx, { id, public_key: known }: EventWebhook): Promise<string> {
  if (known) return known;
  const made = await demand(ctx, 'account', {
    method: 'PATCH',
    path: `${SETTINGS}/signed${path`/${id}`}`,
    json: { enabled: true },
    reply: signing,
  });
  return made.public_key;
}

async function ensure(ctx: SendGridCtx, { url, topics }: WantedSubscriptions, have: readonly Subscription[]) {
  const { webhooks } = await demand(ctx, 'account', { path: `${SETTINGS}/all`, reply: eventWebhooks });
  const ours = await setRight(ctx, oursOf(webhooks, url, have), url);
  return [{ id: ours.id, topics, url, secrets: { webhookVerificationKey: await keyOf(ctx, ours) } }];
}

async function remove(ctx: SendGridCtx, have: readonly Subscription[]): Promise<void> {
  for (const { id } of have) {
    const answer = await ask(ctx, 'account', { method: 'DELETE', path: `${SETTINGS}${path`/${id}`}`, read: 'none', reply: z.null() });
    if ('failed' in answer && answer.failed.code !== 'NOT_FOUND') throw new CallError(answer.failed);
  }
}

export const subscriptions: Webhooks<typeof settings>['subscriptions'] = {
  by: 'connection',
  whenSet: 'eventWebhook',
  ensure,
  remove,
  manual,
};
