import type { HubClient, LedgerEvent } from '../hub-client.ts';
import type { RunningHub } from '../own-hub.ts';
import { PLATFORMS } from '../platforms/index.ts';
import type { Check, StandIn } from '../platforms/platform.ts';
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
      if (platform.notYet !== undefined) {
        say(`| ${platform.title}: not yet, ${platform.notYet}`);
        continue;
      }
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
    for (const player of players) await publish(hub, campaigns, player, say);
    const pool = [...campaigns.codes];
    const next = (): string => pool.shift() ?? '';

    for (const player of players) await serve(hub, player, next(), seen);
    await serveGuest(hub, next(), say);

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

/** A check with a voucher and one without; told twice, as platforms do that are not sure. Over when the hub has both. */
async function serve(
  hub: HubClient,
  { standIn: { till }, connection, platform }: Player,
  code: string,
  seen: readonly LedgerEvent[],
): Promise<void> {
  if (!till) return;
  const ids = [till.ring(withVoucher(code)), till.ring(WITHOUT)];
  say(`| ${platform.title} in ${till.place.name}: a check of 45.00 less 4.50 by ${code}, and one of 25.00.`);
  for (const id of [...ids, ...ids]) {
    const statuses = await (till.tell?.(id) ?? []);
    const wrong = statuses.find((status) => status !== 200);
    if (wrong !== undefined) throw new Error(`The hub answered ${wrong} to ${platform.title}.`);
    if (till.tell && statuses.length === 0)
      throw new Error(`${platform.title} has nowhere to tell of a check: the hub has not subscribed.`);
  }
  if (!till.tell) await readNow(hub, connection);
  await until(`the checks of ${platform.title} in the hub`, () =>
    seen.filter(({ type, orderSource }) => type === 'ORDER_RECORDED' && orderSource === connection.id).length >= ids.length
      ? true
      : undefined,
  );
}
