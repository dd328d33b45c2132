import { rowsOf } from '../connectors/support/connector-hub.ts';
import { chanceFor } from './chance.ts';
import type { PlannedOrder } from './evening.ts';
import type { Deed } from './platform.ts';
import type { ChaosStage, Staged } from './stage.ts';
import { askFeeds, hasSweep } from './sweeps.ts';

const STEP_MS = 6_000;
const LOOK_EVERY_STEPS = 10;
const MOST_WAITING = 120;
/** Ten minutes. */
const SWEEP_EVERY_STEPS = 100;

/** Plays all deeds in their turns, and keeps no further ahead of the hub than its queue is short. */
export async function play(seed: number, stage: ChaosStage, plan: readonly PlannedOrder[]): Promise<ReadonlyMap<number, string>> {
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
        await post.take(
          platform,
          `${order.number} ${deed}`,
          step,
          () => tell(id, deed),
          hasSweep(stage, one) && !(platform.untold as readonly string[]).includes(deed),
        );
    }
    await post.bring(step);
    if (step % SWEEP_EVERY_STEPS === 0) await askFeeds(stage);
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
