// Row 4: a campaign of 100,000,000 codes, from nothing to the first one that can be used.
import { median, round } from '../figures.mjs';
import { LINES, makeCampaign, makeCodes, VALIDATE } from '../scene.mjs';

const CODES = 100_000_000;
const BASELINE_ROWS = 1_000_000;
const TARGET_MS = 1_000;

export async function manyCodes(bench) {
  const { hub, restaurant } = bench;
  const times = [];
  for (let number = 1; number <= bench.rounds; number += 1) {
    const began = performance.now();
    const campaign = await makeCampaign(hub, `A hundred million ${number}`);
    // Another prefix each: so many codes of one pattern would soon be too easy to guess.
    const batch = await makeCodes(hub, campaign, { count: CODES, random: { prefix: `B${number}` } });
    times.push(performance.now() - began);
    await proveLast(hub, batch, restaurant);
    bench.say(`round ${number} of ${bench.rounds}: ${times.at(-1).toFixed(0)} ms`);
  }
  const baseline = await rowsInserted(hub);
  return [
    {
      row: 4,
      what: 'make and activate a campaign of 100,000,000 codes',
      ours: `${median(times).toFixed(0)} ms`,
      baseline: `${(baseline / 1_000).toFixed(0)} s`,
      ratio: round(median(times) / baseline, 6),
      against: `100,000,000 rows with one index, reckoned from ${BASELINE_ROWS.toLocaleString('en')} inserted here`,
      target: `< ${TARGET_MS} ms`,
      reached: median(times) < TARGET_MS,
      details: { milliseconds: times.map((time) => round(time)) },
    },
  ];
}

/** The codes are there: the batch counts them, and its last one can be used. */
async function proveLast(hub, batch, restaurant) {
  if (batch.count !== CODES) throw new Error(`${batch.count} codes were made.`);
  const { validate } = await hub.ask(VALIDATE, {
    input: { codes: [batch.last], order: { externalId: 'last', storeId: restaurant.storeId, currency: 'EUR', lines: LINES } },
  });
  if (validate.outcomes[0].__typename !== 'Applicable')
    throw new Error(`The last code cannot be used: ${JSON.stringify(validate.outcomes[0])}`);
}

/** Milliseconds that as many stored codes would take. */
async function rowsInserted(hub) {
  await hub.sql.query('create temporary table stored_code (code text primary key, campaign_id text not null, status text not null)');
  const began = performance.now();
  await hub.sql.query("insert into stored_code select md5(i::text), 'campaign', 'CREATED' from generate_series(1, $1::int) i", [
    BASELINE_ROWS,
  ]);
  const time = performance.now() - began;
  await hub.sql.query('drop table stored_code');
  return (time * CODES) / BASELINE_ROWS;
}
