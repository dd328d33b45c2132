import { playGroup } from './group/evening.ts';
import { HubClient } from './hub-client.ts';
import { findHub, type RunningHub } from './own-hub.ts';
import { say } from './print.ts';
import { playRestaurants } from './restaurants.ts';

/** `--all`: a stand-in for every platform; else three restaurants. */
async function main(args: readonly string[]): Promise<boolean> {
  const unknown = args.find((arg) => arg !== '--all');
  if (unknown !== undefined) throw new Error(`The demo knows "--all" and nothing else, not "${unknown}".`);
  const play = args.includes('--all') ? playGroup : playRestaurants;
  const running = await findHub(process.env);
  try {
    const good = await play(new HubClient(running.url, running.adminKey), running);
    return (await verified(running)) && good;
  } finally {
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

main(process.argv.slice(2)).then(
  (good) => process.exit(good ? 0 : 1),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  },
);
