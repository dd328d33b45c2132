import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeBaseline } from './baseline.mjs';
import { cpuEach, cpuOf } from './cpu.mjs';
import { redeemOnAndOn } from './load.mjs';
import { counted, LINES, makeCampaign, makeCodes, SHARES, saveCodes } from './scene.mjs';

const SEALED_WITHIN_MS = 30_000;

/** What rows 1 and 2 share: codes enough, a baseline, and `redeem`, which runs the load and checks what it left behind. Made once a bench, and warm. */
export function openStage(bench) {
  bench.stage ??= makeStage(bench);
  return bench.stage;
}

async function makeStage(bench) {
  const { hub, folder, seconds } = bench;
  bench.say('making codes and the tables of the baseline');
  const campaign = await makeCampaign(hub, `Ten per cent ${Date.now()}`);
  const path = join(folder, `codes-${campaign}`);
  const count = await saveCodes(hub, await makeCodes(hub, campaign, { count: bench.codes, random: { prefix: 'DV' } }), path);
  const pool = { path, count, used: 0 };
  const baseline = await makeBaseline(hub, bench.baselineVouchers, folder);
  const ofCode = new Map();

  async function redeem(clients, { shared, length = seconds } = {}) {
    const run = await redeemFrom(bench, { clients, length, ...(shared ? { shared } : { pool }) });
    if (shared) ofCode.set(shared, (ofCode.get(shared) ?? 0) + run.made);
    return run;
  }

  bench.say('warming up');
  // What is measured is a hub that has been up for a while: its hot code is compiled after some ten thousand requests.
  await redeem(64, { length: bench.warmUp });
  await baseline.run(Math.min(4, seconds));
  return { baseline, redeem, madeOf: (code) => ofCode.get(code) ?? 0, close: () => baseline.close() };
}

let runs = 0;

/**
 * Redeems for so many seconds, from a pool of codes or all on one shared code, and checks what it left behind.
 * @param {{ clients: number, length: number, pool?: { path: string, count: number, used: number }, shared?: string, lines?: object[], shares?: number }} task
 */
export async function redeemFrom({ hub, restaurant, folder }, { clients, length, pool, shared, lines = LINES, shares = SHARES }) {
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
    tag: `${process.pid}-${runs}`,
    lines,
    ...(shared ? { shared } : { codes: { path: pool.path, from: pool.used } }),
  });
  await sealed(hub);
  const cpuAfter = cpuOf(hub);
  const after = await counted(hub);
  const made = after.redemptions - before.redemptions;
  check(run, { made, before, after, clients, shares });
  if (!shared) {
    pool.used += made + clients;
    if (pool.used + made * 1.5 > pool.count) throw new Error(`The ${pool.count} codes of this run are nearly used up: make more.`);
  }
  return { rate: run.requests / run.seconds, p50: run.p50, p99: run.p99, made, cpu: cpuEach(cpuBefore, cpuAfter, made) };
}

/** Every answer stands for one redemption with its shares and its event; those under way at the end may be stored as well. */
function check(run, { made, before, after, clients, shares }) {
  if (run.errors > 0) throw new Error(`${run.errors} requests failed.`);
  if (after.rejections !== before.rejections)
    throw new Error(`${after.rejections - before.rejections} redemptions were refused: this would measure refusals.`);
  if (made < run.requests || made > run.requests + clients)
    throw new Error(`${run.requests} answers, but ${made} redemptions were stored.`);
  if (after.allocations - before.allocations !== made * shares)
    throw new Error(`${made} redemptions, but ${after.allocations - before.allocations} shares.`);
  if (after.sealed - before.sealed !== made)
    throw new Error(`${made} redemptions, but ${after.sealed - before.sealed} events in the ledger.`);
}

/** Waits until all is sealed that was committed: what one run left over must not burden the next. */
async function sealed(hub) {
  const deadline = Date.now() + SEALED_WITHIN_MS;
  for (let before = -1; ; ) {
    const { rows } = await hub.sql.query('select position, exists (select from ledger_intake) as waiting from ledger_head');
    if (!rows[0].waiting && rows[0].position === before) return;
    if (Date.now() > deadline) throw new Error('The ledger was not sealed in time.');
    before = rows[0].position;
    await pause(200);
  }
}
