import type pg from 'pg';
import type { CampaignTerms } from '../decision/decision.types.ts';
import type { SqlRunner } from '../ledger/ledger-writer.ts';

/**
 * Rows alone would let a change starve: who wants a row to share is let in beside those who share it, past a change that waits. This lock
 * keeps a queue, so whoever comes after the change waits for it.
 */
const GATE = 8_254_036;

/** What a change of a campaign takes before its row; of a main before its subs. */
export async function closeGate(run: SqlRunner, campaignId: string): Promise<void> {
  await run.query(`select pg_advisory_xact_lock(hashtextextended($1, ${GATE}))`, [campaignId]);
}

/**
 * Keeps the campaigns and their mains as they are until the transaction ends, and names those that are no longer of the version at hand:
 * what is counted by them must not be decided on old terms. Any number may keep the same campaign so; a change of it waits for them.
 */
export async function keepTerms(client: pg.PoolClient, campaigns: readonly CampaignTerms[]): Promise<string[]> {
  const known = new Map(campaigns.flatMap((terms) => [terms, ...(terms.main ? [terms.main] : [])]).map((one) => [one.id, one.version]));
  const subs = new Set(campaigns.filter((terms) => terms.main).map(({ id }) => id));
  // Mains first, as a change locks them.
  const ids = [...known.keys()].sort((a, b) => Number(subs.has(a)) - Number(subs.has(b)) || (a < b ? -1 : 1));
  const { rows } = await client.query<{ id: string; version: number }>(
    `with gate as materialized (
       select pg_advisory_xact_lock_shared(hashtextextended(id, ${GATE})) from unnest($1::text[]) with ordinality as wanted (id, place) order by place
     )
     select id, version from campaign where (select count(*) from gate) > 0 and id = any($1) order by parent_id is not null, id for share of campaign`,
    [ids],
  );
  return rows.filter(({ id, version }) => known.get(id) !== version).map(({ id }) => id);
}
