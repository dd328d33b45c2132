import { CallError, path, type Subscription, type WantedSubscriptions, type Webhooks, z } from '@valehub/connector-kit';
import { API_VERSION, ask } from './client.ts';
import { WATCHED } from './customers.ts';
import * as schemas from './schemas.ts';
import type { HubSpotCtx, settings } from './settings.ts';

const manual = `HubSpot calls the hub for an **app**; a service key has none, and needs none: changes are then read every quarter of an hour.

- **An app made as a project**: put a \`webhooks\` folder beside its \`app-hsmeta.json\`, with the webhook address of this connection as \`targetUrl\` and active
  subscriptions to \`object.creation\`, \`object.deletion\`, \`object.merge\` and \`object.restore\` of \`contact\`, to \`object.propertyChange\` of
  ${WATCHED.map((property) => `\`${property}\``).join(', ')}, and to \`contact.privacyDeletion\` under \`hubEvents\`. Upload the project.
- **A legacy private app**: open the app, **Webhooks**, enter the address as *Target URL*, and subscribe to the same events of contacts.
- **A legacy public app**: the same under **Webhooks** of the app, or enter *App id* and *Developer API key* here, and the hub does it.

Copy the app's **Client secret** into this connection: HubSpot signs with it.`;

/** The App's own settings are there beside the connection's. */
const appSettings = z.object({ hubspotAppId: z.string().optional() });

function basePath(ctx: HubSpotCtx): string {
  const { hubspotAppId } = appSettings.parse(ctx.settings);
  if (hubspotAppId === undefined)
    throw new CallError({ code: 'BAD_CREDENTIALS', message: 'To subscribe with a developer API key the App id is needed too.' });
  return `/webhooks/${API_VERSION}${path`/${hubspotAppId}`}`;
}

/** An app has one address for all its events. */
async function aim(ctx: HubSpotCtx, base: string, url: string): Promise<void> {
  const answer = await ask(ctx, { as: 'app', path: `${base}/settings`, reply: schemas.webhookSettings });
  if ('failed' in answer && answer.failed.code !== 'NOT_FOUND') throw new CallError(answer.failed);
  if (!('failed' in answer) && answer.value.targetUrl === url) return;
  await ctx.call({
    as: 'app',
    method: 'PUT',
    path: `${base}/settings`,
    json: { targetUrl: url, throttling: { maxConcurrentRequests: 10 } },
    reply: schemas.webhookSettings,
    cost: 0,
  });
}

interface Wanted {
  readonly eventType: string;
  readonly propertyName?: string;
}

/** A change is told property by property. */
const wantedOf = ({ topics }: WantedSubscriptions): readonly Wanted[] =>
  topics.flatMap((eventType): readonly Wanted[] =>
    eventType === 'contact.propertyChange' ? WATCHED.map((propertyName) => ({ eventType, propertyName })) : [{ eventType }],
  );

async function one(ctx: HubSpotCtx, base: string, want: Wanted, there: readonly z.output<typeof schemas.subscription>[]) {
  const have = there.find(
    ({ eventType, propertyName }) => eventType === want.eventType && (propertyName || undefined) === want.propertyName,
  );
  if (have?.active === true) return have;
  return ctx.call({
    as: 'app',
    method: have ? 'PATCH' : 'POST',
    path: have ? `${base}/subscriptions${path`/${have.id}`}` : `${base}/subscriptions`,
    json: have ? { active: true } : { ...want, active: true },
    reply: schemas.subscription,
    cost: 0,
  });
}

async function ensure(ctx: HubSpotCtx, want: WantedSubscriptions): Promise<readonly Subscription[]> {
  const base = basePath(ctx);
  await aim(ctx, base, want.url);
  const { results } = await ctx.call({ as: 'app', path: `${base}/subscriptions`, reply: schemas.subscriptions, cost: 0 });
  const made: Subscription[] = [];
  for (const wanted of wantedOf(want)) {
    const { id, eventType } = await one(ctx, base, wanted, results);
    made.push({ id, topics: [eventType], url: want.url });
  }
  return made;
}

/** The address stays, as other subscriptions of the app may use it. */
async function remove(ctx: HubSpotCtx, have: readonly Subscription[]): Promise<void> {
  const base = basePath(ctx);
  for (const { id } of have) {
    const answer = await ask(ctx, {
      as: 'app',
      method: 'DELETE',
      path: `${base}/subscriptions${path`/${id}`}`,
      read: 'none',
      reply: z.null(),
    });
    if ('failed' in answer && answer.failed.code !== 'NOT_FOUND') throw new CallError(answer.failed);
  }
}

export const subscriptions: Webhooks<typeof settings>['subscriptions'] = { by: 'app', whenSet: 'developerApiKey', ensure, remove, manual };
