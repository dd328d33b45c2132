import type { HubClient } from '../hub-client.ts';
import type { Publishes } from '../platforms/platform.ts';
import { activate, campaign, codes, sharedWord } from '../stage.ts';
import { until } from '../wait.ts';
import type { Player } from './company.ts';

interface Plan {
  readonly planPublication: {
    readonly possible: boolean;
    readonly codes: number;
    readonly losses: readonly { readonly effect: string; readonly message: string }[];
  };
}
export interface Publication {
  readonly status: string;
  readonly codesAdded: number;
  readonly lastError: string | null;
  readonly connection: { readonly id: string };
}

const PLAN =
  'query ($campaignId: ID!, $connectionId: ID!) { planPublication(campaignId: $campaignId, connectionId: $connectionId) { possible codes losses { effect message } } }';
const PUBLISH =
  'mutation ($campaignId: ID!, $connectionId: ID!, $onLoss: OnLoss!) { publishCampaign(campaignId: $campaignId, connectionId: $connectionId, onLoss: $onLoss) { status } }';

/** What the group gives this evening: ten percent by single codes, and two euro off by one word for all. */
export interface Campaigns {
  readonly ofCodes: string;
  readonly codes: readonly string[];
  readonly ofWord: string;
}

export async function announce(hub: HubClient, count: number): Promise<Campaigns> {
  const ofCodes = await campaign(hub, { name: 'Diez por ciento', incentive: { percentOff: { percent: '10' } } });
  const ofWord = await campaign(hub, { name: 'Tapeo', incentive: { amountOff: { amount: { minor: 200, currency: 'EUR' } } } });
  for (const id of [ofCodes, ofWord]) await activate(hub, 'Campaign', id);
  await sharedWord(hub, ofWord, 'TAPEO');
  return { ofCodes, codes: await codes(hub, ofCodes, count, 'DV'), ofWord };
}

/** Which campaign it is there, and how many things it is made of. */
export const wantedAt = ({ ofCodes, ofWord, codes: all }: Campaigns, { takes }: Publishes) =>
  takes === 'CODES' ? { campaignId: ofCodes, due: all.length } : { campaignId: ofWord, due: 1 };

export async function publicationAt(hub: HubClient, campaignId: string, connectionId: string): Promise<Publication | undefined> {
  const { publications } = await hub.ask<{ publications: readonly Publication[] }>(
    'query ($campaignId: ID!) { publications(campaignId: $campaignId) { status codesAdded lastError connection { id } } }',
    { campaignId },
  );
  return publications.find(({ connection }) => connection.id === connectionId);
}

/** Asks first what the campaign would lose there, then publishes it; over once the platform has it. */
export async function publish(hub: HubClient, campaigns: Campaigns, player: Player, say: (text: string) => void): Promise<void> {
  const { platform, standIn, connection } = player;
  if (!standIn.publishes) return;
  const { title } = platform;
  const { campaignId } = wantedAt(campaigns, standIn.publishes);
  const about = { campaignId, connectionId: connection.id };
  const { planPublication: plan } = await hub.ask<Plan>(PLAN, about);
  if (plan.losses.length > 0) say(`| What would be lost at ${title}; the group publishes all the same:`);
  for (const { effect, message } of plan.losses) say(`|   ${effect} ${message}`);
  await hub.ask(PUBLISH, { ...about, onLoss: plan.losses.length > 0 ? 'GO_ON' : 'REFUSE' });
  const there = await until(`the campaign at ${title}`, async () => {
    const found = await publicationAt(hub, campaignId, connection.id);
    return found?.status === 'PUBLISHED' || found?.status === 'FAILED' ? found : undefined;
  });
  if (there.status === 'FAILED') throw new Error(`${title} did not take the campaign: ${there.lastError}`);
  const taken = standIn.publishes.arrived();
  say(`| ${title} has a campaign of the hub: ${taken} ${standIn.publishes.words[taken === 1 ? 0 : 1]}.`);
}
