import type pg from 'pg';
import type { BackfillRecord, BackfillState } from '../../domain/feed/feed.types.ts';

interface Row extends Omit<BackfillRecord, 'from' | 'to' | 'createdAt' | 'endedAt'> {
  readonly fromAt: Date;
  readonly toAt: Date;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly state: BackfillState;
}

const READ = `
  select b.id, b.connection_id as "connectionId", b.feeds, b.from_at as "fromAt", b.to_at as "toAt", b.state, b.created_at as "createdAt", b.ended_at as "endedAt",
    coalesce(p.total, 0)::int as "windowsTotal", coalesce(p.done, 0)::int as "windowsDone", coalesce(p.facts, 0)::int as "factsTaken", p.error as "lastError"
  from backfill b left join lateral (
    select sum(windows_total) as total, sum(least(windows_done, windows_total)) as done, sum(facts_taken) as facts,
      max(last_error) filter (where ended is distinct from 'DONE') as error
    from feed_reading where backfill_id = b.id) p on true
  where ($1::text is null or b.id = $1) and ($2::text is null or b.connection_id = $2) order by b.created_at desc, b.id desc limit $3`;

/** Back-fills with how far they have come, newest first. */
export async function readBackfills(
  pool: pg.Pool,
  which: { readonly id: string } | { readonly connectionId: string },
  most: number,
): Promise<readonly BackfillRecord[]> {
  const { rows } = await pool.query<Row>(READ, [
    'id' in which ? which.id : null,
    'connectionId' in which ? which.connectionId : null,
    most,
  ]);
  return rows.map(({ fromAt, toAt, createdAt, endedAt, ...row }) => ({
    ...row,
    from: fromAt.toISOString(),
    to: toAt.toISOString(),
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  }));
}
