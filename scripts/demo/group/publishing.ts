import type { HubClient } from '../hub-client.ts';
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
  'mutation ($campaignId: ID!, $connectionId: ID!) { publishCampaign(campaignId: $campaignId, connectionId: $connectionId, onLoss: NARROW) { status } }';

export async function publicationAt(hub: HubClient, campaignId: string, connectionId: string): Promise<Publication | undefined> {
  const { publications } = await hub.ask<{ publications: readonly Publication[] }>(
    'query ($campaignId: ID!) { publications(campaignId: $campaignId) { status codesAdded lastError connection { id } } }',
    { campaignId },
  );
  return publications.find(({ connection }) => connection.id === connectionId);
}

/** Asks first what the campaign would lose there, then publishes it; over once the platform has it with its codes. */
export async function publish(hub: HubClient, campaignId: string, player: Player, say: (text: string) => void): Promise<void> {
  const { title } = player.platform;
  const connectionId = player.connection.id;
  const { planPublication: plan } = await hub.ask<Plan>(PLAN, { campaignId, connectionId });
  for (const { effect, message } of plan.losses) say(`|   ${title}, ${effect}: ${message}`);
  await hub.ask(PUBLISH, { campaignId, connectionId });
  const there = await until(`the campaign at ${title}`, async () => {
    const found = await publicationAt(hub, campaignId, connectionId);
    return found?.status === 'PUBLISHED' || found?.status === 'FAILED' ? found : undefined;
  });
  if (there.status === 'FAILED') throw new Error(`${title} did not take the campaign: ${there.lastError}`);
  say(`| ${title} has the campaign and ${there.codesAdded} codes; guests may type them there.`);
}
