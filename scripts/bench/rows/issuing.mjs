// What a voucher costs that is made as it is given out, as other campaigns have ever more codes. Cost is CPU, hub and PostgreSQL together.
import { cpuEach, cpuOf } from '../cpu.mjs';
import { median, round } from '../figures.mjs';
import { makeCodes } from '../scene.mjs';

const BATCHES = [10, 10_000];
const VOUCHERS = 200;
/** How much more a voucher may cost with many batches than with few. */
const BOUND = 1.25;

const CAMPAIGN =
  'mutation { createCampaign(input: { name: "Next visit", distribution: CUSTOMER, incentive: { percentOff: { percent: "10" } } }) { id } }';
const ISSUE = 'mutation($input: IssueVoucherInput!) { issueVoucher(input: $input) { __typename ... on Issued { voucher { code } } } }';

export async function manyBatches(bench) {
  const { hub } = bench;
  const { createCampaign: campaign } = await hub.ask(CAMPAIGN);
  await hub.ask('mutation($id: ID!) { activateCampaign(id: $id) { id } }', { id: campaign.id });
  const { createCampaign: printed } = await hub.ask(CAMPAIGN);
  await makeCodes(hub, printed.id, { count: 50, sequential: { prefix: 'B', width: 9, start: 1 } });
  await issueOneByOne(hub, campaign.id, 'warm-up');
  const runs = [];
  for (const size of BATCHES) {
    await addBooks(hub, printed.id, size);
    const each = [];
    for (let turn = 0; turn < bench.rounds; turn += 1) each.push(await issueOneByOne(hub, campaign.id, `${size} ${turn}`));
    runs.push({ size, ms: median(each.map(({ ms }) => ms)), cpu: each[0].cpu && median(each.map(({ cpu }) => cpu.node + cpu.postgres)) });
    bench.say(`${size} batches: ${runs.at(-1).ms.toFixed(1)} ms and ${runs.at(-1).cpu ?? 'unknown'} microseconds of CPU a voucher`);
  }
  const [few, many] = runs;
  const ratio = many.cpu === null ? many.ms / few.ms : many.cpu / few.cpu;
  return [
    {
      row: 'issuing',
      what: `a voucher made as it is given out, ${many.size} batches of codes in the hub`,
      ours: `${many.cpu} microseconds of CPU, ${many.ms.toFixed(1)} ms`,
      baseline: `${few.cpu} microseconds of CPU, ${few.ms.toFixed(1)} ms`,
      ratio: round(ratio, 2),
      against: `${few.size} batches`,
      target: `<= ${BOUND} x`,
      reached: ratio <= BOUND,
    },
  ];
}

/** Fills up to so many books of fifty, each with numbers of its own. */
async function addBooks({ sql }, campaignId, size) {
  await sql.query(
    `insert into code_batch (id, campaign_id, pattern_id, first_index, count, issue_cursor, created_at)
     select 'bat_' || md5(n::text), $1, (select id from code_pattern where kind = 'SEQUENTIAL' and prefix = 'B'), n * 100, 50, 50, now()
     from generate_series((select count(*) from code_batch where campaign_id = $1), $2::int - 1) n`,
    [campaignId, size],
  );
  await sql.query("notify valehub_terms, 'codes'");
}

async function issueOneByOne(hub, campaignId, tag) {
  const before = cpuOf(hub);
  const times = [];
  for (let number = 0; number < VOUCHERS; number += 1) {
    const began = performance.now();
    const { issueVoucher } = await hub.ask(ISSUE, {
      input: { idempotencyKey: `${tag} ${number}`, campaignId, customer: { phone: `+34600${String(100_000 + number)}` } },
    });
    if (issueVoucher.__typename !== 'Issued') throw new Error('A voucher was refused: this would measure refusals.');
    times.push(performance.now() - began);
  }
  return { ms: median(times), cpu: cpuEach(before, cpuOf(hub), VOUCHERS) };
}
