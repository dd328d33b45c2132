import { type Failure, type HubEvent, z } from '@valehub/connector-kit';
import { API_VERSION, ask } from './client.ts';
import type { HubSpotCtx } from './settings.ts';

function propertiesOf({ money }: HubSpotCtx, event: HubEvent): Readonly<Record<string, string>> {
  const { type, code, amount, campaign, store, redemptionId, businessDay } = event;
  const all = {
    type,
    voucher_code: code,
    amount: amount && money.toMajor(amount),
    currency: amount?.currency,
    campaign: campaign?.name,
    store: store?.name,
    redemption_id: redemptionId,
    business_day: businessDay,
  };
  return Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/**
 * Puts an event on a contact's timeline, where the connection names an event type of its app. HubSpot keeps one event of an id and
 * refuses it again, so twice is once. UNVERIFIED: whether values that the event type does not know are passed over.
 */
export async function tell(ctx: HubSpotCtx, event: HubEvent, contact: string | undefined): Promise<Failure | undefined> {
  const { timelineEvent } = ctx.settings;
  if (timelineEvent === undefined || contact === undefined) return undefined;
  const answer = await ask(ctx, {
    path: `/integrators/timeline/${API_VERSION}/events`,
    json: { eventTypeName: timelineEvent, id: event.id, objectId: contact, timestamp: event.at, properties: propertiesOf(ctx, event) },
    read: 'none',
    reply: z.null(),
  });
  return 'failed' in answer && answer.failed.code !== 'CONFLICT' ? answer.failed : undefined;
}
