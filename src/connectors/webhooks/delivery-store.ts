import type { Delivery } from '@valehub/connector-kit';
import type pg from 'pg';
import { storableJson } from '../../domain/connection/storable.ts';
import { newId } from '../../domain/shared/ids.ts';
import type { SortedNotice } from './routing.ts';

/** Told when something came in at a process that works no notices itself. */
export const DELIVERIES_CHANNEL = 'valehub_deliveries';

/** What came in at a connection's address, or an App's, verified and split. */
export interface Arrival {
  readonly connectionId: string | null;
  readonly appId: string | null;
  readonly delivery: Delivery;
  readonly raw: Uint8Array;
  readonly notices: readonly SortedNotice[];
  /** Of a delivery that is kept already. */
  readonly deliveryId?: string;
  /** Nobody works in this process. */
  readonly tellOthers: boolean;
}

const STORE = `
  with new_notice as (
    insert into notice (connection_id, app_id, delivery_id, topic, account, location, lane, repeat_key, body, signed, state, reason, next_at, received_at, settled_at)
    select n.connection_id, $11, $1, n.topic, n.account, n.location, n.lane, n.repeat_key, n.body, $7, n.state, n.reason, $8, $8, case when n.state = 'PENDING' then null else $8::timestamptz end
    from rows from (jsonb_to_recordset($9::jsonb) as (connection_id text, topic text, account text, location text, lane text, repeat_key text, body jsonb, state text, reason text))
      with ordinality as n (connection_id, topic, account, location, lane, repeat_key, body, state, reason, place)
    order by n.place
    on conflict do nothing returning id),
  stored as (
    insert into webhook_delivery (id, connection_id, app_id, method, headers, query, body, received_at)
    select $1, $2, $11, $3, $4::jsonb, $5::jsonb, $6, $8 where exists (select from new_notice) on conflict (id) do nothing returning id)
  select (select count(*) from new_notice) as taken, (select pg_notify('${DELIVERIES_CHANNEL}', '') from stored where $10)`;

/**
 * Keeps the new notices of a delivery, and the delivery itself where it brought any: one statement, so all of it or nothing.
 * Resolves with how many were new once it is on disk.
 */
export async function storeArrival(pool: pg.Pool, arrival: Arrival, nowMs: number): Promise<number> {
  const { connectionId, appId, delivery, raw, notices, tellOthers } = arrival;
  if (notices.length === 0) return 0;
  const id = arrival.deliveryId ?? newId('webhookDelivery', nowMs);
  const rows = notices.map((sorted, index) => noticeRow(sorted, `${id} ${index}`, appId !== null));
  const {
    rows: [row],
  } = await pool.query<{ taken: number }>({
    name: 'store-delivery',
    text: STORE,
    values: [
      id,
      connectionId,
      delivery.method,
      storableJson(delivery.headers),
      storableJson(delivery.query),
      Buffer.from(raw),
      delivery.signed,
      new Date(nowMs),
      storableJson(rows),
      tellOthers,
      appId,
    ],
  });
  return row?.taken ?? 0;
}

/**
 * The platform's keys and those of signals must not meet, nor behind an App those of two accounts: there a repeat is known whether its
 * account was connected in between or not. A signal's key is let go when it is begun (notice-store.ts).
 */
function noticeRow({ notice, connectionId, state, reason }: SortedNotice, ownLane: string, behindApp: boolean): Record<string, unknown> {
  const resource = notice.resource === undefined ? null : `${notice.resource[0]} ${notice.resource[1]}`;
  const signal = JSON.stringify([notice.topic, notice.account ?? null, notice.location ?? null, resource]);
  const key = (own: string): string => `key ${behindApp ? JSON.stringify([notice.account ?? null, own]) : own}`;
  return {
    connection_id: connectionId,
    topic: notice.topic,
    account: notice.account,
    location: notice.location,
    lane: resource ?? ownLane,
    repeat_key: notice.repeat === 'signal' ? `signal ${signal}` : key(notice.repeat.key),
    body: notice,
    state,
    reason,
  };
}
