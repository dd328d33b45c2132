import type pg from 'pg';
import type { BatchRange, PatternRecord } from './code-space.ts';

/** What came since a reading, and where the next one goes on from. */
export interface CodeChanges {
  /** The oldest transaction that was under way: what it or a later one changes is read next time. */
  readonly horizon: string;
  readonly batches: readonly BatchRange[];
  readonly patterns: readonly PatternRecord[];
}

/** Before everything: the first reading is of all there is. */
export const BEGINNING = '0';

/**
 * Transactions may be committed in another order than they began, so a reading goes on from the oldest that was under way at the last one; what
 * it reads again is known already. `changed >= xmax` on a visible row means that it was restored from another cluster's dump: it was read at
 * the beginning. Patterns are made one after the other, so their numbers tell which are new.
 */
const CHANGES = `
  select pg_snapshot_xmin(pg_current_snapshot())::text as horizon,
    (select coalesce(json_agg(json_build_object('id', id, 'campaignId', campaign_id, 'patternId', pattern_id, 'firstIndex', first_index, 'count', count)), '[]')
     from code_batch where changed >= $1::xid8 and ($1 = '${BEGINNING}' or changed < pg_snapshot_xmax(pg_current_snapshot()))) as batches,
    (select coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'prefix', prefix, 'length', length, 'alphabet', alphabet, 'checkCharacter', check_character)), '[]')
     from code_pattern where id > $2) as patterns`;

/** `lastPattern`: the newest that is known. */
export async function readChanges(pool: Pick<pg.Pool, 'query'>, horizon: string, lastPattern: number): Promise<CodeChanges> {
  const { rows } = await pool.query<CodeChanges>({ name: 'codes-changed', text: CHANGES, values: [horizon, lastPattern] });
  return rows[0] as CodeChanges;
}
