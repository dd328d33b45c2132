// What a redemption costs as the work around it grows: active campaigns, lines of the basket, events in the ledger. Costs are CPU, hub and PostgreSQL together.
import { join } from 'node:path';
import { median, perSecond, round } from '../figures.mjs';
import { startHub } from '../hub.mjs';
import { LINES, makeCampaign, makeCodes, openRestaurant, SHARES, saveCodes } from '../scene.mjs';
import { redeemFrom } from '../stage.mjs';

const CLIENTS = 64;
/** How much more a redemption may cost than at the smallest size. */
const BOUND = { campaigns: 2, line: 0.15, ledger: 1.25 };

/** Codes of all campaigns in turn, with ever more of them active. */
export async function manyCampaigns(bench) {
  const sizes = bench.quick ? [1, 10, 100] : [1, 10, 100, 1_000];
  const campaigns = [];
  const runs = [];
  for (const [step, size] of sizes.entries()) {
    while (campaigns.length < size) campaigns.push(await makeCampaign(bench.hub, `Campaign ${campaigns.length}`));
    const count = Math.ceil(bench.growthCodes / size);
    const batches = [];
    for (const [at, campaign] of campaigns.entries())
      batches.push(await makeCodes(bench.hub, campaign, { count, random: { prefix: `G${step}${String(at).padStart(4, '0')}` } }, step));
    const path = join(bench.folder, `codes-of-${size}-campaigns`);
    const pool = { path, count: await saveCodes(bench.hub, batches, path), used: 0 };
    runs.push({ size, ...(await repeated(bench, { pool })) });
    bench.say(line(runs, 'active campaigns'));
  }
  return grown('campaigns', runs, 'active campaigns', (cost) => cost <= BOUND.campaigns, `<= ${BOUND.campaigns} x`);
}

/** Baskets of one piece each line. */
export async function manyLines(bench) {
  const sizes = [1, 10, 200];
  const campaign = await makeCampaign(bench.hub, 'Long baskets');
  const path = join(bench.folder, 'codes-of-long-baskets');
  const batch = await makeCodes(bench.hub, campaign, { count: bench.growthCodes * 2, random: { prefix: 'LINES' } });
  const pool = { path, count: await saveCodes(bench.hub, batch, path), used: 0 };
  const runs = [];
  for (const size of sizes) {
    const lines = Array.from({ length: size }, (_, at) => ({ id: String(at + 1), sku: `SKU-${at + 1}`, unitPrice: 650 + at }));
    runs.push({ size, ...(await repeated(bench, { pool, lines, shares: size })) });
    bench.say(line(runs, 'lines'));
  }
  const within = (cost, size) => cost <= 1 + BOUND.line * (size - 1);
  return grown('lines', runs, 'lines', within, `<= 1 x and ${BOUND.line} x a further line`);
}

/**
 * The same hub with a short and a long book, and with the short one again: all else that grew meanwhile, and a machine that changed, would
 * else be put down to the book. Each time it is started anew and warmed up; the book is changed just before it stops, so that it has nothing left to write.
 */
export async function longLedger(bench) {
  const [short, long] = bench.quick ? [10_000, 1_000_000] : [10_000, 10_000_000];
  let hub = await startHub();
  try {
    const restaurant = await openRestaurant(hub);
    const campaign = await makeCampaign(hub, 'Long ledger');
    const path = join(bench.folder, 'codes-of-the-long-ledger');
    const batch = await makeCodes(hub, campaign, { count: bench.growthCodes * 2, random: { prefix: 'BOOK' } });
    const pool = { path, count: await saveCodes(hub, batch, path), used: 0 };
    const measured = async (size, change) => {
      await change(hub);
      await hub.stop({ keep: true });
      hub = await startHub(hub.folder);
      const run = { size, ...(await repeated({ ...bench, hub, restaurant, warm: false }, { pool })) };
      bench.say(line([run], 'events'));
      return run;
    };
    const before = await measured(short, () => lengthen(hub, short, '2020-01'));
    const filled = await measured(long, () => lengthen(hub, long - short, '2020-02'));
    const after = await measured(short, () => hub.sql.query('drop table ledger_event_2020_02'));
    const least = { size: short, rate: mean(before.rate, after.rate), cost: before.cost && mean(before.cost, after.cost) };
    return grown('ledger', [least, filled], 'events in the ledger', (cost) => cost <= BOUND.ledger, `<= ${BOUND.ledger} x`);
  } finally {
    await hub.stop();
  }
}

const mean = (one, other) => (one + other) / 2;

async function repeated(bench, task) {
  if (!bench.warm) await redeemFrom(bench, { clients: CLIENTS, length: bench.warmUp, ...task });
  bench.warm = true;
  const each = [];
  for (let at = 0; at < bench.rounds; at += 1)
    each.push(await redeemFrom(bench, { clients: CLIENTS, length: bench.seconds, lines: LINES, shares: SHARES, ...task }));
  return {
    rate: median(each.map((run) => run.rate)),
    cost: each[0].cpu && median(each.map((run) => run.cpu.node + run.cpu.postgres)),
  };
}

/** So many past events of other stores and campaigns, in a month of their own; their chain is made of numbers, as nothing here reads it. */
async function lengthen({ sql }, count, month) {
  const { rows } = await sql.query('select position::int from ledger_head');
  const from = rows[0].position + 1;
  const to = rows[0].position + count;
  const partition = `ledger_event_${month.replace('-', '_')}`;
  await sql.query(`create table ${partition} (like ledger_event including defaults)`);
  await sql.query(
    `insert into ${partition} (position, intake_id, type, at, business_day, store_id, campaign_id, code, amount, currency, data, redemption_id, voucher_id, order_source, order_external_id, hash, previous_hash)
     select n, n, 'VOUCHER_REDEEMED', $3::timestamptz + n * interval '1 millisecond' * (2000000000.0 / $2), $3::date, 'sto_' || n % 40, 'cmp_' || n % 500, 'DV' || n, 381, 'EUR',
       jsonb_build_object('redemptionId', 'rdm_' || n, 'kind', 'ORDER_DISCOUNT', 'taxClass', 'DISCOUNT', 'entryMode', 'SCANNED', 'order', jsonb_build_object('source', 'api', 'externalId', 'o' || n)),
       'rdm_' || n, 'vou_' || n, 'api', 'o' || n, lpad(to_hex(n), 64, '0'), lpad(to_hex(n - 1), 64, '0')
     from generate_series($1::bigint, $2::bigint) n`,
    [from, to, `${month}-01T00:00:00Z`],
  );
  // Indexes are built over rows that are there in a fraction of the time.
  const { rows: next } = await sql.query(`select to_char($1::date + interval '1 month', 'YYYY-MM-DD') as month`, [`${month}-01`]);
  await sql.query(
    `alter table ledger_event attach partition ${partition} for values from ('${month}-01T00:00:00Z') to ('${next[0].month}T00:00:00Z')`,
  );
  await sql.query(`update ledger_head set position = $1, hash = lpad(to_hex($1::bigint), 64, '0')`, [to]);
  await sql.query('vacuum analyze ledger_event');
}

const line = (runs, what) => {
  const { size, rate, cost } = runs.at(-1);
  return `${size} ${what}: ${perSecond(rate)}, ${cost === null ? 'no CPU figures here' : `${Math.round(cost)} microseconds of CPU each`}`;
};

/** Each size against the smallest: by CPU where it can be read, else by rate. */
const grown = (row, runs, what, within, target) =>
  runs.slice(1).map(({ size, rate, cost }) => {
    const [least] = runs;
    const ratio = cost === null ? least.rate / rate : cost / least.cost;
    return {
      row,
      what: `a redemption with ${size} ${what}, ${CLIENTS} clients`,
      ours: cost === null ? perSecond(rate) : `${Math.round(cost)} microseconds of CPU`,
      baseline: cost === null ? perSecond(least.rate) : `${Math.round(least.cost)} microseconds of CPU`,
      ratio: round(ratio, 2),
      against: `${least.size} ${what}`,
      target,
      reached: within(ratio, size),
      details: { rate: Math.round(rate), rateAtLeast: Math.round(least.rate) },
    };
  });
