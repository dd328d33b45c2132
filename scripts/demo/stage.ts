import { type Counter, setCounter } from './counter.ts';
import type { HubClient } from './hub-client.ts';
import type { MailSink } from './mail-sink.ts';
import type { SquarePlatform } from './square-platform.ts';

export interface Stage {
  readonly stores: Readonly<Record<'Sevilla' | 'Málaga' | 'Granada', string>>;
  /** A till's key in each store. */
  readonly tills: Readonly<Record<'Sevilla' | 'Málaga' | 'Granada', HubClient>>;
  readonly main: string;
  /** Ten percent of the check, at most 8.00; single-use codes. */
  readonly tenOff: { readonly id: string; readonly codes: readonly string[] };
  /** Two euro off from 15.00, one word for all, twelve times. */
  readonly tapeo: { readonly id: string; readonly word: string };
  /** Three euro for the next visit, given out by the workflow. */
  readonly comeBack: string;
  readonly workflow: string;
  readonly counter: Counter;
}

/** Everything the evening needs, made through the hub's public door. */
export async function setStage(hub: HubClient, square: SquarePlatform, mail: MailSink): Promise<Stage> {
  const run = Date.now().toString(36).toUpperCase();
  const stores = {
    Sevilla: await store(hub, { name: 'Sevilla' }),
    Málaga: await store(hub, { name: 'Málaga' }),
    Granada: await store(hub, { name: 'Granada' }),
  };
  const tills = {
    Sevilla: await till(hub, stores.Sevilla),
    Málaga: await till(hub, stores.Málaga),
    Granada: await till(hub, stores.Granada),
  };
  const main = await campaign(hub, { name: 'Noches de otoño', budget: { minor: 20_000, currency: 'EUR' } });
  const tenOff = await campaign(hub, {
    name: 'Diez por ciento',
    parentId: main,
    incentive: { percentOff: { percent: '10', maximum: { minor: 800, currency: 'EUR' } } },
  });
  const tapeo = await campaign(hub, {
    name: 'Tapeo',
    parentId: main,
    incentive: { amountOff: { amount: { minor: 200, currency: 'EUR' } } },
    conditions: { minimumOrder: 1_500 },
    limits: [{ counts: 'REDEMPTIONS', per: 'CAMPAIGN', period: 'BUSINESS_DAY', max: 12 }],
  });
  const comeBack = await campaign(hub, {
    name: 'Vuelve pronto',
    distribution: 'CUSTOMER',
    incentive: { amountOff: { amount: { minor: 300, currency: 'EUR' } } },
  });
  for (const id of [main, tenOff, tapeo, comeBack]) await activate(hub, 'Campaign', id);
  const tenCodes = await codes(hub, tenOff, 60, 'DV');
  const word = `TAPEO${run}`;
  await sharedWord(hub, tapeo, word);
  await connectPlatform(hub, 'square', 'Square', {
    ...square.settings,
    locations: { [square.locations.Sevilla]: stores.Sevilla, [square.locations.Granada]: stores.Granada },
  });
  await square.subscribed();
  const { id: mailId } = await connectPlatform(hub, 'sendgrid', 'SendGrid', { ...mail.settings, environment: 'production' });
  const followsUp = await followUp(hub, tenOff, comeBack, mailId);
  const counter = await setCounter(hub, tills.Málaga, stores.Málaga);
  return {
    stores,
    tills,
    main,
    tenOff: { id: tenOff, codes: tenCodes },
    tapeo: { id: tapeo, word },
    comeBack,
    workflow: followsUp,
    counter,
  };
}

const GENERATE = 'mutation ($input: GenerateCodesInput!) { generateCodes(input: $input) { sample(first: 60) } }';
const CONNECT = 'mutation ($input: ConnectInput!) { connect(input: $input) { id status webhookUrl lastError } }';

export async function codes(hub: HubClient, campaignId: string, count: number, prefix: string): Promise<readonly string[]> {
  const input = { campaignId, idempotencyKey: `demo ${campaignId}`, count, random: { prefix } };
  return (await hub.ask<{ generateCodes: { sample: string[] } }>(GENERATE, { input })).generateCodes.sample;
}

/** One code for all who know the word. */
export const sharedWord = (hub: HubClient, campaignId: string, word: string): Promise<unknown> =>
  hub.ask(GENERATE, { input: { campaignId, idempotencyKey: `demo ${campaignId}`, count: 1, shared: word } });

export async function store(
  hub: HubClient,
  input: { readonly name: string; readonly currency?: string; readonly timeZone?: string },
): Promise<string> {
  return (
    await hub.ask<{ createStore: { id: string } }>('mutation ($input: CreateStoreInput!) { createStore(input: $input) { id } }', { input })
  ).createStore.id;
}

export async function till(hub: HubClient, storeId: string): Promise<HubClient> {
  const input = { name: 'Till of the demo', role: 'TILL', storeIds: [storeId] };
  const { createApiKey } = await hub.ask<{ createApiKey: { secret: string } }>(
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    { input },
  );
  return hub.withKey(createApiKey.secret);
}

export async function campaign(hub: HubClient, input: Record<string, unknown>): Promise<string> {
  return (
    await hub.ask<{ createCampaign: { id: string } }>('mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { id } }', {
      input,
    })
  ).createCampaign.id;
}

export const activate = (hub: HubClient, what: 'Campaign' | 'Workflow', id: string): Promise<unknown> =>
  hub.ask(`mutation ($id: ID!) { activate${what}(id: $id) { status } }`, { id });

export async function workflow(hub: HubClient, input: Readonly<Record<string, unknown>>): Promise<string> {
  return (
    await hub.ask<{ createWorkflow: { id: string } }>('mutation ($input: WorkflowInput!) { createWorkflow(input: $input) { id } }', {
      input,
    })
  ).createWorkflow.id;
}

interface Connected {
  readonly connect: { readonly id: string; readonly status: string; readonly webhookUrl: string; readonly lastError: string | null };
}

export async function connectPlatform(
  hub: HubClient,
  connectorId: string,
  name: string,
  settings: Record<string, unknown>,
  { storeId = null, misses }: { readonly storeId?: string | null; readonly misses?: string | undefined } = {},
): Promise<Connected['connect']> {
  const { connect } = await hub.ask<Connected>(CONNECT, { input: { connectorId, name, settings, storeId } });
  const isExpected = misses !== undefined && connect.lastError?.includes(misses);
  if (connect.status !== 'ACTIVE' && !isExpected) throw new Error(`${name} could not be connected: ${connect.lastError}`);
  return connect;
}

/** Whoever used a ten-percent code gets a voucher for the next visit a moment later, by e-mail. */
async function followUp(hub: HubClient, tenOff: string, comeBack: string, mailId: string): Promise<string> {
  const input = {
    name: 'Come back soon',
    trigger: { on: 'VOUCHER_REDEEMED' },
    filter: `campaign.id == "${tenOff}" && customer != null && customer.email != null`,
    steps: [
      { id: 'breathe', wait: { duration: 'PT1S' } },
      { id: 'next', allocate: { campaignId: comeBack, customer: 'customer.id' } },
      {
        id: 'tell',
        deliver: {
          to: 'customer.email',
          text: 'Gracias por venir. Su vale de 3 € para la próxima visita: {{ steps.next.code }}',
          channels: [{ connectionId: mailId, channel: 'EMAIL' }],
        },
      },
    ],
  };
  const id = await workflow(hub, input);
  await activate(hub, 'Workflow', id);
  return id;
}
