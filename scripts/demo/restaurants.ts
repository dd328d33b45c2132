import { compare, type Line } from './books.ts';
import { type AtCounter, EMPTY_COUNTER, playCounter } from './counter.ts';
import { type Played, playSquare, playTills } from './evening.ts';
import type { HubClient, LedgerEvent } from './hub-client.ts';
import { startMailSink } from './mail-sink.ts';
import type { RunningHub } from './own-hub.ts';
import { agrees, booksTable, ledgerHead, say } from './print.ts';
import { SquarePlatform } from './square-platform.ts';
import { setStage } from './stage.ts';
import { settled } from './wait.ts';
import { watch } from './watch.ts';

/** The evening in three restaurants. Whether the books of all agree. */
export async function playRestaurants(hub: HubClient, running: RunningHub): Promise<boolean> {
  say('An evening in three restaurants: Sevilla and Granada with Square tills, Málaga with tills that ask the hub.');
  const square = await SquarePlatform.start();
  const mail = await startMailSink();
  const following = new AbortController();
  try {
    say(
      `The hub is at ${running.url}; Square's stand-in at ${square.url}, the mail sink at ${mail.url}.${running.logPath ? `\nThe hub writes its log to ${running.logPath}.` : ''}\n`,
    );
    const stage = await setStage(hub, square, mail);
    const began = await hub.begin();
    const seen: LedgerEvent[] = [];
    say(ledgerHead());
    const watching = watch(hub, began, following.signal, seen);
    const played: Played = { granted: [], refused: [], guests: [], unreachable: [] };
    await Promise.all([playTills(stage, played), playSquare(stage, square)]);
    const counter: AtCounter = { ...EMPTY_COUNTER };
    await playCounter(stage.counter, counter, say);
    // The hub works on after the last guest has left.
    const lines = await settled<Line[]>(
      () => compare(hub, stage, played, counter, square, mail, seen),
      (found) => found.every(agrees),
    );
    following.abort();
    await watching;
    say(`\n${booksTable(lines)}`);
    const good = lines.every(agrees);
    say(good ? '\nThe books agree: everything that was sent was recorded, once, to the cent.' : '\nThe books DIFFER.');
    return good;
  } finally {
    following.abort();
    await square.close();
    await mail.close();
  }
}
