import type pg from 'pg';
import { storableJson, storableText } from '../../domain/connection/storable.ts';
import type { FeedPosition } from '../../domain/feed/feed.types.ts';
import { FEEDS_CHANNEL, READABLE } from '../../domain/feed/feed-queue.ts';
import { deadOwners } from '../runner/worker-identity.ts';
import { type FactRow, topicOf } from './fact-rows.ts';

/** A reading that this process does, and nobody else. */
export interface ClaimedReading {
  readonly connectionId: string;
  /** Empty for what the schedule reads. */
  readonly backfillId: string;
  readonly feed: string;
  /** Empty where the feed is not read by location. */
  readonly location: string;
  readonly owner: number;
  readonly position: FeedPosition | null;
  readonly listed: readonly string[];
  readonly confirmed: Readonly<Record<string, number>>;
  readonly readUpTo: Date;
  readonly failures: number;
  readonly lastError: string | null;
}

/** What a page changes, all of it or nothing. */
export interface ReadPage {
  readonly position: FeedPosition | null;
  readonly listed: readonly string[];
  readonly confirmed: Readonly<Record<string, number>>;
  /** Null = as it was. */
  readonly readUpToMs: number | null;
  /** Windows that it brought to their end. */
  readonly windows: 0 | 1;
  readonly facts: readonly FactRow[];
  /** When the reading of the facts began. */
  readonly readAtMs: number;
}

/** `mine`: it is still this process that reads. `asked`: it is still to be read. `taken`: facts that were new. */
export interface KeptPage {
  readonly mine: boolean;
  readonly asked: boolean;
  readonly taken: number;
}

export interface SettledReading {
  readonly asked: boolean;
  readonly nextAtMs: number;
  readonly failures: number;
  readonly lastError: string | null;
  /** Null = as it was. */
  readonly lastReadAtMs: number | null;
  readonly ended: 'DONE' | 'FAILED' | null;
  /** The window under way begins anew: the mark of its next page may be good no more. */
  readonly fromFirstPage?: boolean;
}

const COLUMNS = `r.connection_id as "connectionId", r.backfill_id as "backfillId", r.feed, r.location, r.owner, r.position, r.listed, r.confirmed,
  r.read_up_to as "readUpTo", r.failures, r.last_error as "lastError"`;

const claimOf = (further: string): string => `
  with due as (
    select r.connection_id, r.backfill_id, r.feed, r.location from feed_reading r join connection c on c.id = r.connection_id
    where r.asked and r.owner is null and r.next_at <= $2 and c.status in ${READABLE} and ${further}
    order by r.next_at limit $3 for update of r skip locked)
  update feed_reading r set owner = $1 from due
  where (r.connection_id, r.backfill_id, r.feed, r.location) = (due.connection_id, due.backfill_id, due.feed, due.location) returning ${COLUMNS}`;

/** What the platform says now goes before what it once said. */
const LIVE_WORK = `select from notice n where n.connection_id = r.connection_id and n.state in ('PENDING', 'RUNNING') and not n.background and n.next_at <= $2`;
const CLAIM_LIVE = claimOf(`r.backfill_id = ''`);
const CLAIM_BACKFILL = claimOf(`r.backfill_id <> '' and not exists (${LIVE_WORK})`);

/**
 * A page in one statement: its facts go among the notices, and the position moves. A fact that says what this feed said of the resource last,
 * and no webhook since, is no news.
 */
const KEEP = `
  with fresh as (
    select f.* from rows from (jsonb_to_recordset($13::jsonb) as (lane text, location text, "contentHash" text, signal text, body jsonb))
      with ordinality as f (lane, location, hash, signal, body, place)
    left join lateral (
      select n.content_hash from notice n where n.connection_id = $1 and n.lane = f.lane and (n.topic = $12 or n.read_at is null)
      order by n.id desc limit 1) as known on true
    where f.hash is null or known.content_hash is distinct from f.hash),
  mine as (
    update feed_reading set position = $6::jsonb, listed = $7, confirmed = $8::jsonb, read_up_to = greatest(read_up_to, $9::timestamptz), failures = 0,
      windows_done = windows_done + $10, facts_taken = facts_taken + (select count(*) from fresh)
    where connection_id = $1 and backfill_id = $2 and feed = $3 and location = $4 and owner = $5 returning asked),
  stored as (
    insert into notice (connection_id, delivery_id, topic, location, lane, repeat_key, body, signed, background, content_hash, read_at, state, next_at, received_at)
    select $1, null, $12, fresh.location, lane, signal, body, true, $2 <> '', hash, $11, 'PENDING', $14, $14 from fresh where exists (select from mine)
    order by place on conflict (connection_id, repeat_key) do nothing returning id)
  select (select asked from mine) as asked, (select count(*)::int from stored) as taken`;

const SETTLE = `
  with settled as (
    update feed_reading set owner = null, asked = asked and $6, next_at = $7, failures = $8, last_error = $9, last_read_at = coalesce($10, last_read_at),
      ended = coalesce(ended, $11), position = case when $12 then position - 'page' - 'check' else position end
    where connection_id = $1 and backfill_id = $2 and feed = $3 and location = $4 and owner = $5 returning feed)
  select pg_notify('${FEEDS_CHANNEL}', case when $2 = '' then $1 else $2 end) from settled`;

const keyOf = ({ connectionId, backfillId, feed, location, owner }: ClaimedReading): (string | number)[] => [
  connectionId,
  backfillId,
  feed,
  location,
  owner,
];

export class ReadingStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** What was being read in a process that is no more. */
  async sweep(): Promise<void> {
    const dead = await deadOwners(this.#pool, 'feed_reading', 'true');
    if (dead.length > 0) await this.#pool.query('update feed_reading set owner = null where owner = any($1)', [dead]);
  }

  /** Of back-fills at most `forBackfills`, and only where nothing of the day waits. */
  async claim(owner: number, nowMs: number, room: number, forBackfills: number): Promise<readonly ClaimedReading[]> {
    const now = new Date(nowMs);
    const { rows: live } = await this.#pool.query<ClaimedReading>(CLAIM_LIVE, [owner, now, room]);
    const left = Math.min(forBackfills, room - live.length);
    if (left <= 0) return live;
    const { rows: past } = await this.#pool.query<ClaimedReading>(CLAIM_BACKFILL, [owner, now, left]);
    return [...live, ...past];
  }

  async keep(reading: ClaimedReading, page: ReadPage, nowMs: number): Promise<KeptPage> {
    const { rows } = await this.#pool.query<{ asked: boolean | null; taken: number }>({
      name: 'keep-page',
      text: KEEP,
      values: [
        ...keyOf(reading),
        page.position === null ? null : storableJson(page.position),
        page.listed.map(storableText),
        storableJson(page.confirmed),
        page.readUpToMs === null ? null : new Date(page.readUpToMs),
        page.windows,
        new Date(page.readAtMs),
        topicOf(reading.feed),
        storableJson(page.facts),
        new Date(nowMs),
      ],
    });
    const [row] = rows;
    return { mine: row?.asked != null, asked: row?.asked === true, taken: row?.taken ?? 0 };
  }

  /** Whoever waits for it hears of it. */
  async settle(reading: ClaimedReading, settled: SettledReading): Promise<void> {
    await this.#pool.query(SETTLE, [
      ...keyOf(reading),
      settled.asked,
      new Date(settled.nextAtMs),
      settled.failures,
      settled.lastError === null ? null : storableText(settled.lastError),
      settled.lastReadAtMs === null ? null : new Date(settled.lastReadAtMs),
      settled.ended,
      settled.fromFirstPage === true,
    ]);
  }

  /** Whether a back-fill has to make room: for what waits and is of today, and for what it has itself brought in. */
  async isBusy(connectionId: string, nowMs: number, mostOfItsOwn: number): Promise<boolean> {
    const { rows } = await this.#pool.query<{ live: number; past: number }>(
      `select count(*) filter (where not background)::int as live, count(*) filter (where background)::int as past
       from notice where connection_id = $1 and state in ('PENDING', 'RUNNING') and next_at <= $2`,
      [connectionId, new Date(nowMs)],
    );
    return (rows[0]?.live ?? 0) > 0 || (rows[0]?.past ?? 0) > mostOfItsOwn;
  }
}
