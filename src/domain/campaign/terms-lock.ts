import type pg from 'pg';
import type { CampaignTerms } from '../decision/decision.types.ts';

/**
 * Keeps the campaigns and their mains as they are until the transaction ends, and names those that are no longer of the version at hand:
 * what is counted by them must not be decided on old terms. Any number may keep the same campaign so; a change of it waits for them.
 */
export async function keepTerms(client: pg.PoolClient, campaigns: readonly CampaignTerms[]): Promise<string[]> {
  const known = new Map(campaigns.flatMap((terms) => [terms, ...(terms.main ? [terms.main] : [])]).map((one) => [one.id, one.version]));
  // Mains first, as a change locks them.
  const { rows } = await client.query<{ id: string; version: number }>(
    'select id, version from campaign where id = any($1) order by parent_id is not null, id for share',
    [[...known.keys()]],
  );
  return rows.filter(({ id, version }) => known.get(id) !== version).map(({ id }) => id);
}
