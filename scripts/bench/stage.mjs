import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeBaseline } from './baseline.mjs';
import { cpuEach, cpuOf } from './cpu.mjs';
import { redeemOnAndOn } from './load.mjs';
import { counted, makeCampaign, makeCodes, SHARES, saveCodes } from './scene.mjs';

const SEALED_WITHIN_MS = 30_000;

/** What rows 1 and 2 share: codes enough, a baseline, and `redeem`, which runs the load and checks what it left behind. Made once a bench, and warm. */
export function openStage(bench) {
  bench.stage ??= makeStage(bench);
  return bench.stage;
}

async function makeStage(bench) {
  const { hub, restaurant, folder, seconds } = bench;
  bench.say('making codes and the tables of the baseline');
  const campaign = await makeCampaign(hub, `Ten per cent ${Date.now()}`);
  const path = join(folder, `codes-${campaign}`);
  const count = await saveCodes(hub, await makeCodes(hub, campaign, { count: bench.codes, random: { prefix: 'DV' } }), path);
  const baseline = await makeBaseline(hub, bench.baselineVouchers, folder);
  const ofCode = new Map();
  let used = 0;
  let runs = 0;

  async function redeem(clients, { shared, length = seconds } = {}) {
    runs += 1;
    await sealed(hub);
    const before = await counted(hub);
    const cpuBefore = cpuOf(hub);
    const run = await redeemOnAndOn({
      url: hub.url,
      restaurant,
      folder,
      clients,
      seconds: length,
      tag: `${campaign}-${runs}`,
      ...(shared ? { shared } : { codes: { path, from: used } }),
    });
    await sealed(hub);
    const cpuAfter = cpuOf(hub);
    const after = await counted(hub);
    const made = after.redemptions - before.redemptions;
    check(run, made, before, after, clients);
    if (shared) ofCode.set(shared, (ofCode.get(shared) ?? 0) + made);
    else used += made + clients;
    if (!shared && used + (made / length) * seconds * 1.5 > count)
      throw new Error(`The ${count} codes of this run are nearly used up: make more.`);
    return { rate: run.requests / run.seconds, p50: run.p50, p99: run.p99, cpu: cpuEach(cpuBefore, cpuAfter, made) };
  }

  bench.say('warming up');
  // What is measured is a hub that has been up for a while: its hot code is compiled after some ten thousand requests.
  await redeem(64, { length: bench.warmUp });
  await baseline.run(Math.min(4, seconds));
  return { baseline, redeem, madeOf: (code) => ofCode.get(code) ?? 0, close: () => baseline.close() };
}

/** Every answer stands for one redemption with its shares and its event; those under way at the end may be stored as well. */
function check(run, made, before, after, clients) {
  if (run.errors > 0) throw new Error(`${run.errors} requests failed.`);
  if (after.rejections !== before.rejections)
    throw new Error(`${after.rejections - before.rejections} redemptions were refused: this would measure refusals.`);
  if (made < run.requests || made > run.requests + clients)
    throw new Error(`${run.requests} answers, but ${made} redemptions were stored.`);
  if (after.allocations - before.allocations !== made * SHARES)
    throw new Error(`${made} redemptions, but ${after.allocations - before.allocations} shares.`);
  if (after.sealed - before.sealed !== made)
    throw new Error(`${made} redemptions, but ${after.sealed - before.sealed} events in the ledger.`);
}

/** Waits until the ledger grows no more: what one run left over must not burden the next. */
async function sealed(hub) {
  const deadline = Date.now() + SEALED_WITHIN_MS;
  for (let before = -1; ; ) {
    const { rows } = await hub.sql.query('select position from ledger_head');
    if (rows[0].position === before) return;
    if (Date.now() > deadline) throw new Error('The ledger was not sealed in time.');
    before = rows[0].position;
    await pause(200);
  }
}
