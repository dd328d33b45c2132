import type pg from 'pg';
import { budgetKey, countKey } from '../decision/counters.ts';
import { rejectedKey, reversedKey } from '../rejection/rejection-count.ts';
import type { BudgetUse, CampaignCounts } from './campaign.types.ts';

const KEYS: Readonly<Record<Exclude<keyof CampaignCounts, 'codes'>, (campaignId: string) => string>> = {
  issued: (id) => countKey(id, 'issued'),
  redeemed: (id) => countKey(id, 'redeemed'),
  reversed: reversedKey,
  rejected: rejectedKey,
};

/** In the order of the ids; of a main campaign the sums over its subs. */
export async function readCounts(pool: pg.Pool, ids: readonly string[]): Promise<CampaignCounts[]> {
  const { rows: members } = await pool.query<{ id: string; main: string | null }>(
    'select id, parent_id as main from campaign where id = any($1) or parent_id = any($1)',
    [ids],
  );
  const [counters, codes] = await Promise.all([
    readCounters(
      pool,
      members.flatMap(({ id }) => Object.values(KEYS).map((key) => key(id))),
    ),
    pool.query<{ id: string; sum: number }>(
      'select campaign_id as id, sum(count)::bigint as sum from code_batch where campaign_id = any($1) group by 1',
      [members.map(({ id }) => id)],
    ),
  ]);
  const made = new Map(codes.rows.map(({ id, sum }) => [id, sum]));
  return ids.map((id) => {
    const family = members.filter((member) => member.id === id || member.main === id).map((member) => member.id);
    const sum = (figure: (memberId: string) => number): number => family.reduce((total, memberId) => total + figure(memberId), 0);
    const counted = (name: keyof typeof KEYS): number => sum((memberId) => counters.get(KEYS[name](memberId))?.used ?? 0);
    return {
      codes: sum((memberId) => made.get(memberId) ?? 0),
      issued: counted('issued'),
      redeemed: counted('redeemed'),
      reversed: counted('reversed'),
      rejected: counted('rejected'),
    };
  });
}

/** In the order of the ids. */
export async function readBudgets(pool: pg.Pool, ids: readonly string[]): Promise<BudgetUse[]> {
  const counters = await readCounters(pool, ids.map(budgetKey));
  return ids.map((id) => counters.get(budgetKey(id)) ?? { used: 0, held: 0 });
}

async function readCounters(pool: pg.Pool, keys: readonly string[]): Promise<Map<string, BudgetUse>> {
  const { rows } = await pool.query<BudgetUse & { key: string }>('select key, used, held from counter where key = any($1)', [keys]);
  return new Map(rows.map(({ key, used, held }) => [key, { used, held }]));
}
