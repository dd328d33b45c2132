// What the public must not be told apart: the same question with codes that are unusable for different reasons, one after another in
// random order over one connection. Compared are answers, headers and times. A guesser who hears one answer of each of two kinds
// and bets on the slower is right with the probability given: 0.5 is chance.

import { median, percentile, round } from '../figures.mjs';
import { HttpClient } from '../http-client.mjs';
import { startHub } from '../hub.mjs';
import { LINES, makeCampaign, makeCodes, openRestaurant, REDEEM } from '../scene.mjs';

const TIMES = { quick: 150, long: 1_000 };
const TARGET = 0.05;
const QUESTION = `query Q($input: ValidateInput!) { validate(input: $input) { outcomes { __typename ... on Rejection { id at code reason publicReason message retryable failures { reason } nearestBasket { message } store { id } campaign { id } orderSource orderExternalId } } order { due { minor } lines { due { minor } } } } }`;
const DIGITS = '0123456789';
const OWNER = '+34600111222';
const GUEST = '+34600111333';

export async function masks(bench) {
  const hub = await startHub(undefined, { VALEHUB_ATTEMPTS_PER_MINUTE: '1000000' });
  try {
    const { storeId } = await openRestaurant(hub);
    const key = (await hub.ask('mutation { createApiKey(input: { name: "Web", role: PUBLIC }) { secret } }')).createApiKey.secret;
    const codes = await unusable(hub, storeId);
    const times = bench.quick ? TIMES.quick : TIMES.long;
    const heard = await ask(hub, { key, storeId, codes, times });
    return report(bench, codes, heard, times);
  } finally {
    await hub.stop();
  }
}

/** One code of each kind, all of one length. */
async function unusable(hub, storeId) {
  const campaign = await makeCampaign(hub, 'Masked');
  const { first } = await makeCodes(hub, campaign, { count: 1_000, random: { prefix: 'DV' } }).then(({ id }) => sampleOf(hub, id));
  const given = await campaignFor(hub, 'CUSTOMER');
  const own = await sampleOf(hub, (await makeCodes(hub, given, { count: 1_000, random: { prefix: 'DV' } })).id);
  const [used, blocked, cancelled] = first;
  await hub.ask(REDEEM, { input: { idempotencyKey: 'used', codes: [used], order: order(storeId, 'used') } });
  for (const [code, mutation] of [
    [blocked, 'blockVoucher'],
    [cancelled, 'cancelVoucher'],
  ]) {
    const { voucher } = await hub.ask('query ($code: String!) { voucher(code: $code) { id } }', { code });
    await hub.ask(`mutation ($id: ID!) { ${mutation}(id: $id, reason: "bench") { id } }`, { id: voucher.id });
  }
  const { issueVoucher } = await hub.ask(
    'mutation ($input: IssueVoucherInput!) { issueVoucher(input: $input) { ... on Issued { voucher { code } } } }',
    { input: { idempotencyKey: 'given', campaignId: given, customer: { phone: OWNER } } },
  );
  const sought = await search(hub, storeId, first[4]);
  const kinds = {
    unknown: sought.CODE_UNKNOWN,
    malformed: `${first[4].slice(0, -2)}!!`,
    'check failed': sought.CODE_CHECK_FAILED,
    blocked,
    cancelled,
    'other customer’s': issueVoucher.voucher.code,
    used,
    'not issued': own.first.at(-1),
  };
  return kinds;
}

const sampleOf = async (hub, batchId) => {
  const response = await fetch(`${hub.url}/codes/${batchId}.csv?part=1`, { headers: { authorization: `Bearer ${hub.adminKey}` } });
  if (!response.ok) throw new Error(`The codes could not be read: ${response.status}.`);
  return { first: (await response.text()).trim().split(/\r?\n/).slice(1) };
};

async function campaignFor(hub, distribution) {
  const { createCampaign } = await hub.ask('mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
    input: { name: distribution, distribution, incentive: { percentOff: { percent: '10' } } },
  });
  await hub.ask('mutation ($id: ID!) { activateCampaign(id: $id) { id } }', { id: createCampaign.id });
  return createCampaign.id;
}

/** Codes that look right: one whose check character fails, one that was never made. Staff are told which is which. */
async function search(hub, storeId, pattern) {
  const found = {};
  while (!(found.CODE_UNKNOWN && found.CODE_CHECK_FAILED)) {
    const code = pattern.slice(0, 2) + Array.from({ length: pattern.length - 2 }, () => DIGITS[Math.floor(Math.random() * 10)]).join('');
    const { validate } = await hub.ask(
      'query ($input: ValidateInput!) { validate(input: $input) { outcomes { ... on Rejection { reason } } } }',
      { input: { codes: [code], order: order(storeId, 'search') } },
    );
    const { reason } = validate.outcomes[0];
    if (reason) found[reason] ??= code;
  }
  return found;
}

const order = (storeId, externalId) => ({ externalId, storeId, currency: 'EUR', lines: LINES, customer: { phone: GUEST } });

async function ask(hub, { key, storeId, codes, times }) {
  const client = new HttpClient(hub.url);
  const kinds = Object.keys(codes);
  const heard = Object.fromEntries(kinds.map((kind) => [kind, { ms: [], bodies: new Set(), sizes: new Set() }]));
  const warmUp = 20;
  for (let turn = -warmUp; turn < times; turn += 1) {
    for (const kind of shuffled(kinds)) {
      const code = codes[kind];
      const externalId = `masks-${String(turn + warmUp).padStart(6, '0')}`;
      const body = JSON.stringify({ query: QUESTION, variables: { input: { codes: [code], order: order(storeId, externalId) } } });
      const began = performance.now();
      const answer = await client.post('/graphql', key, body);
      const took = performance.now() - began;
      if (turn < 0) continue;
      heard[kind].ms.push(took);
      heard[kind].sizes.add(Buffer.byteLength(answer.body) - code.length);
      heard[kind].bodies.add(masked(answer.body));
    }
  }
  client.close();
  return heard;
}

/** The answer without what differs from one question to the next. */
function masked(text) {
  const answer = JSON.parse(text);
  for (const outcome of answer.data.validate.outcomes) Object.assign(outcome, { id: '', at: '', code: '', orderExternalId: '' });
  return JSON.stringify(answer);
}

function shuffled(list) {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [copy[at], copy[other]] = [copy[other], copy[at]];
  }
  return copy;
}

/** Mann and Whitney: how likely one of `a` takes longer than one of `b`, and in how many standard deviations from chance. */
function compare(a, b) {
  const all = [...a.map((ms) => ({ ms, ofA: true })), ...b.map((ms) => ({ ms, ofA: false }))].sort((x, y) => x.ms - y.ms);
  const ranks = all.reduce((sum, { ofA }, rank) => sum + (ofA ? rank + 1 : 0), 0);
  const u = ranks - (a.length * (a.length + 1)) / 2;
  const deviation = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
  return { chance: u / (a.length * b.length), deviations: (u - (a.length * b.length) / 2) / deviation };
}

function report(bench, codes, heard, times) {
  const kinds = Object.keys(codes);
  const bodies = new Set(kinds.flatMap((kind) => [...heard[kind].bodies]));
  const sizes = new Set(kinds.flatMap((kind) => [...heard[kind].sizes]));
  const pairs = kinds.flatMap((a, at) => kinds.slice(at + 1).map((b) => ({ a, b, ...compare(heard[a].ms, heard[b].ms) })));
  const worst = pairs.reduce((far, pair) => (Math.abs(pair.chance - 0.5) > Math.abs(far.chance - 0.5) ? pair : far));
  const medians = Object.fromEntries(kinds.map((kind) => [kind, round(median(heard[kind].ms), 3)]));
  for (const kind of kinds)
    bench.say(`${kind.padEnd(17)} median ${medians[kind].toFixed(3)} ms, p95 ${percentile(heard[kind].ms, 0.95).toFixed(3)} ms`);
  const advantage = Math.abs(worst.chance - 0.5);
  const alike = bodies.size === 1 && sizes.size === 1;
  bench.say(
    alike ? 'all answers are the same but for id, moment and code, in content and size' : `ANSWERS DIFFER: ${[...bodies].join('\n')}`,
  );
  return [
    {
      row: 'masks',
      what: `${kinds.length} kinds of unusable codes asked for by the public, ${times} times each: the pair that differs most (${worst.a}, ${worst.b})`,
      ours: `told apart from one answer each with probability ${round(0.5 + advantage, 3)} (${round(Math.abs(worst.deviations), 1)} standard deviations)`,
      baseline: '0.5',
      ratio: null,
      against: 'a guess',
      target: `<= ${0.5 + TARGET}, and one content and size`,
      reached: advantage <= TARGET && alike,
      details: {
        medians,
        medianSpread: round(Math.max(...Object.values(medians)) - Math.min(...Object.values(medians)), 3),
        contents: bodies.size,
        sizes: sizes.size,
        pairs: pairs.map(({ a, b, chance, deviations }) => ({ a, b, chance: round(chance, 3), deviations: round(deviations, 1) })),
      },
    },
  ];
}
