import type pg from 'pg';
import type { VersionContent } from '../campaign/campaign-version.entity.ts';
import { ownersOf } from '../decision/counters.ts';
import type { CampaignTerms } from '../decision/decision.types.ts';
import type { StandingVoucher } from '../decision/rest.ts';
import type { OrderAround, RedeemedTerms } from '../decision/reversal-policy.ts';
import { basketFrom } from '../redemption/stored-basket.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { LockedRedemption } from './reversal-writer.ts';

/** What was returned of a redemption by unit, by line; for a query over `redemption`. */
export const RETURNED = `
  (select coalesce(jsonb_object_agg(line, quantity), '{}') from
    (select line, trim_scale(sum(quantity::numeric))::text as quantity from reversal, jsonb_each_text(coalesce(units, '{}')) as unit (line, quantity)
     where redemption_id = redemption.id group by line) returned) as returned`;

/** The shares that stand decide what others are left with: all redemptions of the order wait for one another. */
export async function lockOrder(client: pg.PoolClient, redemptionIds: readonly string[]): Promise<void> {
  await client.query(
    `select from redemption where checkout_id in (
       select other.id from redemption join checkout on checkout.id = checkout_id join checkout other on other.source = checkout.source and other.external_id = checkout.external_id
       where redemption.id = any($1::text[]))
     order by id for update`,
    [redemptionIds],
  );
}

/**
 * By which terms a redemption is judged: those of the version it was redeemed under, of an issued voucher those it was promised.
 * `live`: for what was redeemed before versions were kept.
 */
export async function readRedeemedTerms(
  client: pg.PoolClient,
  redemption: LockedRedemption,
  live: CampaignTerms | undefined,
): Promise<RedeemedTerms> {
  const promise = redemption.inputs?.promises?.[redemption.code];
  const { rows } = await client.query<{ own: VersionContent; main: VersionContent | null }>(
    `select own.content as own, main.content as main
     from (select content from campaign_version where campaign_id = $1 order by version > $2, abs(version - $2) limit 1) own
       left join lateral (
         select content from campaign_version, (select coalesce($3::int, ($4::jsonb ->> (own.content ->> 'parentId'))::int, (own.content ->> 'mainVersion')::int, 1) as best) wanted
         where campaign_id = own.content ->> 'parentId' order by version > best, abs(version - best) limit 1) main on true`,
    [
      redemption.campaignId,
      promise?.version ?? redemption.campaignVersion,
      promise?.mainVersion ?? null,
      JSON.stringify(redemption.inputs?.mains ?? {}),
    ],
  );
  const found = rows[0];
  if (found) {
    const { own, main } = found;
    return {
      incentive: own.incentive,
      conditions: main ? [own.conditions, main.conditions] : [own.conditions],
      reversalPolicy: own.reversalPolicy,
    };
  }
  if (!live) throw new Error(`Campaign ${redemption.campaignId} is not in the snapshot.`);
  return { incentive: live.incentive, conditions: ownersOf(live).map(({ conditions }) => conditions), reversalPolicy: live.reversalPolicy };
}

/** The order as it was redeemed on, by the store as it was then, with its other vouchers that stand. */
export async function readOrderAround(client: pg.PoolClient, redemption: LockedRedemption, live: StoreTerms): Promise<OrderAround> {
  const { rows: others } = await client.query<StandingVoucher & { earlier: boolean }>(
    `select kind, amount - reversed as amount, (checkout.sequence, step) < ($4, $5) as earlier, ${RETURNED},
       (select coalesce(json_agg(json_build_object('lineId', line_id, 'unit', unit, 'amount', allocation.amount + moved - returned) order by place), '[]') from allocation where redemption_id = redemption.id) as allocations
     from checkout join redemption on checkout_id = checkout.id
     where source = $1 and external_id = $2 and redemption.id <> $3 and not undone order by checkout.sequence, step`,
    [redemption.orderSource, redemption.orderExternalId, redemption.id, redemption.sequence, redemption.step],
  );
  const { rows: versions } = await client.query<{ content: Omit<StoreTerms, 'id' | 'version'> }>(
    'select content from store_version where store_id = $1 and version = $2',
    [redemption.storeId, redemption.storeVersion],
  );
  return {
    basket: basketFrom(redemption.basket, { ...redemption, source: redemption.orderSource, externalId: redemption.orderExternalId }),
    store: { ...live, ...versions[0]?.content },
    before: others.filter(({ earlier }) => earlier),
    after: others.filter(({ earlier }) => !earlier),
  };
}
