import { countOf, finding } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

const advice = 'Without the version a redemption can no longer be explained. Put the row back as it is in the last backup.';

const missing = (table: string, id: string, version: string, from: string): string =>
  `${finding({ table, id, expected: `'version ' || ${version} || ' kept'`, found: "'none'" })} from ${from}`;

export const versionChecks: readonly SqlCheck[] = [
  {
    name: 'versions',
    kind: 'sql',
    promises:
      'Every version of a campaign or store by which something was decided or promised is kept, and the newest is the one that holds.',
    advice,
    of: 'select (select count(*) from campaign_version) + (select count(*) from store_version) as n',
    sql: `${missing(
      'campaign_version',
      "concat(named.id, ' ', named.version)",
      'named.version',
      `(
        select campaign_id as id, campaign_version as version from redemption union select campaign_id, terms_version from voucher where terms_version is not null union select id, version from campaign) named
        left join campaign_version kept on kept.campaign_id = named.id and kept.version = named.version where kept.version is null`,
    )}
      union all ${missing(
        'store_version',
        "concat(named.id, ' ', named.version)",
        'named.version',
        `(select store_id as id, store_version as version from checkout where store_version is not null union select id, version from store) named
        left join store_version kept on kept.store_id = named.id and kept.version = named.version where kept.version is null`,
      )}
      union all ${finding({ table: 'campaign_version', id: "concat(campaign_id, ' ', kept.version)", expected: "'a campaign of that version or a later one'", found: "coalesce('version ' || campaign.version, 'none')" })}
      from campaign_version kept left join campaign on campaign.id = campaign_id where campaign.version is null or campaign.version < kept.version
      union all ${finding({ table: 'store_version', id: "concat(store_id, ' ', kept.version)", expected: "'a store of that version or a later one'", found: "coalesce('version ' || store.version, 'none')" })}
      from store_version kept left join store on store.id = store_id where store.version is null or store.version < kept.version`,
  },
  {
    name: 'checkouts',
    kind: 'sql',
    promises: 'Every redemption belongs to a redeem of its order, store, customer and day, and every redeem has redemptions.',
    advice: 'Compare the redeem with its redemptions, which the ledger has one by one; keep a copy before anything is mended.',
    of: countOf('checkout'),
    sql: `${finding({
      table: 'checkout',
      id: 'coalesce(checkout.id, checkout_id)',
      expected:
        "case when checkout.id is null then 'a redeem' when redemption.id is null then 'a redemption' else concat_ws(' ', source, external_id, checkout.store_id, checkout.customer_id, checkout.business_day) end",
      found:
        "case when checkout.id is null or redemption.id is null then 'none' else concat_ws(' ', order_source, order_external_id, redemption.store_id, redemption.customer_id, redemption.business_day) || ' in ' || redemption.id end",
    })} from checkout full join redemption on checkout_id = checkout.id
      where (source, external_id, checkout.store_id, checkout.customer_id, checkout.business_day, checkout.created_at) is distinct from (order_source, order_external_id, redemption.store_id, redemption.customer_id, redemption.business_day, redeemed_at)
      union all ${finding({ table: 'checkout', id: "concat(source, ' ', external_id)", expected: "'redeems 0 to ' || count(*) - 1", found: "'0 to ' || max(sequence)" })} from checkout group by source, external_id having max(sequence) <> count(*) - 1`,
  },
];
