// `npm run bench [-- --quick] [-- --row 1]`: starts a hub of its own, measures it beside a baseline, prints and keeps the figures.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startHub } from './hub.mjs';
import { backfill } from './rows/backfill.mjs';
import { manyCodes } from './rows/codes.mjs';
import { longLedger, manyCampaigns, manyLines } from './rows/growth.mjs';
import { manyBatches } from './rows/issuing.mjs';
import { masks } from './rows/masks.mjs';
import { outboxDrain } from './rows/outbox.mjs';
import { distinctCodes, oneCode } from './rows/redemptions.mjs';
import { liveLedger } from './rows/subscribers.mjs';
import { validateLatency } from './rows/validate.mjs';
import { webhookLag } from './rows/webhooks.mjs';
import { openRestaurant } from './scene.mjs';

/** By their names in docs/reference/performance.md. */
const ROWS = {
  1: distinctCodes,
  2: oneCode,
  3: validateLatency,
  4: manyCodes,
  7: liveLedger,
  campaigns: manyCampaigns,
  lines: manyLines,
  ledger: longLedger,
  issuing: manyBatches,
  masks,
  webhooks: webhookLag,
  outbox: outboxDrain,
  backfill,
};
const LONG = { rounds: 5, seconds: 8, warmUp: 10, codes: 2_000_000, growthCodes: 400_000, baselineVouchers: 2_000_000 };
const QUICK = { rounds: 2, seconds: 3, warmUp: 6, codes: 300_000, growthCodes: 120_000, baselineVouchers: 300_000 };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    row: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
});
const wanted = values.row ?? Object.keys(ROWS);
for (const row of wanted) {
  if (ROWS[row] === undefined) {
    console.error(`There is no row ${row}; there are ${Object.keys(ROWS).join(', ')}.`);
    process.exit(1);
  }
}

const settings = {
  ...(values.quick ? QUICK : LONG),
  ...(values.rounds && { rounds: Number(values.rounds) }),
  ...(values.seconds && { seconds: Number(values.seconds) }),
};
const folder = mkdtempSync(join(tmpdir(), 'valehub-bench-work-'));
const say = (text) => console.log(`  ${text}`);
const loadBefore = loadavg()[0];
console.log('starting a hub of its own');
const hub = await startHub();
const results = [];
try {
  const bench = { ...settings, quick: values.quick, hub, folder, say, restaurant: await openRestaurant(hub) };
  for (const row of wanted) {
    console.log(`row ${row}`);
    for (const result of await ROWS[row](bench)) {
      results.push(result);
      console.log(sentence(result));
    }
  }
  await (await bench.stage)?.close();
} finally {
  await hub.stop();
  rmSync(folder, { recursive: true, force: true });
}

const machine = {
  cpus: cpus().length,
  model: cpus()[0]?.model,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  loadBefore,
  loadAfter: loadavg()[0],
};
const at = new Date();
mkdirSync('bench-results', { recursive: true });
const path = join('bench-results', `${at.toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
writeFileSync(path, `${JSON.stringify({ at: at.toISOString(), quick: values.quick, settings, machine, results }, null, 2)}\n`);
console.log(`\n${results.map(sentence).join('\n')}\n\nKept in ${path}.`);

function sentence({ row, what, ours, baseline, ratio, against, target, reached }) {
  return `row ${row}  ${what}: ${ours}; baseline ${baseline} (${against}); ${ratio === null ? 'no ratio' : `${ratio} x`}; to reach ${target}${target === '-' ? '' : reached ? ': reached' : ': NOT reached'}`;
}
