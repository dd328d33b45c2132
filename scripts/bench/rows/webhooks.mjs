// Row webhooks: from the answer to a signed webhook, which brings a whole order with a voucher, to the redemption's event at a subscriber.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { cpuEach, cpuOf } from '../cpu.mjs';
import { median, round } from '../figures.mjs';
import { runScript } from '../processes.mjs';
import { counted, makeCampaign, makeCodes, saveCodes } from '../scene.mjs';

const PER_SECOND = 200;
const TARGET_MS = 100;
const LEAD_SECONDS = 2;

export async function webhookLag(bench) {
  const { hub, restaurant, folder, seconds } = bench;
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const { connect } = await hub.ask('mutation($input: ConnectInput!) { connect(input: $input) { id webhookUrl } }', {
    input: { connectorId: 'webhooks', name: 'Bench', storeId: restaurant.storeId, settings: { incomingSecret: secret } },
  });
  const path = new URL(connect.webhookUrl).pathname;
  const each = PER_SECOND * (seconds + LEAD_SECONDS);
  const codes = join(folder, 'codes-of-webhooks');
  const campaign = await makeCampaign(hub, 'By webhook');
  await saveCodes(hub, await makeCodes(hub, campaign, { count: each * (2 * bench.rounds + 2), random: { prefix: 'WH' } }), codes);
  let used = 0;

  async function run(kind) {
    const before = await counted(hub);
    const cpuBefore = cpuOf(hub);
    const result = await runScript('event-lag.mjs', {
      ...{
        kind,
        url: hub.url,
        path,
        secret,
        adminKey: hub.adminKey,
        keys: restaurant.keys,
        storeId: restaurant.storeId,
        codes,
        from: used,
      },
      ...{ tag: `${kind}-${used}`, perSecond: PER_SECOND, seconds, leadSeconds: LEAD_SECONDS },
    });
    used += each;
    const after = await counted(hub);
    const made = after.redemptions - before.redemptions;
    if (result.errors > 0 || after.rejections !== before.rejections) throw new Error(`${result.errors} of ${result.sent} were not taken.`);
    if (made !== result.sent - result.lost) throw new Error(`${result.sent} were sent, ${result.lost} lost, and ${made} redeemed.`);
    return { ...result, cpu: cpuEach(cpuBefore, cpuOf(hub), made) };
  }

  bench.say('warming up');
  await run('webhook');
  await run('redeem');
  const [hooks, redeems] = [[], []];
  for (let number = 1; number <= bench.rounds; number += 1) {
    redeems.push(await run('redeem'));
    hooks.push(await run('webhook'));
    const last = hooks.at(-1);
    bench.say(
      `round ${number} of ${bench.rounds}: lag p50 ${last.p50.toFixed(1)} ms, p99 ${last.p99.toFixed(1)} ms, ${last.lost} lost; redeem p99 ${redeems.at(-1).p99.toFixed(1)} ms`,
    );
  }
  const lost = hooks.reduce((sum, one) => sum + one.lost, 0);
  const p99 = median(hooks.map((one) => one.p99));
  const baseline = median(redeems.map((one) => one.p99));
  return [
    {
      row: 'webhooks',
      what: `signed webhooks with whole orders at ${PER_SECOND}/s, p99 from the answer to the redemption's event at a subscriber`,
      ours: `${p99.toFixed(1)} ms (p50 ${median(hooks.map((one) => one.p50)).toFixed(1)} ms), ${lost} lost`,
      baseline: `${baseline.toFixed(1)} ms`,
      ratio: round(p99 / Math.max(1, baseline), 2),
      against: 'from the answer to a redeem of the same basket to its event, same rate',
      target: `none lost, <= ${TARGET_MS} ms`,
      reached: lost === 0 && p99 <= TARGET_MS,
      details: {
        p50: hooks.map((one) => round(one.p50, 1)),
        p99: hooks.map((one) => round(one.p99, 1)),
        longest: hooks.map((one) => round(one.max, 1)),
        redeemP99: redeems.map((one) => round(one.p99, 1)),
        cpuMicrosecondsEach: hooks[0].cpu && {
          node: median(hooks.map((one) => one.cpu.node)),
          postgres: median(hooks.map((one) => one.cpu.postgres)),
        },
      },
    },
  ];
}
