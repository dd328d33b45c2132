import { CallError, type Failure, type HubEvent, type Job } from '@valehub/connector-kit';
import { type Line, type Properties, read, type Written, write } from './batch.ts';
import { DEALS } from './client.ts';
import { amountsOf, STATE_PROPERTIES, stateOf, statusOf, withEvent } from './deal-state.ts';
import { prepare, REDEMPTION_ID } from './properties.ts';
import type { CrmRecord } from './schemas.ts';
import type { HubSpotCtx } from './settings.ts';

export type EventJob = Job<HubEvent>;

/** A redemption and what is taken back of it are one deal. */
export const redemptionOf = ({ type, redemptionId }: HubEvent): string | undefined =>
  type === 'VOUCHER_REDEEMED' || type === 'REDEMPTION_REVERSED' ? redemptionId : undefined;

/** The account's own currency needs no word; another that it keeps is named. */
function currencyOf({ facts }: HubSpotCtx, currency: string): Properties {
  const { currency: own, currencies = '' } = facts;
  if (own === undefined || own === currency) return {};
  if (currencies.split(',').includes(currency)) return { deal_currency_code: currency };
  throw new CallError({
    code: 'BAD_INPUT',
    path: 'amount.currency',
    message: `The account at HubSpot keeps no ${currency}. Add it under Settings > Account Defaults > Currency, and connect anew.`,
  });
}

function propertiesOf(ctx: HubSpotCtx, events: readonly HubEvent[], before: CrmRecord | undefined): Properties {
  const { pipeline, redeemedStage, reversedStage } = ctx.settings;
  const known = stateOf(before?.properties ?? {});
  const state = events.reduce((so, event) => withEvent(so, event, ctx.money), known);
  const redeemed = events.find(({ type }) => type === 'VOUCHER_REDEEMED');
  const currency = events.find(({ amount }) => amount)?.amount?.currency ?? ctx.facts['currency'] ?? 'EUR';
  const status = statusOf(state);
  const { code, campaign, store } = redeemed ?? events[0] ?? {};
  return {
    // A name and a pipeline that a person has changed stay; so does the stage, until the redemption is in another state.
    ...(before ? {} : { dealname: ['Voucher', campaign?.name, store?.name].filter(Boolean).join(', '), pipeline }),
    ...(before?.properties['voucher_status'] === status ? {} : { dealstage: status === 'REVERSED' ? reversedStage : redeemedStage }),
    ...(code === undefined ? {} : { voucher_code: code }),
    ...(campaign === undefined ? {} : { voucher_campaign: campaign.name }),
    ...(store === undefined ? {} : { voucher_store: store.name }),
    ...(redeemed === undefined ? {} : { closedate: redeemed.at }),
    ...currencyOf(ctx, currency),
    ...amountsOf(state, currency, ctx.money),
  };
}

/** What HubSpot has of these redemptions. The property by which it is asked may not be there yet; then there is nothing. */
async function known(ctx: HubSpotCtx, ids: readonly string[]): Promise<ReadonlyMap<string, CrmRecord>> {
  try {
    const deals = await read(ctx, DEALS, ids, [REDEMPTION_ID, ...STATE_PROPERTIES], REDEMPTION_ID);
    return new Map(deals.map((deal) => [deal.properties[REDEMPTION_ID] ?? '', deal]));
  } catch (cause) {
    if (!(cause instanceof CallError)) throw cause;
    if (cause.failure.code === 'NOT_FOUND') return new Map();
    if (cause.failure.code !== 'BAD_INPUT' || (await prepare(ctx, DEALS)).length === 0) throw cause;
    return new Map();
  }
}

const LOST: Failure = { code: 'BAD_REPLY', message: 'HubSpot did not say what became of the deal.', unknown: true };

interface Group {
  readonly jobs: readonly EventJob[];
  readonly line?: Line;
  readonly failed?: Failure;
}

function groupOf(ctx: HubSpotCtx, id: string, jobs: readonly EventJob[], before: CrmRecord | undefined): Group {
  try {
    const properties = propertiesOf(
      ctx,
      jobs.map(({ input }) => input),
      before,
    );
    return { jobs, line: { id, idProperty: REDEMPTION_ID, properties: { ...properties, [REDEMPTION_ID]: id } } };
  } catch (cause) {
    if (cause instanceof CallError) return { jobs, failed: cause.failure };
    if (cause instanceof RangeError)
      return { jobs, failed: { code: 'BAD_INPUT', message: `The amounts of the deal cannot be reckoned with: ${cause.message}` } };
    throw cause;
  }
}

/** Deals by the job that wants one. All events of one redemption are written in one line. */
export async function writeDeals(ctx: HubSpotCtx, jobs: readonly EventJob[]): Promise<ReadonlyMap<string, Written>> {
  const byRedemption = Map.groupBy(
    jobs.filter(({ input }) => redemptionOf(input) !== undefined),
    ({ input }) => redemptionOf(input) ?? '',
  );
  const before = await known(ctx, [...byRedemption.keys()]);
  const groups = [...byRedemption].map(([id, members]) => groupOf(ctx, id, members, before.get(id)));
  const ready = groups.filter((group) => group.line !== undefined);
  const written = await write(
    ctx,
    DEALS,
    ready.flatMap(({ line }) => line ?? []),
  );
  const results = new Map<Group, Written>(ready.map((group, index) => [group, written[index] ?? { failed: LOST }]));
  return new Map(
    groups.flatMap((group) => group.jobs.map(({ id }) => [id, results.get(group) ?? { failed: group.failed ?? LOST }] as const)),
  );
}
