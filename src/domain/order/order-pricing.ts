import type pg from 'pg';
import type { AppliedVoucher } from '../decision/decision.types.ts';
import { priceBasket } from '../decision/price.ts';
import { lockOrders } from '../redemption/batch-locks.ts';
import type { RedemptionRecord } from '../redemption/redemption.types.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { Basket } from './basket.types.ts';
import type { OrderRecord } from './order.types.ts';

// What an order comes to, as it is stored, when what its vouchers give has changed.

/** Moves a discount between the platform and the vouchers that stand on the order, unless a newer revision was written meanwhile. */
export async function repriceOrder(client: pg.PoolClient, store: StoreTerms, order: OrderRecord, basket: Basket): Promise<void> {
  // Reversals of it wait, or are waited for: none may fall between reading what stands and writing it.
  await lockOrders(client, [order]);
  const priced = priceBasket(basket, store, await appliedTo(client, order.source, order.externalId));
  await client.query({
    name: 'reprice-order',
    text: 'update orders set basket = $3, priced = $4 where id = $1 and revision is not distinct from $2 and (basket, priced) is distinct from ($3::jsonb, $4::jsonb)',
    values: [order.id, order.revision, JSON.stringify(basket), JSON.stringify(priced)],
  });
}

/**
 * As `repriceOrder`, in one statement, on an order on which nothing but this was ever redeemed. False where the order or one of its redemptions was changed
 * meanwhile, or another was made; then nothing was done.
 */
export async function repriceNewOrder(
  run: Pick<pg.Pool, 'query'>,
  store: StoreTerms,
  { order, contentHash, basket }: { readonly order: OrderRecord; readonly contentHash: string; readonly basket: Basket },
  redemptions: readonly RedemptionRecord[],
): Promise<boolean> {
  const made = redemptions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const priced = priceBasket(
    basket,
    store,
    made.map(({ kind, amount, allocations = [] }) => ({ kind, amount, allocations })),
  );
  const { rowCount } = await run.query({
    name: 'reprice-new-order',
    text: REPRICE_NEW,
    values: [
      order.id,
      contentHash,
      JSON.stringify(basket),
      JSON.stringify(priced),
      made.map(({ id }) => id),
      order.source,
      order.externalId,
      new Set(made.map(({ checkoutId }) => checkoutId)).size,
    ],
  });
  return rowCount === 1;
}

/** Locked, so as they are and not as they were when the statement began. */
const REPRICE_NEW = `
  with standing as materialized (
    select reversed from unnest($5::text[]) as made (id), lateral (select reversed from redemption where redemption.id = made.id for update) redemption)
  update orders set basket = $3, priced = $4
  where id = $1 and content_hash = $2
    and (select count(*) from standing where reversed = 0) = cardinality($5::text[])
    and (select count(*) from checkout where source = $6 and external_id = $7) = $8::int`;

/** What the order's redemptions still give. */
export async function appliedTo(run: Pick<pg.Pool, 'query'>, source: string, externalId: string): Promise<AppliedVoucher[]> {
  const { rows } = await run.query<AppliedVoucher>({
    name: 'applied-to-order',
    text: `select kind, amount - reversed as amount,
       (select coalesce(json_agg(json_build_object('lineId', line_id, 'unit', unit, 'amount', allocation.amount + moved - returned) order by place), '[]') from allocation where redemption_id = redemption.id) as allocations
     from checkout join redemption on checkout_id = checkout.id where source = $1 and external_id = $2 and not undone order by redemption.id`,
    values: [source, externalId],
  });
  return rows;
}
