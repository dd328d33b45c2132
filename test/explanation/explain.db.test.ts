import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCampaign, createStore, generateCodes, order } from '../graphql/stage.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';

const EXPLAIN = `query ($id: ID!) {
  explain(redemptionId: $id) {
    ruleVersion agrees complete businessDay holdId message
    differences { kind code }
    store { storeId version name timeZone defaultTaxRate taxRates { group rate } }
    before { due { minor } tax { rate tax { minor } } }
    after { due { minor } voucherDiscounts { minor } tendered { minor } }
    vouchers {
      step code kind campaignId campaignVersion promisedVersion campaignName amount { minor } reckoned { minor }
      redemption { id }
      place { because beside priority alone { minor } message }
      checks { reason result message }
      reckoning { base { minor } units unrounded amount { minor } message incentive { percentOff { percent } } }
      shares { lineId unit taxRate before { minor } amount { minor } after { minor } }
      limits { counts per period max taken used held message }
      before { due { minor } }
      after { due { minor } }
    }
  }
}`;
const REDEEM = `mutation ($input: RedeemInput!) {
  redeem(input: $input) { ... on Redeemed { redemptions { id code amount { minor } } } ... on Refused { rejections { reason } } }
}`;
const inEnglish = { headers: { 'accept-language': 'en' } };

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => closeAgreed({ database: hub.database, close: () => hub.stop(), hub: hub.hub }));

let keys = 0;
async function redeem(codes: readonly string[], input: Record<string, unknown>, key?: string) {
  keys += 1;
  const { redeem: answer } = await hub.ask(
    REDEEM,
    { input: { idempotencyKey: `explain ${keys}`, codes, order: input } },
    key ? { key } : {},
  );
  if (!answer.redemptions) throw new Error(JSON.stringify(answer));
  return answer.redemptions as { id: string; code: string; amount: { minor: number } }[];
}
const explain = async (id: string, asking = {}) => (await hub.ask(EXPLAIN, { id }, asking)).explain;

/** A line discount, one on the whole order, and a part payment, on a check of 25.43. */
async function setMenu() {
  const storeId = await createStore(hub, { name: 'Triana', taxRates: [{ group: 'alcohol', rate: '21' }] });
  const lines = await createCampaign(hub, {
    name: 'Tapas',
    incentive: { amountOff: { amount: { minor: 200, currency: 'EUR' }, scope: { include: { skus: ['tapa'] } } } },
  });
  const whole = await createCampaign(hub, {
    name: 'Quince',
    incentive: { percentOff: { percent: '15', maximum: { minor: 1_000, currency: 'EUR' } } },
    conditions: { minimumOrder: 1_500 },
    limits: [{ counts: 'REDEMPTIONS', per: 'CAMPAIGN', max: 500 }],
    budget: { minor: 100_000, currency: 'EUR' },
  });
  const paid = await createCampaign(hub, {
    name: 'Vale de 5',
    incentive: { tender: { value: { minor: 500, currency: 'EUR' } } },
    taxClass: 'PAYMENT',
  });
  const codes: string[][] = [];
  for (const [at, id] of [lines, whole, paid].entries()) codes.push((await generateCodes(hub, id, { random: { prefix: `E${at}` } })).codes);
  const [ofLines = [], ofWhole = [], ofPaid = []] = codes;
  return { storeId, lines, whole, paid, ofLines, ofWhole, ofPaid };
}

const CHECK = [
  { id: 'a', sku: 'paella', quantity: '1', unitPrice: 1_450 },
  { id: 'b', sku: 'tapa', quantity: '3', unitPrice: 231 },
  { id: 'c', sku: 'vino', quantity: '1', unitPrice: 600, group: 'alcohol' },
];

describe('an accountant asks', () => {
  test('why 3.81 and gets the base, the percentage, the rounding and every unit', async () => {
    const { storeId, whole, ofLines, ofWhole, ofPaid } = await setMenu();
    const made = await redeem([ofPaid[0] as string, ofWhole[0] as string, ofLines[0] as string], order(storeId, { lines: CHECK }));
    const of = made.find(({ code }) => code === ofWhole[0]);
    const explanation = await explain(of?.id as string, inEnglish);

    expect(explanation).toMatchObject({
      ruleVersion: 1,
      agrees: true,
      complete: true,
      differences: [],
      holdId: null,
      store: {
        storeId,
        version: 1,
        name: 'Triana',
        timeZone: 'Europe/Madrid',
        defaultTaxRate: '10',
        taxRates: [{ group: 'alcohol', rate: '21' }],
      },
      before: { due: { minor: 2_743 } },
      // 27.43 - 2.00 = 25.43; 15 % of it is 3.8145, so 3.81; 21.62 - 5.00 = 16.62.
      after: { due: { minor: 1_662 }, voucherDiscounts: { minor: 581 }, tendered: { minor: 500 } },
      message: 'Decided again on what was stored, it comes to the same, to the last unit.',
    });
    const [first, second, third] = explanation.vouchers;
    expect([first.code, second.code, third.code]).toEqual([ofLines[0], ofWhole[0], ofPaid[0]]);
    expect(second).toMatchObject({
      step: 2,
      kind: 'ORDER_DISCOUNT',
      campaignId: whole,
      campaignVersion: 2,
      campaignName: 'Quince',
      amount: { minor: 381 },
      reckoned: null,
      redemption: { id: of?.id },
      before: { due: { minor: 2_543 } },
      after: { due: { minor: 2_162 } },
      place: { because: 'LEVEL', beside: ofLines[0] },
      reckoning: {
        base: { minor: 2_543 },
        units: 5,
        unrounded: '381.45',
        amount: { minor: 381 },
        incentive: { percentOff: { percent: '15' } },
        message: expect.stringContaining('15 % of 25.43 EUR due on 5 units'),
      },
    });
    expect(
      second.shares.map((share: { lineId: string; unit: number; before: { minor: number }; amount: { minor: number } }) => [
        share.lineId,
        share.unit,
        share.before.minor,
        share.amount.minor,
      ]),
    ).toEqual([
      ['a', 1, 1_450, 217],
      ['b', 1, 164, 25],
      ['b', 2, 164, 24],
      ['b', 3, 165, 25],
      ['c', 1, 600, 90],
    ]);
    expect(second.limits).toEqual([
      expect.objectContaining({ counts: 'REDEMPTIONS', per: 'CAMPAIGN', period: 'EVER', max: 500, taken: 1, used: null }),
      expect.objectContaining({
        counts: null,
        per: 'CAMPAIGN',
        max: 100_000,
        taken: 381,
        used: null,
        message: expect.stringContaining('3.81 EUR of 1,000.00 EUR'),
      }),
    ]);
    expect(third).toMatchObject({ kind: 'TENDER', shares: [], reckoning: { base: { minor: 2_162 }, amount: { minor: 500 } } });
  });

  test('which rules were looked at, with their numbers, and which the campaign does not ask', async () => {
    const { storeId, ofWhole } = await setMenu();
    const [made] = await redeem([ofWhole[1] as string], order(storeId, { lines: CHECK }));
    const { checks } = (await explain(made?.id as string, inEnglish)).vouchers[0];
    const of = (reason: string) => checks.find((check: { reason: string }) => check.reason === reason);
    expect(of('ORDER_BELOW_MINIMUM')).toEqual({
      reason: 'ORDER_BELOW_MINIMUM',
      result: 'MET',
      message: 'Minimum order: 27.43 EUR, at least 15.00 EUR.',
    });
    expect(of('ORDER_ABOVE_MAXIMUM')).toMatchObject({ result: 'NOT_ASKED', message: 'Maximum order: not asked.' });
    expect(checks.every((check: { result: string }) => check.result !== 'NOT_MET')).toBe(true);
    const spanish = (await explain(made?.id as string, { headers: { 'accept-language': 'es' } })).vouchers[0].checks;
    expect(spanish.map((check: { message: string }) => check.message)).toContain('Pedido mínimo: 27,43 €, al menos 15,00 €.');
  });

  test('after the store and the campaign changed, and still hears of them as they were', async () => {
    const { storeId, whole, ofWhole } = await setMenu();
    const [made] = await redeem([ofWhole[2] as string], order(storeId, { lines: CHECK }));
    await hub.ask(
      'mutation ($id: ID!) { updateStore(id: $id, input: { name: "Nervión", defaultTaxRate: "4", timeZone: "Atlantic/Canary", taxRates: [] }) { id } }',
      { id: storeId },
    );
    await hub.ask('mutation ($id: ID!) { pauseCampaign(id: $id) { id } }', { id: whole });
    const then = await explain(made?.id as string);
    expect(then).toMatchObject({ agrees: true, store: { version: 1, name: 'Triana', defaultTaxRate: '10' } });
    expect(then.before.tax.map(({ rate }: { rate: string }) => rate)).toEqual(['10', '21']);
    const [later] = await redeem([(await setMenu()).ofWhole[0] as string], order(storeId, { lines: CHECK }));
    expect(await explain(later?.id as string)).toMatchObject({
      agrees: true,
      store: { version: 2, name: 'Nervión', timeZone: 'Atlantic/Canary' },
    });
  });

  test('why a voucher that was issued before a change still gave what was promised', async () => {
    const storeId = await createStore(hub);
    const campaignId = await createCampaign(hub, {
      name: 'Bienvenida',
      distribution: 'CUSTOMER',
      incentive: { percentOff: { percent: '20' } },
    });
    await generateCodes(hub, campaignId);
    const { issueVoucher } = await hub.ask(
      `mutation ($id: ID!) { issueVoucher(input: { idempotencyKey: "promise", campaignId: $id, customer: { phone: "+34600999111" } }) { ... on Issued { voucher { code } } } }`,
      { id: campaignId },
    );
    const change = { id: campaignId, input: { incentive: { percentOff: { percent: '5' } }, name: 'Bienvenida 2' } };
    await hub.ask('mutation ($id: ID!, $input: UpdateCampaignInput!) { updateCampaign(id: $id, input: $input) { version } }', change);
    const [made] = await redeem([issueVoucher.voucher.code], order(storeId, { lines: CHECK }));
    const explanation = await explain(made?.id as string, inEnglish);
    expect(explanation).toMatchObject({
      agrees: true,
      vouchers: [{ campaignVersion: 3, promisedVersion: 2, campaignName: 'Bienvenida 2', amount: { minor: 549 } }],
    });
    expect(explanation.vouchers[0].reckoning.message).toContain('20 % of 27.43 EUR due on 5 units');
  });
});

describe('the marketing person asks why one came before the other', () => {
  async function two(one: Record<string, unknown>, other: Record<string, unknown>) {
    const storeId = await createStore(hub);
    const ids = [await createCampaign(hub, { name: 'One', ...one }), await createCampaign(hub, { name: 'Other', ...other })];
    const codes: string[] = [];
    for (const [at, id] of ids.entries()) codes.push((await generateCodes(hub, id, { random: { prefix: `P${at}` } })).codes[0] as string);
    const [made] = await redeem(codes, order(storeId, { lines: CHECK }));
    const { vouchers } = await explain(made?.id as string, inEnglish);
    return vouchers.map(({ campaignName, place }: { campaignName: string; place: { because: string } }) => [campaignName, place.because]);
  }
  const ten = { percentOff: { percent: '10' } };

  test('by level, by priority, by what it would give alone, by code', async () => {
    expect(await two({ incentive: ten }, { incentive: { percentOff: { percent: '5', scope: {} } } })).toEqual([
      ['Other', 'LEVEL'],
      ['One', 'LEVEL'],
    ]);
    expect(await two({ incentive: ten }, { incentive: ten, stacking: { priority: 3 } })).toEqual([
      ['Other', 'PRIORITY'],
      ['One', 'PRIORITY'],
    ]);
    expect(await two({ incentive: ten }, { incentive: { percentOff: { percent: '20' } } })).toEqual([
      ['Other', 'LARGER_DISCOUNT'],
      ['One', 'LARGER_DISCOUNT'],
    ]);
    expect(await two({ incentive: ten }, { incentive: ten })).toEqual([
      ['One', 'CODE'],
      ['Other', 'CODE'],
    ]);
  });
});

describe('who may ask', () => {
  test('a till of its own stores, without limits and terms of the campaign; of others it is as if there were none', async () => {
    const { storeId, ofWhole } = await setMenu();
    const [made] = await redeem([ofWhole[0] as string], order(storeId, { lines: CHECK }));
    const own = await explain(made?.id as string, { key: await hub.keyFor('TILL', { storeIds: [storeId] }) });
    expect(own).toMatchObject({ agrees: true, vouchers: [{ limits: null, reckoning: { incentive: null, base: { minor: 2_743 } } }] });
    const other = await hub.keyFor('TILL', { storeIds: [await createStore(hub)] });
    expect(await explain(made?.id as string, { key: other })).toBeNull();
    expect(await explain('rdm_0')).toBeNull();
    expect(await explain(made?.id as string, { key: await hub.keyFor('ACCOUNTING') })).toMatchObject({ agrees: true });
  });
});
