import type pg from 'pg';
import type { AppliedVoucher } from '../decision/decision.types.ts';
import { priceBasket } from '../decision/price.ts';
import { writeEvents } from '../ledger/ledger-writer.ts';
import { lockOrders } from '../redemption/batch-locks.ts';
import { businessDay } from '../shared/business-time.ts';
import { instantText } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { Basket } from './basket.types.ts';
import type { Payment } from './order.entity.ts';
import type { OrderRecord, PlatformFigures } from './order.types.ts';

export interface OrderContent {
  readonly revision: number | null;
  readonly state: OrderRecord['state'];
  readonly basket: Basket;
  readonly customerId: string | null;
  readonly placedAt: number;
  readonly payments: readonly Payment[];
  readonly platform?: PlatformFigures;
  readonly contentHash: string;
  /** A caller's revision has to be above the stored one; a platform's only must not be below: two changes may share a millisecond. */
  readonly sameRevisionMayDiffer?: boolean;
  /** Campaigns whose vouchers it could earn, kept when it is first PAID: what begins later gives nothing for it. */
  readonly campaigns?: readonly string[];
}

const ORDER_COLUMNS = `
  id, source, external_id as "externalId", revision, state, store_id as "storeId", customer_id as "customerId", business_day as "businessDay",
  to_char(placed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "placedAt", basket, payments, priced, platform`;

type LockedOrder = OrderRecord & { readonly contentHash: string };

/**
 * Writes an order in the caller's transaction, whose first statement this must be for the order: twins wait here.
 * A revision not above the stored one, and the same body again, change nothing. ORDER_RECORDED is written once, when it is first PAID.
 */
export async function writeOrder(
  client: pg.PoolClient,
  store: StoreTerms,
  content: OrderContent,
  now: number,
): Promise<{ order: OrderRecord; before: OrderRecord | null; changed: boolean }> {
  const { source, externalId } = content.basket;
  await lockOrder(client, source, externalId);
  const { rows } = await client.query<LockedOrder>(
    `select ${ORDER_COLUMNS}, content_hash as "contentHash" from orders where source = $1 and external_id = $2 for update`,
    [source, externalId],
  );
  const known = rows[0];
  if (known && isOld(known, content)) {
    const { contentHash: _, ...order } = known;
    return { order, before: order, changed: false };
  }
  const order: OrderRecord = {
    id: known?.id ?? newId('order', now),
    source,
    externalId,
    revision: content.revision ?? known?.revision ?? null,
    state: content.state,
    storeId: store.id,
    customerId: content.customerId ?? known?.customerId ?? null,
    businessDay: businessDay(content.placedAt, store),
    placedAt: instantText(content.placedAt),
    basket: content.basket,
    payments: content.payments,
    priced: priceBasket(content.basket, store, await appliedTo(client, source, externalId)),
    platform: content.platform ?? known?.platform ?? null,
  };
  await client.query(
    `insert into orders (id, source, external_id, revision, state, store_id, customer_id, business_day, placed_at, basket, payments, priced, content_hash, recorded_at, platform)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     on conflict (source, external_id) do update set revision = excluded.revision, state = excluded.state, store_id = excluded.store_id, customer_id = excluded.customer_id, business_day = excluded.business_day,
       placed_at = excluded.placed_at, basket = excluded.basket, payments = excluded.payments, priced = excluded.priced, content_hash = excluded.content_hash, platform = excluded.platform`,
    [
      order.id,
      source,
      externalId,
      order.revision,
      order.state,
      order.storeId,
      order.customerId,
      order.businessDay,
      order.placedAt,
      JSON.stringify(order.basket),
      JSON.stringify(order.payments),
      JSON.stringify(order.priced),
      content.contentHash,
      instantText(now),
      order.platform && JSON.stringify(order.platform),
    ],
  );
  if (order.state === 'PAID' && known?.state !== 'PAID' && !(await wasRecorded(client, order.id, content, now)))
    await writeEvents(client, [recordedEvent(order, now)]);
  return { order, before: known ?? null, changed: true };
}

/** Whoever changes an order or what hangs on it waits here, also where there is no row yet. */
export async function lockOrder(client: pg.PoolClient, source: string, externalId: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 8254033))', [JSON.stringify([source, externalId])]);
}

function isOld(known: LockedOrder, content: OrderContent): boolean {
  if (
    content.revision !== null &&
    known.revision !== null &&
    (content.sameRevisionMayDiffer ? content.revision < known.revision : content.revision <= known.revision)
  )
    return true;
  return known.contentHash === content.contentHash;
}

/** Moves a discount between the platform and the vouchers that stand on the order, unless a newer revision was written meanwhile. */
export async function repriceOrder(client: pg.PoolClient, store: StoreTerms, order: OrderRecord, basket: Basket): Promise<void> {
  // Reversals of it wait, or are waited for: none may fall between reading what stands and writing it.
  await lockOrders(client, [order]);
  const priced = priceBasket(basket, store, await appliedTo(client, order.source, order.externalId));
  await client.query(
    'update orders set basket = $3, priced = $4 where id = $1 and revision is not distinct from $2 and (basket, priced) is distinct from ($3::jsonb, $4::jsonb)',
    [order.id, order.revision, JSON.stringify(basket), JSON.stringify(priced)],
  );
}

/** Once in the life of an order, even if it was voided and paid again. */
async function wasRecorded(client: pg.PoolClient, orderId: string, { campaigns }: OrderContent, now: number): Promise<boolean> {
  const { rowCount } = await client.query(
    "insert into idempotency (scope, key, input_hash, answer, created_at) values ('orderRecorded', $1, '', $2, $3) on conflict do nothing",
    [orderId, JSON.stringify(campaigns ? { campaigns } : {}), instantText(now)],
  );
  return rowCount === 0;
}

const recordedEvent = (order: OrderRecord, now: number) =>
  ({
    type: 'ORDER_RECORDED',
    at: instantText(now),
    businessDay: order.businessDay,
    storeId: order.storeId,
    amount: order.priced.due,
    currency: order.priced.currency,
    data: {
      orderId: order.id,
      order: { source: order.source, externalId: order.externalId },
      channel: order.basket.channel,
      lines: order.basket.lines.length,
    },
    customerId: order.customerId,
    orderSource: order.source,
    orderExternalId: order.externalId,
  }) as const;

/** What the order's redemptions still give. */
async function appliedTo(run: Pick<pg.Pool, 'query'>, source: string, externalId: string): Promise<AppliedVoucher[]> {
  const { rows } = await run.query<AppliedVoucher>(
    `select kind, amount - reversed as amount,
       (select coalesce(json_agg(json_build_object('lineId', line_id, 'unit', unit, 'amount', allocation.amount + moved - returned) order by place), '[]') from allocation where redemption_id = redemption.id) as allocations
     from checkout join redemption on checkout_id = checkout.id where source = $1 and external_id = $2 and not undone order by redemption.id`,
    [source, externalId],
  );
  return rows;
}

export async function readOrder(run: Pick<pg.Pool, 'query'>, source: string, externalId: string): Promise<OrderRecord | null> {
  const { rows } = await run.query<OrderRecord>(`select ${ORDER_COLUMNS} from orders where source = $1 and external_id = $2`, [
    source,
    externalId,
  ]);
  return rows[0] ?? null;
}

export async function readOrdersById(run: Pick<pg.Pool, 'query'>, ids: readonly string[]): Promise<OrderRecord[]> {
  const { rows } = await run.query<OrderRecord>(`select ${ORDER_COLUMNS} from orders where id = any($1)`, [ids]);
  return rows;
}
