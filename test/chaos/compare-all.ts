import { type Compared, differencesOf } from './compare.ts';
import type { PlannedOrder } from './evening.ts';
import { hubSide } from './hub-rows.ts';
import type { ChaosStage, Staged } from './stage.ts';

type Ids = ReadonlyMap<number, string>;

/** What the whole hub shows of codes that more than one order has a claim to. */
interface Claims {
  /** How often each code stands redeemed. */
  readonly standing: Map<string, number>;
  /** Codes that stand on two orders, of which at least one was paid. */
  readonly twice: Set<string>;
  wanted: number;
  redeemed: number;
}

/** Every order of every platform against the hub, and the other way round. */
export async function compareAll(stage: ChaosStage, plan: readonly PlannedOrder[], ids: Ids): Promise<readonly string[]> {
  const found: string[] = [];
  for (const currency of ['EUR', 'USD'] as const) {
    const claims: Claims = { standing: new Map(), twice: new Set(), wanted: 0, redeemed: 0 };
    for (const [place, one] of stage.staged.entries()) {
      if (one.platform.currency !== currency) continue;
      const own = plan.filter(({ platform }) => platform === place);
      found.push(...(await comparePlatform(stage, one, own, ids, claims)));
    }
    found.push(...claimsDiffer(claims, stage.campaigns[currency].limit));
  }
  return found;
}

async function comparePlatform(
  { running }: ChaosStage,
  { platform, connectionId }: Staged,
  plan: readonly PlannedOrder[],
  ids: Ids,
  claims: Claims,
): Promise<readonly string[]> {
  const hub = await hubSide(running.hub.database.pool, connectionId);
  const known = new Set<string>();
  const found: string[] = [];
  for (const { number, kind, idea } of plan) {
    const compared: Compared = { truth: platform.truth(ids.get(number) ?? ''), kind };
    const { id, state } = compared.truth;
    known.add(id);
    found.push(...differencesOf(compared, hub).map((text) => `${platform.id} order ${number}: ${text}`));
    const standing = (hub.redemptions.get(id) ?? []).filter(({ undone }) => !undone);
    for (const { code } of standing) claims.standing.set(code, (claims.standing.get(code) ?? 0) + 1);
    const isWanted = state === 'PAID' && idea.discount !== null;
    if (kind === 'twice' && isWanted) claims.twice.add(idea.discount?.code ?? '');
    if (kind !== 'limited') continue;
    claims.wanted += isWanted ? 1 : 0;
    claims.redeemed += standing.length;
  }
  const strangers = [...hub.orders.keys()].filter((id) => !known.has(id));
  return [...found, ...strangers.map((id) => `${platform.id}: the hub has an order ${id} that never was`)];
}

function claimsDiffer({ standing, twice, wanted, redeemed }: Claims, limit: number): readonly string[] {
  const due = Math.min(limit, wanted);
  return [
    ...[...standing].filter(([, times]) => times > 1).map(([code, times]) => `${code} stands redeemed ${times} times`),
    ...[...twice].filter((code) => !standing.has(code)).map((code) => `${code} stands on two orders, and neither has it`),
    ...(redeemed === due ? [] : [`${redeemed} of ${wanted} were redeemed where ${limit} may be`]),
  ];
}
