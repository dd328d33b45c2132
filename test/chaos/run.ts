import { ADMIN, rowsOf } from '../connectors/support/connector-hub.ts';
import { chanceFor } from './chance.ts';
import { type Compared, differencesOf } from './compare.ts';
import { type PlannedOrder, planEvening } from './evening.ts';
import { hubSide } from './hub-rows.ts';
import type { Deed, StartPlatform } from './platform.ts';
import { type ChaosStage, openStage, type Staged } from './stage.ts';

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
}

export interface ChaosOptions {
  readonly seed: number;
  readonly orders: number;
  readonly platforms: readonly StartPlatform[];
  /** Looks at the books while the hub is still there. */
  readonly books?: (databaseUrl: string) => Promise<void>;
}

const STEP_MS = 6_000;
const LOOK_EVERY_STEPS = 10;
const MOST_WAITING = 120;
const ELEVEN_MINUTES = 11 * 60_000;
/** Twice as long as the host goes on trying by itself. */
const PATIENCE_ROUNDS = 300;

export async function playChaos({ seed, orders, platforms, books }: ChaosOptions): Promise<ChaosReport> {
  const stage = await openStage(seed, orders, platforms);
  try {
    const deeds = stage.staged.map(({ platform }) => platform.deeds);
    const plan = planEvening(seed, orders, deeds, stage.codes);
    const ids = await play(seed, stage, plan);
    const parked = await settle(stage);
    const differences = [...(await compare(stage, plan, ids)), ...(await strays(stage))];
    await books?.(stage.running.database.url);
    return { ...(await told(stage)), differences, orders, parked };
  } finally {
    await stage.close();
  }
}

/** Plays all deeds in their turns, and keeps no further ahead of the hub than its queue is short. */
async function play(seed: number, stage: ChaosStage, plan: readonly PlannedOrder[]): Promise<ReadonlyMap<number, string>> {
  const { clock, post, staged } = stage;
  const bySteps = Map.groupBy(
    plan.flatMap((order) => order.deeds.map(({ step, deed }) => ({ order, step, deed }))),
    ({ step }) => step,
  );
  const ids = new Map<number, string>();
  const last = Math.max(...bySteps.keys());
  const outages = outagesOf(seed, staged, last);
  for (let step = 0; step <= last; step += 1) {
    clock.pass(STEP_MS);
    for (const { at, api, isAway } of outages) if (at === step) api.away(isAway);
    for (const { order, deed } of bySteps.get(step) ?? []) {
      const one = staged[order.platform];
      if (one === undefined) continue;
      const id = happen(one, order, deed, ids);
      const { platform } = one;
      const tell = platform.tell;
      if (tell !== undefined)
        await post.take(platform, `${order.number} ${deed}`, step, () => tell(id, deed), hasSweep(stage, one) && deed !== 'delete');
    }
    await post.bring(step);
    if (step % LOOK_EVERY_STEPS === 0) await caughtUp(stage);
  }
  await post.bring();
  return ids;
}

function happen({ platform }: Staged, order: PlannedOrder, deed: Deed | 'place', ids: Map<number, string>): string {
  if (deed === 'place') {
    const id = platform.place(order.idea);
    ids.set(order.number, id);
    return id;
  }
  const id = ids.get(order.number) ?? '';
  platform.do(deed, id);
  return id;
}

/** Each platform is away altogether for a while. */
function outagesOf(seed: number, staged: readonly Staged[], last: number) {
  return staged.flatMap(({ platform, api }) => {
    const chance = chanceFor(seed, `outage of ${platform.id}`);
    const from = chance.below(Math.max(1, last - 30));
    return [
      { at: from, api, isAway: true },
      { at: from + 5 + chance.below(20), api, isAway: false },
    ];
  });
}

async function waiting({ running, clock }: ChaosStage): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(
    running.hub,
    `select count(*)::int as n from notice where state = 'RUNNING' or (state = 'PENDING' and next_at <= $1)`,
    [new Date(clock.now())],
  );
  return row?.n ?? 0;
}

async function caughtUp(stage: ChaosStage): Promise<void> {
  while ((await waiting(stage)) > MOST_WAITING) await new Promise((resolve) => setTimeout(resolve, 20));
}

type Feeds = { ask(connectionId: string, feed: string): Promise<void> };
/** The part of the host that reads feeds. */
const feedsOf = ({ running }: ChaosStage): Feeds | undefined => (running.host as unknown as { readonly feeds?: Feeds }).feeds;
const hasSweep = (stage: ChaosStage, { platform }: Staged): boolean => feedsOf(stage) !== undefined && platform.feeds.length > 0;

/** The platforms are well again: the hub goes on by itself as far as it can, an operator has the rest worked again, the feeds are read once more. */
async function settle(stage: ChaosStage): Promise<Readonly<Record<string, number>>> {
  for (const { api } of stage.staged) api.calm();
  const parked: Record<string, number> = {};
  await untilQuiet(stage);
  await operatorActs(stage, parked);
  await untilQuiet(stage);
  for (const one of stage.staged)
    if (hasSweep(stage, one)) for (const feed of one.platform.feeds) await feedsOf(stage)?.ask(one.connectionId, feed);
  await untilQuiet(stage);
  // What a person mended is tested, and then everything is well.
  for (const { connectionId } of stage.staged) await stage.running.host.desk.update(ADMIN, connectionId, {});
  await untilQuiet(stage);
  return parked;
}

async function untilQuiet(stage: ChaosStage): Promise<void> {
  const { running, clock } = stage;
  for (let round = 0; round < PATIENCE_ROUNDS; round += 1) {
    await running.host.drain();
    const [row] = await rowsOf<{ n: number }>(running.hub, `select count(*)::int as n from notice where state in ('PENDING', 'RUNNING')`);
    if (row?.n === 0) return;
    clock.pass(ELEVEN_MINUTES);
  }
}

/** Looks through what is parked, which must say why, and has it worked again. */
async function operatorActs({ running, staged }: ChaosStage, parked: Record<string, number>): Promise<void> {
  const { traffic, desk } = running.host;
  for (const { connectionId, platform } of staged) {
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const page = await traffic.deliveries(
        ADMIN,
        connectionId,
        { states: ['PARKED', 'UNCLAIMED'] },
        { first: 100, ...(after === null ? {} : { after }) },
      );
      for (const { node } of page.edges) {
        seen.push(node.id);
        for (const { state, reason, lastError } of node.notices) {
          if (state !== 'PARKED' && state !== 'UNCLAIMED') continue;
          if (lastError === null) throw new Error(`A notice of ${platform.id} is parked (${reason}) and says nothing of why.`);
          const words = `${platform.id}: ${lastError.replaceAll(/\d{3,}/g, '#').slice(0, 90)}`;
          parked[words] = (parked[words] ?? 0) + 1;
        }
      }
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor ?? null;
    }
    if (seen.length > 0 && ((await desk.connection(connectionId))?.lastError ?? null) === null)
      throw new Error(`Notices of ${platform.id} are parked, and nobody was told.`);
    for (const id of seen) await traffic.reprocess(ADMIN, id);
  }
}

async function compare(stage: ChaosStage, plan: readonly PlannedOrder[], ids: ReadonlyMap<number, string>): Promise<readonly string[]> {
  const found: string[] = [];
  const standing = new Map<string, number>();
  let limited = { wanted: 0, redeemed: 0 };
  const wantedTwice = new Set<string>();
  for (const [place, { platform, connectionId }] of stage.staged.entries()) {
    const hub = await hubSide(stage.running.hub.database.pool, connectionId);
    const own = plan.filter(({ platform: at }) => at === place);
    const known = new Set<string>();
    for (const { number, kind, idea } of own) {
      const compared: Compared = { truth: platform.truth(ids.get(number) ?? ''), kind };
      known.add(compared.truth.id);
      found.push(...differencesOf(compared, hub).map((text) => `${platform.id} order ${number}: ${text}`));
      const stands = (hub.redemptions.get(compared.truth.id) ?? []).filter(({ undone }) => !undone);
      for (const { code } of stands) standing.set(code, (standing.get(code) ?? 0) + 1);
      const isWanted = compared.truth.state === 'PAID' && idea.discount !== null;
      if (kind === 'twice' && isWanted) wantedTwice.add(idea.discount?.code ?? '');
      if (kind === 'limited') limited = { wanted: limited.wanted + (isWanted ? 1 : 0), redeemed: limited.redeemed + stands.length };
    }
    found.push(
      ...[...hub.orders.keys()].filter((id) => !known.has(id)).map((id) => `${platform.id}: the hub has an order ${id} that never was`),
    );
  }
  for (const [code, times] of standing) if (times > 1) found.push(`${code} stands redeemed ${times} times`);
  for (const code of wantedTwice)
    if (standing.get(code) !== 1) found.push(`${code} stands on two orders, and ${standing.get(code) ?? 0} have it`);
  const due = Math.min(stage.limit, limited.wanted);
  if (limited.redeemed !== due) found.push(`${limited.redeemed} of ${limited.wanted} were redeemed where ${stage.limit} may be`);
  return found;
}

/** What came in and did not come to its end, or was answered otherwise than it had to be. */
async function strays({ running, post, staged }: ChaosStage): Promise<readonly string[]> {
  const left = await rowsOf<{ text: string }>(
    running.hub,
    `select state || ' ' || coalesce(reason, '') || ' ' || topic || ' ' || coalesce(last_error, '') as text from notice
     where state not in ('DONE', 'IGNORED') or (state = 'IGNORED' and reason <> 'UNKNOWN_TOPIC') limit 20`,
  );
  const [ignored] = await rowsOf<{ n: number }>(running.hub, `select count(*)::int as n from notice where reason = 'UNKNOWN_TOPIC'`);
  const unwell: string[] = [];
  for (const { connectionId, platform } of staged) {
    const connection = await running.host.desk.connection(connectionId);
    if (connection?.status !== 'ACTIVE') unwell.push(`${platform.id} is ${connection?.status} at the end: ${connection?.lastError}`);
  }
  return [
    ...post.report.surprises,
    ...left.map(({ text }) => `a notice was left: ${text}`),
    ...(ignored?.n === post.report.unknownEvents
      ? []
      : [`${ignored?.n} events of unknown kinds were kept of ${post.report.unknownEvents}`]),
    ...unwell,
  ];
}

async function told({ running, post, staged }: ChaosStage): Promise<Omit<ChaosReport, 'differences' | 'orders' | 'parked'>> {
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
