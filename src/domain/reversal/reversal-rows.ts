import type pg from 'pg';
import type { AllocationShare } from '../decision/decision.types.ts';
import type { ReversalRecord } from '../redemption/redemption.types.ts';

/** `returned`: quantities by line, where it was made by unit. */
export async function writeReversal(
  client: pg.PoolClient,
  record: ReversalRecord,
  returned: readonly { readonly lineId: string; readonly quantity: string }[] | null,
): Promise<void> {
  await client.query(
    `insert into reversal (id, redemption_id, at, business_day, store_id, reason, amount, currency, allocations, units, moved, policy, priced)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      record.id,
      record.redemptionId,
      record.at,
      record.businessDay,
      record.storeId,
      record.reason,
      record.amount,
      record.currency,
      JSON.stringify(record.allocations),
      returned && JSON.stringify(Object.fromEntries(returned.map(({ lineId, quantity }) => [lineId, quantity]))),
      JSON.stringify(record.moved),
      record.policy,
      JSON.stringify(record.priced),
    ],
  );
}

interface Shares {
  readonly allocations: readonly AllocationShare[];
  readonly moved: readonly AllocationShare[];
}

/** What came back of each unit, and what moved; a unit that had no share gets one of 0, to which it moves. */
export async function writeShares(client: pg.PoolClient, redemptionId: string, { allocations, moved }: Shares): Promise<void> {
  if (allocations.length > 0)
    await client.query(
      `update allocation set returned = returned + share.amount from json_to_recordset($2::json) as share ("lineId" text, unit int, amount bigint)
       where redemption_id = $1 and line_id = share."lineId" and allocation.unit = share.unit`,
      [redemptionId, JSON.stringify(allocations)],
    );
  if (moved.length === 0) return;
  await client.query(
    `with share as (select * from json_to_recordset($2::json) as share ("lineId" text, unit int, "taxRate" numeric, amount bigint)),
          known as (update allocation set moved = moved + share.amount from share where redemption_id = $1 and line_id = share."lineId" and allocation.unit = share.unit
                    returning line_id, allocation.unit)
     insert into allocation (redemption_id, place, line_id, unit, tax_rate, amount, returned, moved)
     select $1, (select max(place) from allocation where redemption_id = $1) + row_number() over (), "lineId", unit, "taxRate", 0, 0, amount
     from share where ("lineId", unit) not in (select line_id, unit from known)`,
    [redemptionId, JSON.stringify(moved)],
  );
}
