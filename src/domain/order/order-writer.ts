import type pg from 'pg';
import type { AppliedVoucher } from '../decision/decision.types.ts';
import { priceBasket } from '../decision/price.ts';
import { eventRow, insertEventsSql } from '../ledger/ledger-writer.ts';
import { businessDay } from '../shared/business-time.ts';
import { instantText } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { orderKey } from '../shared/order-key.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { Basket } from './basket.types.ts';
import { wentBefore } from './gone-orders.ts';
import type { Payment } from './order.entity.ts';
import type { OrderRecord, PlatformFigures } from './order.types.ts';
import { appliedTo } from './order-pricing.ts';

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

/** Whoever changes an order or what hangs on it waits for this, also where there is no row yet. $1: as `orderKey` gives it. */
const LOCK = 'select pg_advisory_xact_lock(hashtextextended($1, 8254033)) as held';

/**
 * Writes the row, and ORDER_RECORDED where it is PAID ($17) for the first time in its life, even if it was voided and paid again. $18: the
 * campaigns that it could earn vouchers of; $19: the event.
 */
const write = (only: string, onConflict: string): string => `
  with locked as materialized (${LOCK}),
  written as (
    insert into orders (id, source, external_id, revision, state, store_id, customer_id, business_day, placed_at, basket, payments, priced, content_hash, recorded_at, platform)
    select $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16 from locked where ${only}
    on conflict (source, external_id) ${onConflict}
    returning id),
  first as (
    insert into idempotency (scope, key, input_hash, answer, created_at)
    select 'orderRecorded', id, '', $18::jsonb, $15 from written where $17::boolean on conflict do nothing
    returning key),
  told as (${insertEventsSql('$19')} where exists (select from first))
  select id from written`;

const WRITE_NEW = write(
  `not exists (select from checkout where source = $3 and external_id = $4) and not ${wentBefore('$1')}`,
  'do nothing',
);
const WRITE = write(
  'true',
  `do update set revision = excluded.revision, state = excluded.state, store_id = excluded.store_id, customer_id = excluded.customer_id,
  business_day = excluded.business_day, placed_at = excluded.placed_at, basket = excluded.basket, payments = excluded.payments, priced = excluded.priced,
  content_hash = excluded.content_hash, platform = excluded.platform`,
);

/** An order that nobody has recorded, on which nothing was redeemed and that is not gone, in one statement; null where it is otherwise, and nothing was done. */
export async function writeNewOrder(
  run: Pick<pg.Pool, 'query'>,
  store: StoreTerms,
  content: OrderContent,
  now: number,
): Promise<OrderRecord | null> {
  const order = recordOf(store, content, null, [], now);
  const { rowCount } = await run.query({
    name: 'write-new-order',
    text: WRITE_NEW,
    values: rowOf(order, content, order.state === 'PAID', now),
  });
  return rowCount === 0 ? null : order;
}

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
  const { rows } = await client.query<LockedOrder>({
    name: 'order-to-write',
    text: `select ${ORDER_COLUMNS}, content_hash as "contentHash" from orders where source = $1 and external_id = $2 for update`,
    values: [source, externalId],
  });
  const known = rows[0];
  if (known && isOld(known, content)) {
    const { contentHash: _, ...order } = known;
    return { order, before: order, changed: false };
  }
  const order = recordOf(store, content, known ?? null, await appliedTo(client, source, externalId), now);
  const isFirstPaid = order.state === 'PAID' && known?.state !== 'PAID';
  await client.query({ name: 'write-order', text: WRITE, values: rowOf(order, content, isFirstPaid, now) });
  return { order, before: known ?? null, changed: true };
}

function recordOf(
  store: StoreTerms,
  content: OrderContent,
  known: OrderRecord | null,
  applied: readonly AppliedVoucher[],
  now: number,
): OrderRecord {
  const { source, externalId } = content.basket;
  return {
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
    priced: priceBasket(content.basket, store, applied),
    platform: content.platform ?? known?.platform ?? null,
  };
}

/** The values of `write`. */
const rowOf = (order: OrderRecord, { contentHash, campaigns }: OrderContent, isFirstPaid: boolean, now: number): unknown[] => [
  orderKey(order.source, order.externalId),
  order.id,
  order.source,
  order.externalId,
  order.revision,
  order.state,
  order.storeId,
  order.customerId,
  order.businessDay,
  order.placedAt,
  JSON.stringify(order.basket),
  JSON.stringify(order.payments),
  JSON.stringify(order.priced),
  contentHash,
  instantText(now),
  order.platform && JSON.stringify(order.platform),
  isFirstPaid,
  JSON.stringify(campaigns ? { campaigns } : {}),
  JSON.stringify([eventRow(recordedEvent(order, now))]),
];

/** Until the transaction ends. */
export async function lockOrder(client: pg.PoolClient, source: string, externalId: string): Promise<void> {
  await client.query({ name: 'lock-order', text: LOCK, values: [orderKey(source, externalId)] });
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

export async function readOrder(run: Pick<pg.Pool, 'query'>, source: string, externalId: string): Promise<OrderRecord | null> {
  const { rows } = await run.query<OrderRecord>({
    name: 'order-by-external-id',
    text: `select ${ORDER_COLUMNS} from orders where source = $1 and external_id = $2`,
    values: [source, externalId],
  });
  return rows[0] ?? null;
}

export async function readOrdersById(run: Pick<pg.Pool, 'query'>, ids: readonly string[]): Promise<OrderRecord[]> {
  const { rows } = await run.query<OrderRecord>(`select ${ORDER_COLUMNS} from orders where id = any($1)`, [ids]);
  return rows;
}
