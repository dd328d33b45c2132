// Rows 1 and 2: redemptions through GraphQL over HTTP, against one hand-written transaction each on the same server.
import { BASELINE_CLIENTS, baselineTool } from '../baseline.mjs';
import { median, perSecond, round } from '../figures.mjs';
import { loader } from '../load.mjs';
import { DISCOUNT, makeCampaign, makeCodes } from '../scene.mjs';
import { openStage } from '../stage.mjs';

const SHARED = 'BENCHFORALL';
const TARGETS = { 16: 0.9, 32: 1, 64: 1 };

/** Distinct codes at 16, 32 and 64 clients. */
export async function distinctCodes(bench) {
  const stage = await openStage(bench);
  const runs = { 16: [], 32: [], 64: [] };
  for (let round = 1; round <= bench.rounds; round += 1) {
    for (const clients of [16, 32, 64]) {
      const baseline = await stage.baseline.run(bench.seconds);
      runs[clients].push({ ...(await stage.redeem(clients)), baseline });
    }
    bench.say(
      `round ${round} of ${bench.rounds}: ${[16, 32, 64].map((clients) => `${clients} clients ${line(runs[clients].at(-1))}`).join(', ')}`,
    );
  }
  return [16, 32, 64].map((clients) => ({
    row: 1,
    what: `redemptions, distinct codes, ${clients} clients (${loader})`,
    ...figures(runs[clients]),
    against: `${baselineTool}, ${BASELINE_CLIENTS} clients, one hand-written transaction each`,
    target: `>= ${TARGETS[clients]} x`,
    reached: median(runs[clients].map(ratio)) >= TARGETS[clients],
  }));
}

/** All on one shared code and one budget, beside distinct codes in the same rounds. */
export async function oneCode(bench) {
  const stage = await openStage(bench);
  const id = await makeCampaign(bench.hub, 'One code for all');
  await makeCodes(bench.hub, id, { count: 1, shared: SHARED });
  const distinct = [];
  const shared = [];
  const locked = [];
  for (let round = 1; round <= bench.rounds; round += 1) {
    distinct.push(await stage.redeem(64));
    shared.push({ ...(await stage.redeem(64, { shared: SHARED })), baseline: distinct.at(-1).rate });
    locked.push(await stage.baseline.run(bench.seconds, true));
    bench.say(
      `round ${round} of ${bench.rounds}: ${line(shared.at(-1))} of distinct codes; ${baselineTool} on one row ${perSecond(locked.at(-1))}`,
    );
  }
  const { campaign } = await bench.hub.ask('query($id: ID!) { campaign(id: $id) { counts { redeemed } budget { used { minor } } } }', {
    id,
  });
  const made = stage.madeOf(SHARED);
  if (campaign.counts.redeemed !== made || campaign.budget.used.minor !== made * DISCOUNT)
    throw new Error(`${made} redemptions, but the campaign says ${JSON.stringify(campaign)}.`);
  const row = { row: 2, what: `redemptions, all on one code and one budget, 64 clients (${loader})` };
  return [
    {
      ...row,
      ...figures(shared),
      against: 'the hub with distinct codes, 64 clients',
      target: '>= 1 x',
      reached: median(shared.map(ratio)) >= 1,
    },
    {
      ...row,
      ...figures(shared.map((run, at) => ({ ...run, baseline: locked[at] }))),
      against: `${baselineTool}, ${BASELINE_CLIENTS} clients, the same on one row`,
      target: '-',
      reached: true,
    },
  ];
}

const ratio = (run) => run.rate / run.baseline;
const line = (run) => `${perSecond(run.rate)} = ${ratio(run).toFixed(2)} x`;

const figures = (runs) => ({
  ours: perSecond(median(runs.map((run) => run.rate))),
  baseline: perSecond(median(runs.map((run) => run.baseline))),
  ratio: round(median(runs.map(ratio)), 2),
  details: {
    ratios: runs.map((run) => round(ratio(run), 2)),
    rates: runs.map((run) => Math.round(run.rate)),
    baselines: runs.map((run) => Math.round(run.baseline)),
    latencyMs: { p50: round(median(runs.map((run) => run.p50)), 1), p99: round(median(runs.map((run) => run.p99)), 1) },
    cpuMicrosecondsEach: runs[0].cpu && {
      node: median(runs.map((run) => run.cpu.node)),
      postgres: median(runs.map((run) => run.cpu.postgres)),
    },
  },
});
