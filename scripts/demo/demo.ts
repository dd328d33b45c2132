import { compare, type Line } from './books.ts';
import { type AtCounter, EMPTY_COUNTER, playCounter } from './counter.ts';
import { type Played, playSquare, playTills } from './evening.ts';
import { HubClient, type LedgerEvent } from './hub-client.ts';
import { startMailSink } from './mail-sink.ts';
import { findHub, type RunningHub } from './own-hub.ts';
import { agrees, booksTable, ledgerHead, ledgerLine } from './print.ts';
import { SquarePlatform } from './square-platform.ts';
import { setStage } from './stage.ts';

/** How long the hub may take to follow up and to settle what came by webhook. */
const SETTLED_WITHIN_MS = 60_000;

const say = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<boolean> {
  say('An evening in three restaurants: Sevilla and Granada with Square tills, Málaga with tills that ask the hub.');
  const running = await findHub(process.env);
  const square = await SquarePlatform.start();
  const mail = await startMailSink();
  const following = new AbortController();
  try {
    const hub = new HubClient(running.url, running.adminKey);
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
    const lines = await settled(() => compare(hub, stage, played, counter, square, mail, seen));
    following.abort();
    await watching;
    say(`\n${booksTable(lines)}`);
    const good = lines.every(agrees);
    say(good ? '\nThe books agree: everything that was sent was recorded, once, to the cent.' : '\nThe books DIFFER.');
    return (await verified(running)) && good;
  } finally {
    following.abort();
    await square.close();
    await mail.close();
    await running.stop();
  }
}

/** The hub's own tool has the last word: of its checks those that found something, else how many agree. */
async function verified({ verify }: RunningHub): Promise<boolean> {
  if (verify === null) {
    say('Whether the hub agrees with itself, `npm run verify` tells on its machine.');
    return true;
  }
  say('\nnpm run verify');
  const { said, clean } = await verify();
  say(clean ? said.slice(said.indexOf('The ledger ends')) : said);
  return clean;
}

async function watch(hub: HubClient, after: string, signal: AbortSignal, seen: LedgerEvent[]): Promise<void> {
  for await (const event of hub.ledger(after, signal)) {
    seen.push(event);
    say(ledgerLine(event));
  }
}

/** The hub works on after the last guest has left: the books are compared until they agree or its time is up. */
async function settled(look: () => Promise<Line[]>): Promise<Line[]> {
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const lines = await look();
    if (lines.every(agrees) || Date.now() > deadline) return lines;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

main().then(
  (good) => process.exit(good ? 0 : 1),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
