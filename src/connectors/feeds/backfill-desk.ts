import type { Feed } from '@valehub/connector-kit';
import type pg from 'pg';
import { inTransaction, isUniqueViolation } from '../../database/transaction.ts';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import { storableJson } from '../../domain/connection/storable.ts';
import { cancelBackfill } from '../../domain/feed/backfill-queue.ts';
import type { BackfillDraft, BackfillRecord, FeedPosition } from '../../domain/feed/feed.types.ts';
import { FEEDS_CHANNEL } from '../../domain/feed/feed-queue.ts';
import { type Clock, instantText } from '../../domain/shared/clock.ts';
import { conflict, notFound } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import { InputChecks, isStorable } from '../../domain/shared/input-checks.ts';
import type { ConnectionBook, LiveConnection } from '../connections/connection-book.ts';
import type { StoreSource } from '../runner/connector-runner.ts';
import { readBackfills } from './backfill-reader.ts';
import { feedClock } from './feed-clock.ts';
import { feedsOf, placesOf } from './feed-desk.ts';
import { firstWindow, type Span, windowsFrom } from './window.rules.ts';

interface Means {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly book: ConnectionBook;
  readonly stores: StoreSource;
}

/** One feed at one place, as a back-fill reads it. */
interface Part {
  readonly feed: string;
  readonly location: string;
  readonly position: FeedPosition | null;
  readonly windowsTotal: number;
  /** Where it begins: with a reach of the platform's, later than asked for. */
  readonly fromMs: number;
}

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 3_660;
/** As many as a page of them shows; they are made by hand. */
const MOST_SHOWN = 100;

/** Where an administrator has the past of a connection read. */
export class BackfillDesk {
  readonly #means: Means;

  constructor(means: Means) {
    this.#means = means;
  }

  /** BAD_USER_INPUT, NOT_FOUND; CONFLICT while another of the connection is running. */
  async start(actor: Actor, draft: BackfillDraft): Promise<BackfillRecord> {
    administratorsOnly(actor, 'have the past read');
    const { pool, clock, book } = this.#means;
    const live = await book.get(draft.connectionId);
    if (live === undefined) throw notFound('connection', draft.connectionId);
    const nowMs = clock.now();
    const span = spanOf(draft, nowMs);
    const feeds = chosenFeeds(draft, live);
    const parts = await this.#parts(live, feeds, span, nowMs);
    const id = newId('backfill', nowMs);
    const names = feeds.map(([name]) => name);
    const [from, to] = [instantText(span.fromMs), instantText(span.toMs)];
    try {
      await inTransaction(pool, async (client) => {
        await client.query(
          `insert into backfill (id, connection_id, feeds, from_at, to_at, state, created_at) values ($1, $2, $3, $4, $5, 'RUNNING', $6)`,
          [id, live.id, names, from, to, new Date(nowMs)],
        );
        await client.query(
          `insert into feed_reading (connection_id, backfill_id, feed, location, asked, next_at, position, listed, confirmed, read_up_to, windows_total, ended)
           select $1, $2, p.feed, p.location, false, $3, p.position, '{}', '{}', to_timestamp(p."fromMs" / 1000.0), p."windowsTotal",
             case when p."windowsTotal" = 0 then 'DONE' end
           from jsonb_to_recordset($4::jsonb) as p (feed text, location text, position jsonb, "windowsTotal" int, "fromMs" float8)`,
          [live.id, id, new Date(nowMs), storableJson(parts)],
        );
        const after = { connectionId: live.id, feeds: names, from, to };
        await writeAudit(client, { at: nowMs, actorId: actor.id, operation: 'startBackfill', subjectId: id, before: null, after });
        await client.query(`select pg_notify('${FEEDS_CHANNEL}', $1)`, [id]);
      });
    } catch (fault) {
      if (isUniqueViolation(fault)) throw conflict('A back-fill of this connection is running; wait for its end, or cancel it.');
      throw fault;
    }
    return this.#existing(id);
  }

  /** What was read stays. One that has ended stays as it ended. */
  async cancel(actor: Actor, id: string): Promise<BackfillRecord> {
    administratorsOnly(actor, 'have the past read');
    const { pool, clock } = this.#means;
    await this.#existing(id);
    const nowMs = clock.now();
    await inTransaction(pool, async (client) => {
      if (!(await cancelBackfill(client, id, nowMs))) return;
      const [before, after] = [{ state: 'RUNNING' }, { state: 'CANCELLED' }];
      await writeAudit(client, { at: nowMs, actorId: actor.id, operation: 'cancelBackfill', subjectId: id, before, after });
    });
    return this.#existing(id);
  }

  /** Null where there is none. */
  async backfill(id: string): Promise<BackfillRecord | null> {
    return isStorable(id) ? ((await readBackfills(this.#means.pool, { id }, 1))[0] ?? null) : null;
  }

  /** Of a connection, newest first; the newest hundred. */
  async backfills(connectionId: string): Promise<readonly BackfillRecord[]> {
    return isStorable(connectionId) ? readBackfills(this.#means.pool, { connectionId }, MOST_SHOWN) : [];
  }

  async #existing(id: string): Promise<BackfillRecord> {
    const record = await this.backfill(id);
    if (record === null) throw notFound('back-fill', id);
    return record;
  }

  async #parts(live: LiveConnection, feeds: readonly (readonly [string, Feed])[], span: Span, nowMs: number): Promise<readonly Part[]> {
    const parts: Part[] = [];
    for (const [name, feed] of feeds) {
      for (const location of placesOf(feed, live)) {
        const base = { feed: name, location, fromMs: span.fromMs };
        if (feed.by === 'cursor') parts.push({ ...base, position: null, windowsTotal: 1 });
        else {
          const first = firstWindow(feed, span, nowMs, await feedClock(this.#means.stores, live, location)) ?? null;
          parts.push({ ...base, position: first, windowsTotal: windowsFrom(feed, first ?? undefined) });
        }
      }
    }
    return parts;
  }
}

function spanOf({ days, from, to }: BackfillDraft, nowMs: number): Span {
  const checks = new InputChecks();
  if ((days === null) === (from === null)) checks.fault('input.days', 'Give either days or from.');
  if (days !== null) checks.integer('input.days', days, 1, LONGEST_DAYS);
  if (days !== null && to !== null) checks.fault('input.to', 'Goes with from only.');
  const toMs = to === null ? nowMs : Date.parse(to);
  const fromMs = from === null ? nowMs - (days ?? 0) * DAY_MS : Date.parse(from);
  if (toMs > nowMs) checks.fault('input.to', 'Must not be in the future.');
  else if (fromMs >= toMs) checks.fault('input.from', from === null ? 'Must be before to.' : 'Must be before to, and in the past.');
  if (fromMs < nowMs - LONGEST_DAYS * DAY_MS) checks.fault('input.from', `Must be within the last ${LONGEST_DAYS} days.`);
  checks.settle();
  return { fromMs, toMs };
}

function chosenFeeds({ feeds }: BackfillDraft, live: LiveConnection): readonly (readonly [string, Feed])[] {
  const offered = feedsOf(live.connector);
  const checks = new InputChecks();
  if (offered.length === 0) checks.fault('input.connectionId', 'Its connector has no feeds: nothing of the past can be read.');
  else if (feeds?.length === 0) checks.fault('input.feeds', 'Name at least one feed, or leave it out for all.');
  const names = offered.map(([name]) => name);
  for (const [index, name] of (feeds ?? []).entries())
    if (!names.includes(name)) checks.fault(`input.feeds[${index}]`, `There is no such feed; there are ${names.join(', ')}.`);
  checks.settle();
  const chosen = feeds === null ? offered : offered.filter(([name]) => feeds.includes(name));
  if (chosen.every(([, feed]) => placesOf(feed, live).length === 0)) {
    checks.fault('input.connectionId', 'Its feeds are read for each location, and its setting `locations` names none.');
    checks.settle();
  }
  return chosen;
}
