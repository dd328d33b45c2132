// Row 3: validate at a steady 1,000 a second, a latency counted from when a request was due.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baselineTool } from '../baseline.mjs';
import { cpuEach, cpuOf } from '../cpu.mjs';
import { median, percentile, round } from '../figures.mjs';
import { runProgram, runScript } from '../processes.mjs';
import { LINES, makeCampaign, makeCodes, VALIDATE } from '../scene.mjs';

const PER_SECOND = 1_000;
const TARGET = { p50: 3, p99: 15 };
const CODES = 1_000;

export async function validateLatency(bench) {
  const { hub, restaurant, seconds } = bench;
  const campaign = await makeCampaign(hub, 'Validated');
  const batch = await makeCodes(hub, campaign, { count: CODES, sequential: { prefix: 'BENCH', width: 9 } });
  if (batch.count !== CODES) throw new Error('The codes to validate were not made.');
  const body = JSON.stringify({
    query: VALIDATE,
    variables: {
      input: {
        codes: ['BENCH0001'],
        tillId: 'till',
        order: { externalId: 'validate-{n}', storeId: restaurant.storeId, currency: 'EUR', lines: LINES },
      },
    },
  });
  const load = (length) =>
    runScript('open-loop.mjs', {
      url: hub.url,
      keys: restaurant.keys,
      body,
      perSecond: PER_SECOND,
      seconds: length,
      leadSeconds: 2,
      expect: '"__typename":"Applicable"',
    });

  bench.say('warming up');
  await load(Math.min(3, seconds));
  const runs = [];
  for (let number = 1; number <= bench.rounds; number += 1) {
    const baseline = await lookups(bench);
    const before = cpuOf(hub);
    const run = await load(seconds);
    if (run.errors > 0) throw new Error(`${run.errors} validations were not answered as they should be.`);
    runs.push({ ...run, baseline, cpu: cpuEach(before, cpuOf(hub), run.sent) });
    bench.say(
      `round ${number} of ${bench.rounds}: p50 ${run.p50.toFixed(1)} ms, p99 ${run.p99.toFixed(1)} ms at ${Math.round(run.requests / run.seconds)}/s`,
    );
  }
  const of = (share) => median(runs.map((run) => run[share]));
  const ofBaseline = (share) => (baselineTool === 'pgbench' ? median(runs.map((run) => run.baseline[share])) : null);
  return ['p50', 'p99'].map((share) => ({
    row: 3,
    what: `validate at ${PER_SECOND}/s, ${share}`,
    ours: `${of(share).toFixed(1)} ms`,
    baseline: ofBaseline(share) === null ? 'pgbench is not installed' : `${ofBaseline(share).toFixed(1)} ms`,
    ratio: ofBaseline(share) === null ? null : round(of(share) / ofBaseline(share), 2),
    against: 'pgbench at the same rate, reading one voucher and its counters by SQL alone',
    target: `<= ${TARGET[share]} ms`,
    reached: of(share) <= TARGET[share],
    details: {
      p50: runs.map((run) => round(run.p50, 2)),
      p99: runs.map((run) => round(run.p99, 2)),
      cpuMicrosecondsEach: runs[0].cpu && {
        node: median(runs.map((run) => run.cpu.node)),
        postgres: median(runs.map((run) => run.cpu.postgres)),
      },
    },
  }));
}

/** The same rate of bare look-ups: what the machine and its database allow at the moment. Latencies in ms. */
async function lookups({ hub, folder, seconds }) {
  if (baselineTool !== 'pgbench') return null;
  const script = join(folder, 'lookup.sql');
  writeFileSync(
    script,
    "\\set n random(1, 1000)\nselect voucher.status, counter.used from counter left join voucher on voucher.pattern_id = 1 and voucher.idx = :n where counter.key = 'count:' || :n::text;\n",
  );
  const prefix = join(folder, 'lookups');
  await runProgram(
    'pgbench',
    [
      '-n',
      '-M',
      'prepared',
      '-c',
      '16',
      '-j',
      '1',
      '-R',
      String(PER_SECOND),
      '-T',
      String(seconds),
      '-l',
      `--log-prefix=${prefix}`,
      '-f',
      script,
      '-h',
      hub.database.host,
      '-p',
      String(hub.database.port),
      '-U',
      hub.database.user,
      'valehub',
    ],
    { PGPASSWORD: hub.database.password },
  );
  const logs = readdirSync(folder).filter((name) => name.startsWith('lookups.'));
  // client, number, microseconds since it was due, ...
  const latencies = logs.flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((row) => Number(row.split(' ')[2]) / 1_000),
  );
  for (const name of logs) rmSync(join(folder, name));
  return { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}
