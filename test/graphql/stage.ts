import type { TestHub } from '../helpers/hub.ts';

/** A store with an active campaign of ten percent off and some codes of it. */
export interface Stage {
  readonly storeId: string;
  readonly campaignId: string;
  readonly codes: readonly string[];
  readonly batchId: string;
}

// biome-ignore lint/suspicious/noExplicitAny: inputs of any shape, also wrong ones.
type Input = Record<string, any>;

const TEN_PERCENT: Input = { percentOff: { percent: '10', scope: {} } };

export async function createStore(hub: TestHub, input: Input = {}): Promise<string> {
  const { createStore: store } = await hub.ask('mutation ($input: CreateStoreInput!) { createStore(input: $input) { id } }', {
    input: { name: 'Triana', ...input },
  });
  return store.id;
}

export async function createCampaign(hub: TestHub, input: Input = {}): Promise<string> {
  const { createCampaign: campaign } = await hub.ask('mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
    input: { name: 'Ten off', incentive: TEN_PERCENT, ...input },
  });
  await hub.ask('mutation ($id: ID!) { activateCampaign(id: $id) { status } }', { id: campaign.id });
  return campaign.id;
}

export async function generateCodes(
  hub: TestHub,
  campaignId: string,
  input: Input = {},
): Promise<{ readonly batchId: string; readonly codes: string[] }> {
  const { generateCodes: batch } = await hub.ask(
    'mutation ($input: GenerateCodesInput!) { generateCodes(input: $input) { id sample(first: 100) } }',
    {
      input: {
        campaignId,
        idempotencyKey: `codes of ${campaignId} ${JSON.stringify(input)}`,
        count: 100,
        random: { prefix: 'DV' },
        ...input,
      },
    },
  );
  return { batchId: batch.id, codes: batch.sample };
}

export async function setStage(hub: TestHub, campaign: Input = {}): Promise<Stage> {
  const storeId = await createStore(hub);
  const campaignId = await createCampaign(hub, campaign);
  return { storeId, campaignId, ...(await generateCodes(hub, campaignId)) };
}

let orders = 0;

export function order(storeId: string, input: Input = {}): Input {
  orders += 1;
  return {
    externalId: `order ${orders}`,
    storeId,
    currency: 'EUR',
    lines: [{ id: '1', sku: 'pizza', quantity: '2', unitPrice: 1250 }],
    ...input,
  };
}

export const REDEEM = `mutation ($input: RedeemInput!) {
  redeem(input: $input) {
    __typename
    ... on Redeemed { redemptions { id code amount { minor currency } } order { due { minor } } replayed }
    ... on Refused { rejections { id code reason publicReason message failures { reason } } replayed }
  }
}`;
