import { rowsOf } from '../connectors/support/connector-hub.ts';
import { compareAll } from './compare-all.ts';
import { planEvening } from './evening.ts';
import type { StartPlatform } from './platform.ts';
import { play } from './play.ts';
import { settle } from './settle.ts';
import { type ChaosStage, openStage } from './stage.ts';
import { straysOf } from './strays.ts';

/** How an evening went. What must not be is in `differences`, one sentence each. */
export interface ChaosReport {
  readonly differences: readonly string[];
  readonly orders: number;
  readonly letters: { readonly sent: number; readonly lost: number; readonly unknownEvents: number };
  /** By platform: how often each fault of its API was met. */
  readonly faults: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly spoilt: Readonly<Record<string, number>>;
  /** Notices that waited for a person, by what they said. */
  readonly parked: Readonly<Record<string, number>>;
  readonly redeemed: number;
  readonly reversed: number;
  readonly rejected: number;
  /** What each part took, for whoever makes it faster. */
  readonly seconds: Readonly<Record<string, number>>;
}

export interface ChaosOptions {
  readonly seed: number;
  readonly orders: number;
  readonly platforms: readonly StartPlatform[];
  /** Looks at the books while the hub is still there. */
  readonly books?: (databaseUrl: string) => Promise<void>;
}

export async function playChaos({ seed, orders, platforms, books }: ChaosOptions): Promise<ChaosReport> {
  const seconds: Record<string, number> = {};
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    seconds[what] = Math.round((performance.now() - begun) / 100) / 10;
    return result;
  };
  const stage = await timed('opening', () => openStage(seed, orders, platforms));
  try {
    const venues = stage.staged.map(({ platform }) => ({ deeds: platform.deeds, codes: stage.campaigns[platform.currency].codes }));
    const plan = planEvening(seed, orders, venues);
    const ids = await timed('playing', () => play(seed, stage, plan));
    const parked = await timed('settling', () => settle(stage));
    const differences = await timed('comparing', async () => [...(await compareAll(stage, plan, ids)), ...(await straysOf(stage))]);
    await timed('books', async () => books?.(stage.running.database.url));
    return { ...(await told(stage)), differences, orders, parked, seconds };
  } finally {
    await stage.close();
  }
}

async function told({ running, post, staged }: ChaosStage): Promise<Omit<ChaosReport, 'differences' | 'orders' | 'parked' | 'seconds'>> {
  const count = async (table: string): Promise<number> =>
    (await rowsOf<{ n: number }>(running.hub, `select count(*)::int as n from ${table}`))[0]?.n ?? 0;
  const { sent, lost, unknownEvents, spoilt } = post.report;
  return {
    letters: { sent, lost, unknownEvents },
    spoilt: Object.fromEntries(spoilt),
    faults: Object.fromEntries(staged.map(({ platform, api }) => [platform.id, Object.fromEntries(api.met)])),
    redeemed: await count('redemption'),
    reversed: await count('reversal'),
    rejected: await count('rejection'),
  };
}
