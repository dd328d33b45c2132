import Table from 'cli-table3';
import type { HubClient, LedgerEvent } from '../hub-client.ts';
import type { Words } from '../platforms/platform.ts';
import { euro } from '../print.ts';
import type { Player } from './company.ts';
import { type Campaigns, publicationAt, wantedAt } from './publishing.ts';

/** What a platform says beside what the hub says. Sides that are empty are none of the platform's. */
export interface Tally {
  readonly title: string;
  readonly orders: readonly [there: number, hub: number] | null;
  /** Minor units. */
  readonly redeemed: readonly [there: number, hub: number] | null;
  /** What had to go there, what the hub has sent, and what has arrived. */
  readonly sent: readonly {
    readonly words: readonly [string, string];
    readonly due: number;
    readonly sent: number;
    readonly there: number;
  }[];
}

interface Asked {
  readonly redemptions: {
    readonly edges: readonly {
      readonly node: { readonly amount: { readonly minor: number }; readonly reversed: { readonly minor: number } };
    }[];
  };
  readonly outboxJobs: { readonly edges: readonly { readonly node: { readonly status: string; readonly verb: string } }[] };
}

const ASK = `query ($connectionId: ID!, $source: String!) {
  redemptions(first: 200, filter: { orderSource: $source }) { edges { node { amount { minor } reversed { minor } } } }
  outboxJobs(connectionId: $connectionId, first: 200) { edges { node { status verb } } }
}`;

export async function tallyOf(hub: HubClient, player: Player, ledger: readonly LedgerEvent[], campaigns: Campaigns): Promise<Tally> {
  const { platform, standIn, connection } = player;
  const { till, receives, publishes } = standIn;
  const { redemptions, outboxJobs } = await hub.ask<Asked>(ASK, { connectionId: connection.id, source: connection.id });
  const redeemed = redemptions.edges.reduce((sum, { node }) => sum + node.amount.minor - node.reversed.minor, 0);
  const recorded = ledger.filter(({ type, orderSource }) => type === 'ORDER_RECORDED' && orderSource === connection.id).length;
  const truth = till?.truth();
  const done = outboxJobs.edges.filter(({ node }) => node.status === 'DONE' && node.verb === receives?.verb).length;
  const wanted = publishes && wantedAt(campaigns, publishes);
  const published = wanted && (await publicationAt(hub, wanted.campaignId, connection.id));
  return {
    title: platform.title,
    orders: truth ? [truth.orders, recorded] : null,
    redeemed: truth ? [truth.redeemed, redeemed] : null,
    sent: [
      ...(publishes && wanted
        ? [{ words: publishes.words, due: wanted.due, sent: published?.codesAdded ?? 0, there: publishes.arrived() }]
        : []),
      ...(receives
        ? [{ words: receives.words, due: ledger.filter((event) => receives.isDue(event)).length, sent: done, there: receives.arrived() }]
        : []),
    ],
  };
}

/** Nothing differs, and nothing is missing: whoever plays has something to show. */
export const agrees = ({ orders, redeemed, sent }: Tally): boolean =>
  [orders, redeemed].every((pair) => pair === null || (pair[0] === pair[1] && pair[0] > 0)) &&
  sent.every(({ due, sent: out, there }) => due === out && out === there && due > 0);

export function tallyTable(tallies: readonly Tally[]): string {
  const table = new Table({
    head: ['', 'checks\nthere', '\nhub', 'redeemed\nthere', '\nhub', 'to be sent\nby the hub', '\nsent', '\narrived', ''],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const tally of tallies) {
    const { title, orders, redeemed, sent } = tally;
    const counted = (count: number, [one, several]: Words) => `${count} ${count === 1 ? one : several}`;
    table.push([
      title,
      ...(orders ?? ['', '']),
      ...(redeemed?.map(euro) ?? ['', '']),
      sent.map(({ due, words }) => counted(due, words)).join('\n'),
      sent.map((each) => each.sent).join('\n'),
      sent.map(({ there }) => there).join('\n'),
      agrees(tally) ? 'agree' : 'DIFFER',
    ]);
  }
  return table.toString();
}
