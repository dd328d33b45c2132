// What is redeemed: one restaurant, its tills, and campaigns with rules, limits and a budget.
import { writeFileSync } from 'node:fs';

const TILLS = 16;
const EUR = 'EUR';

export const REDEEM = `mutation Redeem($input: RedeemInput!) { redeem(input: $input) { __typename ... on Redeemed { redemptions { id code amount { minor currency } allocations { lineId unit taxRate amount { minor } } } order { voucherDiscounts { minor } due { minor } } replayed } ... on Refused { rejections { reason message } } } }`;
export const VALIDATE = `query Validate($input: ValidateInput!) { validate(input: $input) { outcomes { __typename ... on Applicable { kind amount { minor currency } allocations { lineId unit amount { minor } } } ... on Rejection { reason message } } order { voucherDiscounts { minor } due { minor } } } }`;

/** Three lines, four units, 38.13 EUR. */
export const LINES = [
  { id: '1', sku: 'MENU', quantity: '2', unitPrice: 1250 },
  { id: '2', sku: 'WATER', unitPrice: 333 },
  { id: '3', sku: 'CAKE', unitPrice: 980 },
];

/** What 10 % off them is, in cents, and into how many shares it falls. */
export const DISCOUNT = 381;
export const SHARES = 4;

/** The store and one key a till, as a real restaurant has them. */
export async function openRestaurant(hub) {
  const { createStore: store } = await hub.ask('mutation { createStore(input: { name: "Bench" }) { id } }');
  const keys = [];
  for (let till = 0; till < TILLS; till += 1) {
    const { createApiKey } = await hub.ask('mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }', {
      input: { name: `Till ${till}`, role: 'TILL', storeIds: [store.id] },
    });
    keys.push(createApiKey.secret);
  }
  return { storeId: store.id, keys };
}

/** An active campaign of 10 % with a minimum order, channels, a budget and limits for campaign and store that never fill up. */
export async function makeCampaign(hub, name) {
  const { createCampaign: campaign } = await hub.ask('mutation($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
    input: {
      name,
      incentive: { percentOff: { percent: '10' } },
      conditions: { minimumOrder: 500, channels: ['DINE_IN', 'TAKEAWAY'] },
      budget: { minor: 1_000_000_000_000, currency: EUR },
      limits: [
        { counts: 'REDEMPTIONS', per: 'CAMPAIGN', max: 1_000_000_000 },
        { counts: 'REDEMPTIONS', per: 'STORE', period: 'BUSINESS_DAY', max: 1_000_000_000 },
      ],
    },
  });
  await hub.ask('mutation($id: ID!) { activateCampaign(id: $id) { id } }', { id: campaign.id });
  return campaign.id;
}

export async function makeCodes(hub, campaignId, codes, time = 0) {
  const { generateCodes } = await hub.ask(
    'mutation($input: GenerateCodesInput!) { generateCodes(input: $input) { id count last csvUrl } }',
    {
      input: { campaignId, idempotencyKey: `codes ${time} of ${campaignId}`, ...codes },
    },
  );
  return generateCodes;
}

/** Writes the codes of batches one a line, in an order that has nothing to do with how they were made; gives back how many. */
export async function saveCodes(hub, batches, path) {
  const codes = [];
  for (const batch of [batches].flat()) for (const code of await codesOf(hub, batch)) codes.push(code);
  for (let at = codes.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [codes[at], codes[other]] = [codes[other], codes[at]];
  }
  writeFileSync(path, codes.join('\n'));
  return codes.length;
}

async function codesOf(hub, batch) {
  const response = await fetch(`${hub.url}${batch.csvUrl}`, { headers: { authorization: `Bearer ${hub.adminKey}` } });
  if (!response.ok) throw new Error(`${batch.csvUrl} answered ${response.status}.`);
  return (await response.text()).trim().split(/\r?\n/).slice(1);
}

/** What the hub has stored. */
export async function counted(hub) {
  const { rows } = await hub.sql.query(
    `select (select count(*)::int from redemption) as redemptions, (select count(*)::int from rejection) as rejections,
            (select count(*)::int from allocation) as allocations, (select position::int from ledger_head) as sealed`,
  );
  return rows[0];
}
