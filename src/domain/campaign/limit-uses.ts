import type pg from 'pg';
import { counterKey } from '../decision/counters.ts';
import type { CounterState, LimitUse } from '../decision/decision.types.ts';
import { limitUse } from '../decision/limits.ts';
import { type BusinessClock, businessDay, periodEnd, periodKey } from '../shared/business-time.ts';
import type { CampaignRecord, Limit } from './campaign.types.ts';

interface BoundLimit {
  readonly limit: Limit;
  readonly key: string;
  readonly clock: BusinessClock;
}

/**
 * How full the limits of each campaign are that bind it as a whole, in the order of the campaigns. The period is that of now in the
 * first of its stores' business time (`clockOf`).
 */
export async function readLimitUses(
  pool: pg.Pool,
  campaigns: readonly (CampaignRecord | null)[],
  now: number,
  clockOf: (campaign: CampaignRecord) => BusinessClock,
): Promise<LimitUse[][]> {
  const bound = campaigns.map((campaign) => (campaign ? boundTo(campaign, clockOf(campaign), now) : []));
  const states = await readStates(
    pool,
    bound.flat().map(({ key }) => key),
  );
  return bound.map((limits) =>
    limits.map(({ limit, key, clock }) =>
      limitUse(limit, states.get(key) ?? NOTHING, periodEnd(limit.period, businessDay(now, clock), clock)),
    ),
  );
}

const NOTHING: CounterState = { used: 0, held: 0, heldUntil: null };

function boundTo({ id, parentId, limits }: CampaignRecord, clock: BusinessClock, now: number): BoundLimit[] {
  return limits.flatMap((limit) => {
    if (limit.per !== 'CAMPAIGN' && limit.per !== 'MAIN_CAMPAIGN') return [];
    const ownerId = limit.per === 'MAIN_CAMPAIGN' && parentId !== null ? parentId : id;
    return [{ limit, clock, key: counterKey(ownerId, limit, '', periodKey(limit.period, businessDay(now, clock))) }];
  });
}

async function readStates(pool: pg.Pool, keys: readonly string[]): Promise<Map<string, CounterState>> {
  if (keys.length === 0) return new Map();
  const { rows } = await pool.query<CounterState & { key: string }>(
    // The open holds are gone through once, however many counters are asked for.
    `with found as materialized (select key, used, held from counter where key = any($1::text[])),
          held_until as (
            select use ->> 'key' as key, floor(extract(epoch from max(expires_at)) * 1000)::bigint as until
            from hold, jsonb_array_elements(content -> 'counters') use
            where status = 'ACTIVE' and exists (select from found where held > 0) and use ->> 'key' = any($1::text[]) group by 1)
     select key, used, held, case when held > 0 then until end as "heldUntil" from found left join held_until using (key)`,
    [keys],
  );
  return new Map(rows.map(({ key, ...state }) => [key, state]));
}
