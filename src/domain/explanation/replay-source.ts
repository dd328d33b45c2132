import type pg from 'pg';
import type { AllocationShare, CounterUse, PricedBasket } from '../decision/decision.types.ts';
import type { RedemptionRecord } from '../redemption/redemption.types.ts';
import { INSTANT, REDEMPTION_COLUMNS, readAllocations } from '../redemption/redemption-reader.ts';
import type { StoredBasket } from '../redemption/stored-basket.ts';
import type { StoredInputs } from '../redemption/stored-inputs.ts';
import type { StoreVersion } from '../store/store-version.entity.ts';

type Runner = Pick<pg.Pool, 'query'>;

/** A granted redeem as it was written. */
export interface StoredCheckout {
  readonly id: string;
  readonly source: string;
  readonly externalId: string;
  readonly storeId: string;
  readonly customerId: string | null;
  readonly businessDay: string;
  readonly basket: StoredBasket;
  readonly priced: PricedBasket;
  /** RFC 3339 */
  readonly placedAt: string;
  readonly createdAt: string;
  readonly actorId: string | null;
  readonly storeVersion: number | null;
  readonly ruleVersion: number;
  readonly inputs: StoredInputs | null;
}

export type StoredRedemption = RedemptionRecord & {
  readonly allocations: readonly AllocationShare[];
  /** What the rules reckoned where something else was booked. */
  readonly reckoned: number | null;
  readonly step: number;
  readonly tillId: string | null;
  readonly taken: readonly CounterUse[];
};

export interface ReplaySource {
  readonly checkout: StoredCheckout;
  /** In order of application. */
  readonly redemptions: readonly [StoredRedemption, ...StoredRedemption[]];
}

/** The redeem that this redemption belongs to; null: there is none. */
export async function readSource(run: Runner, redemptionId: string): Promise<ReplaySource | null> {
  const { rows: checkouts } = await run.query<StoredCheckout>(
    `select id, source, external_id as "externalId", store_id as "storeId", customer_id as "customerId", business_day as "businessDay", basket, priced,
            ${INSTANT('placed_at')} as "placedAt", ${INSTANT('created_at')} as "createdAt", actor_id as "actorId", store_version as "storeVersion", rule_version as "ruleVersion", inputs
     from checkout where id = (select checkout_id from redemption where id = $1)`,
    [redemptionId],
  );
  const checkout = checkouts[0];
  if (!checkout) return null;
  const { rows } = await run.query<Omit<StoredRedemption, 'allocations'>>(
    `select ${REDEMPTION_COLUMNS}, reckoned, step, till_id as "tillId", taken from redemption where checkout_id = $1 order by step`,
    [checkout.id],
  );
  const allocations = await readAllocations(
    run,
    rows.map((row) => row.id),
  );
  const [first, ...others] = rows.map((row) => ({ ...row, allocations: allocations.get(row.id) ?? [] }));
  return first ? { checkout, redemptions: [first, ...others] } : null;
}

/** That version of a store; the oldest known where it is not told. */
export async function readStoreVersion(
  run: Runner,
  id: string,
  version: number | null,
): Promise<Pick<StoreVersion, 'version' | 'content'> | null> {
  const { rows } = await run.query<Pick<StoreVersion, 'version' | 'content'>>(
    'select version, content from store_version where store_id = $1 and ($2::int is null or version = $2) order by version limit 1',
    [id, version],
  );
  return rows[0] ?? null;
}
