import type { HubClient, LedgerEvent } from '../hub-client.ts';
import type { RunningHub } from '../own-hub.ts';
import { PLATFORMS } from '../platforms/index.ts';
import type { Check, StandIn, Till } from '../platforms/platform.ts';
import { ledgerHead, say } from '../print.ts';
import { settled, until } from '../wait.ts';
import { watch } from '../watch.ts';
import { join, type Player, readNow } from './company.ts';
import { serveGuest } from './counter.ts';
import { announce, publish } from './publishing.ts';
import { agrees, type Tally, tallyOf, tallyTable } from './tally.ts';

const CODES = 20;
/** Three plates at 15.00 with the voucher of ten percent, and two at 12.50 without. */
const withVoucher = (code: string): Check => ({ plates: 3, price: 1_500, voucher: { code, off: 450 } });
const WITHOUT: Check = { plates: 2, price: 1_250, voucher: null };

/** An evening in a group of restaurants, with a stand-in for every platform that has a connector. */
export async function playGroup(hub: HubClient, running: RunningHub): Promise<boolean> {
  const standIns: StandIn[] = [];
  const following = new AbortController();
  try {
    say(`An evening in a group of restaurants: a stand-in for each platform, all on this machine. The hub is at ${running.url}.`);
    if (running.logPath) say(`It writes its log to ${running.logPath}.`);
    say('\nThe platforms');
    const players: Player[] = [];
    for (const platform of PLATFORMS) {
      const standIn = await platform.start();
      standIns.push(standIn);
      const player = await join(hub, platform, standIn);
      players.push(player);
      say(`| ${platform.title} at ${standIn.url} is connected${partOf(player)}.`);
    }
    const seen: LedgerEvent[] = [];
    say(`\nThe evening, with the ledger as it grows\n${ledgerHead()}`);
    const watching = watch(hub, await hub.begin(), following.signal, seen);
    const campaigns = await announce(hub, CODES);
    await heard(seen, 2, 'the codes in the ledger', ({ type }) => type === 'CODES_GENERATED');
    say('| The group gives ten percent by single codes, and two euro off by one word for all.');
    for (const player of players) await publish(hub, campaigns, player, say);
    const pool = [...campaigns.codes];
    const next = (): string => pool.shift() ?? '';

    for (const player of players) await serve(hub, player, next, seen);
    await serveGuest(hub, next(), say);
    await heard(seen, 1, 'the refused code in the ledger', ({ type }) => type === 'VOUCHER_REJECTED');

    const look = async () => {
      const tallies: Tally[] = [];
      for (const player of players) tallies.push(await tallyOf(hub, player, seen, campaigns));
      return tallies;
    };
    const isEven = (tallies: readonly Tally[]) => tallies.every(agrees);
    await settled(look, isEven);
    for (const { standIn, connection, platform } of players)
      for (const line of (await standIn.answer?.({ hub, ledger: seen, connection })) ?? []) say(`| ${platform.title}: ${line}`);
    const tallies = await settled(look, isEven);
    following.abort();
    await watching;
    say(`\n${tallyTable(tallies)}`);
    const good = isEven(tallies);
    say(good ? '\nThe platforms and the hub agree: everything once, to the cent.' : '\nThe platforms and the hub DIFFER.');
    return good;
  } finally {
    following.abort();
    for (const standIn of standIns) await standIn.close();
  }
}

/** What it is for the hub. */
function partOf({ standIn: { till, receives, publishes } }: Player): string {
  const hears = till?.tell ? 'its till tells by webhook' : 'its till tells nothing, so the hub reads it';
  return [
    till && `, ${hears} (${till.place.name})`,
    publishes && ', it keeps campaigns',
    receives && `, the hub sends it ${receives.words[1]}`,
  ]
    .filter(Boolean)
    .join('');
}

/** Over when the ledger shows so many events of a kind. */
const heard = (seen: readonly LedgerEvent[], count: number, what: string, isOne: (event: LedgerEvent) => boolean): Promise<unknown> =>
  until(what, () => (seen.filter(isOne).length >= count ? true : undefined));

/** A check with a voucher and one without; told twice, as platforms do that are not sure. Over when the hub has both, and the voucher is used. */
async function serve(hub: HubClient, player: Player, next: () => string, seen: readonly LedgerEvent[]): Promise<void> {
  const { standIn, connection, platform } = player;
  const { till } = standIn;
  if (!till) return;
  const source = connection.id;
  const ofType = (wanted: string) => (event: LedgerEvent) => event.type === wanted && event.orderSource === source;
  const [code, second] = [next(), till.giveBack ? next() : null];
  const ids = [till.ring(withVoucher(code)), till.ring(WITHOUT)];
  say(`| ${platform.title} in ${till.place.name}: a check of 45.00 less 4.50 by ${code}, and one of 25.00.`);
  if (till.tell) for (const id of [...ids, ...ids]) await tell(till.tell, id, platform.title);
  else await readNow(hub, connection);
  await heard(seen, ids.length, `the checks of ${platform.title} in the hub`, ofType('ORDER_RECORDED'));
  await heard(seen, 1, `the voucher of ${platform.title} in the hub`, ofType('VOUCHER_REDEEMED'));
  if (!till.tell || !till.giveBack || second === null) return;
  say(`| ${platform.title} in ${till.place.name}: a check of 45.00 less 4.50 by ${second}, paid and then given back.`);
  const back = till.ring(withVoucher(second));
  await tell(till.tell, back, platform.title);
  await heard(seen, 2, `the second voucher of ${platform.title} in the hub`, ofType('VOUCHER_REDEEMED'));
  await tell(till.giveBack, back, platform.title);
  await heard(seen, 1, `that a check at ${platform.title} was given back`, ofType('REDEMPTION_REVERSED'));
}

/** Over when the hub has taken it. Where the hub sets up the platform's webhooks by itself, there is nobody to tell for a moment. */
async function tell(how: NonNullable<Till['tell']>, id: string, title: string): Promise<void> {
  const statuses = await until(`an address of the hub at ${title}`, async () => {
    const answered = await how(id);
    return answered.length > 0 ? answered : undefined;
  });
  const wrong = statuses.find((status) => status !== 200);
  if (wrong !== undefined) throw new Error(`The hub answered ${wrong} to ${title}.`);
}
