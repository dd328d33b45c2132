// Row 7: a thousand subscribers of the live ledger while 500 vouchers a second are redeemed.
import { fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cpuOf } from '../cpu.mjs';
import { median, round } from '../figures.mjs';
import { runScript } from '../processes.mjs';
import { LINES, makeCampaign, makeCodes, REDEEM } from '../scene.mjs';

const SUBSCRIBERS = 1_000;
const PER_SECOND = 500;
const TARGET_MS = 250;
const SHARED = 'BENCHLIVE';
/** How long the last event may take before it counts as lost. */
const PATIENCE_MS = 15_000;

export async function liveLedger(bench) {
  const campaign = await makeCampaign(bench.hub, 'Watched');
  await makeCodes(bench.hub, campaign, { count: 1, shared: SHARED });
  const alone = [];
  const crowd = [];
  for (let number = 1; number <= bench.rounds; number += 1) {
    alone.push(await watch(bench, 1, `alone-${number}`));
    crowd.push(await watch(bench, SUBSCRIBERS, `crowd-${number}`));
    const last = crowd.at(-1);
    bench.say(
      `round ${number} of ${bench.rounds}: lag p50 ${last.p50} ms, p99 ${last.p99} ms, longest ${last.max} ms; ${last.lost} lost; one subscriber p99 ${alone.at(-1).p99} ms`,
    );
  }
  const p99 = median(crowd.map((run) => run.p99));
  const lost = crowd.reduce((sum, run) => sum + run.lost, 0);
  const baseline = median(alone.map((run) => run.p99));
  return [
    {
      row: 7,
      what: `live ledger, ${SUBSCRIBERS} subscribers, ${PER_SECOND} events/s: p99 from the redemption to the subscriber`,
      ours: `${p99} ms, ${lost} lost`,
      baseline: `${baseline} ms`,
      ratio: round(p99 / Math.max(1, baseline), 2),
      against: 'one subscriber, the same events',
      target: `none lost, <= ${TARGET_MS} ms`,
      reached: lost === 0 && p99 <= TARGET_MS,
      details: {
        p50: crowd.map((run) => run.p50),
        p99: crowd.map((run) => run.p99),
        longest: crowd.map((run) => run.max),
        redeemP99: crowd.map((run) => round(run.redeem.p99, 1)),
        messagesPerSecond: crowd.map((run) => Math.round(run.messages / bench.seconds)),
        cpuOfTheHub: crowd[0].hubCpu && crowd.map((run) => round(run.hubCpu, 2)),
        cpuOfTheSubscribers: crowd.map((run) => round(run.clientCpu, 2)),
      },
    },
  ];
}

/** One run: the subscribers stand before the first event is made, and each must see all of them. */
async function watch({ hub, restaurant, seconds }, subscribers, tag) {
  const events = PER_SECOND * seconds;
  const child = fork(fileURLToPath(new URL('../subscribers.mjs', import.meta.url)), [
    JSON.stringify({ url: hub.url, key: hub.adminKey, subscribers, events }),
  ]);
  const told = [];
  let tell = () => undefined;
  child.on('message', (message) => {
    told.push(message);
    tell();
  });
  const gone = new Promise((_resolve, reject) => child.once('exit', (code) => reject(new Error(`The subscribers ended with ${code}.`))));
  gone.catch(() => undefined);
  const next = async () => {
    while (told.length === 0) await Promise.race([gone, new Promise((resolve) => (tell = resolve))]);
    return told.shift();
  };
  try {
    await next();
    const before = cpuOf(hub);
    const input = {
      idempotencyKey: `${tag}-{n}`,
      codes: [SHARED],
      tillId: 'till',
      order: { externalId: `${tag}-{n}`, storeId: restaurant.storeId, currency: 'EUR', lines: LINES },
    };
    const redeem = await runScript('open-loop.mjs', {
      url: hub.url,
      keys: restaurant.keys,
      body: JSON.stringify({ query: REDEEM, variables: { input } }),
      perSecond: PER_SECOND,
      seconds,
      expect: '"__typename":"Redeemed"',
    });
    if (redeem.errors > 0 || redeem.requests !== events) throw new Error(`${redeem.errors} of ${redeem.requests} redemptions failed.`);
    const late = pause(PATIENCE_MS, undefined, { ref: false }).then(() => child.connected && child.send('report'));
    late.catch(() => undefined);
    const seen = await next();
    const after = cpuOf(hub);
    if (seen.faults > 0) throw new Error(`${seen.faults} subscribers saw something that was not due.`);
    return {
      ...seen,
      redeem,
      lost: events * subscribers - seen.messages,
      clientCpu: seen.cpuSeconds / seconds,
      hubCpu: before && after && (after.node - before.node) / 1e6 / seconds,
    };
  } finally {
    child.removeAllListeners('exit');
    child.disconnect();
  }
}
