import type pg from 'pg';

/** A payload is the id of a connection, or of a back-fill, of which something was read; an empty one says that there is work. */
export const FEEDS_CHANNEL = 'valehub_feeds';

/** Connections whose feeds are read. */
export const READABLE = `('ACTIVE', 'NEEDS_ATTENTION')`;

export interface AskedFeed {
  readonly connectionId: string;
  readonly feed: string;
  /** Read once for each location that the connection's settings name. */
  readonly byLocation: boolean;
}

const ASK = `
  with place as (
    select c.id, coalesce(l.location, '') as location
    from connection c left join lateral jsonb_object_keys(c.settings -> 'locations') as l (location) on $3::boolean
    where c.id = $1 and c.status in ${READABLE} and (l.location is not null or not $3::boolean)),
  asked as (
    insert into feed_reading (connection_id, backfill_id, feed, location, asked, next_at, listed, confirmed, read_up_to)
    select id, '', $2, location, true, $4, '{}', '{}', $4 from place
    on conflict (connection_id, backfill_id, feed, location) do update set asked = true where not feed_reading.asked and feed_reading.next_at <= $4
    returning feed)
  select (select count(*)::int from place) as places, (select pg_notify('${FEEDS_CHANNEL}', '') from asked limit 1)`;

/**
 * Asks for a feed to be read up to now, at all its locations; one that has to wait before it is tried again is left alone.
 * A feed that nobody asked for before is read from now on. Gives at how many places it is read.
 */
export async function askFeed(pool: pg.Pool, { connectionId, feed, byLocation }: AskedFeed, nowMs: number): Promise<number> {
  const { rows } = await pool.query<{ places: number }>(ASK, [connectionId, feed, byLocation, new Date(nowMs)]);
  return rows[0]?.places ?? 0;
}

/** At how many places a feed is still to be read (a paused connection's is not waited for), and at how many it could not be read last. */
export async function feedOutcome(
  pool: pg.Pool,
  connectionId: string,
  feed: string,
): Promise<{ readonly asked: number; readonly failed: number }> {
  const { rows } = await pool.query<{ asked: number; failed: number }>(
    `select count(*) filter (where r.asked and c.status in ${READABLE})::int as asked, count(*) filter (where r.last_error is not null)::int as failed
     from feed_reading r join connection c on c.id = r.connection_id where r.connection_id = $1 and r.backfill_id = '' and r.feed = $2`,
    [connectionId, feed],
  );
  return rows[0] ?? { asked: 0, failed: 0 };
}

/** What had to wait because a person had to act need wait no longer. */
export async function hurryFeeds(pool: pg.Pool, connectionId: string, nowMs: number): Promise<void> {
  await pool.query(
    `update feed_reading set next_at = $2, failures = 0 where connection_id = $1 and backfill_id = '' and owner is null and next_at > $2`,
    [connectionId, new Date(nowMs)],
  );
}
