import { expect } from '@jest/globals';
import type { Hub } from '../../src/domain/hub.ts';
import { actor } from './basics.ts';

/** Every redeem is decided again on what was stored with it, and comes to what was given. Returns how many; `campaignIds` null: of all campaigns. */
export async function allExplained(hub: Hub, campaignIds: readonly string[] | null = null): Promise<number> {
  const { rows } = await hub.database.pool.query<{ id: string }>(
    'select min(id) as id from redemption where $1::text[] is null or campaign_id = any($1) group by checkout_id order by 1',
    [campaignIds],
  );
  for (const { id } of rows) {
    const explanation = await hub.explanations.explain(actor('ADMIN'), id);
    expect({ id, ...explanation }).toMatchObject({ id, complete: true, differences: [] });
  }
  return rows.length;
}
