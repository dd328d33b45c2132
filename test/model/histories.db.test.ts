import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Hub } from '../../src/domain/hub.ts';
import { closeAgreed } from '../helpers/agree.ts';
import { openTestHub, type TestHub } from '../helpers/domain.ts';
import { Concrete } from './concrete.ts';
import { type Draft, type DraftKind, drafts, type WorldDraft, worlds } from './drafts.ts';
import { shownByHub } from './hub-shown.ts';
import { Player } from './player.ts';
import { failureText, nextMonday, runs, tries } from './runs.ts';
import { type Operation, serialOrder } from './serial.ts';
import { step } from './step.ts';
import { Story } from './story.ts';
import { openWorld } from './world.ts';

const RUNS = runs(25);
// Only to end what hangs: a failure is shrunk, and that takes its time.
jest.setTimeout(240_000 + RUNS * 12_000);

let t: TestHub;
let hubs: readonly [Hub, Hub];
let world = 0;

beforeAll(async () => {
  t = await openTestHub();
  hubs = [t.hub, await t.twin()];
});
afterAll(() => closeAgreed(t));

interface History {
  readonly world: WorldDraft;
  /** One after the other, so that there is something to contend for. */
  readonly before: readonly Draft[];
  /** What each of several callers does, one after the other; the callers at once, on two hubs. */
  readonly callers: readonly (readonly Draft[])[];
}

const histories = (kinds: readonly DraftKind[]): fc.Arbitrary<History> =>
  fc.record({
    world: worlds,
    before: fc.noBias(fc.array(drafts(['redeem', 'hold', 'issue', 'record']), { maxLength: 3 })),
    callers: fc.noBias(fc.array(fc.array(drafts(kinds), { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 })),
  });

async function play({ world: draft, before, callers }: History): Promise<void> {
  const { hub, clock } = t;
  world += 1;
  const tag = `h${world}`;
  clock.set(nextMonday(clock.now()));
  const { named, state } = await openWorld(hub, clock, draft, tag);
  const player = new Player(named, clock, tag);
  const concrete = new Concrete(draft);
  const story = new Story(draft, named.aliases);
  for (const one of before) {
    const command = concrete.command(one, state);
    if (command === null) continue;
    const answer = await player.play(hub, command);
    story.add(command, answer);
    story.same('the answer', answer, step(state, command, answer));
  }
  const lists = callers.map((list) => list.flatMap((one) => concrete.command(one, state) ?? []));
  // What this process made a moment ago is news to the other one.
  await hubs[1].campaigns.refresh();
  await hubs[1].codes.refresh();
  const operations: Operation[] = [];
  let moments = 0;
  await Promise.all(
    lists.map(async (list, caller) => {
      for (const command of list) {
        moments += 1;
        const sent = moments;
        const answer = await player.play(hubs[caller % 2 === 0 ? 0 : 1], command);
        moments += 1;
        operations.push({ command, answer, sent, answered: moments });
      }
    }),
  );
  const codes = new Set([...Object.keys(state.vouchers), ...operations.flatMap(({ answer }) => codesGiven(answer))]);
  // And the other way round.
  await hub.campaigns.refresh();
  const shown = await shownByHub(hub, named, [...codes]);
  if (serialOrder(state, operations, shown)) return;
  for (const { command, answer, sent, answered } of operations) story.add(command, answer, `${sent} to ${answered}: `);
  throw new Error(
    `There is no order in which these answers could have been given one by one.\n  ${story.text}\n  In the end: ${story.named(JSON.stringify(shown))}`,
  );
}

function codesGiven(answer: Operation['answer']): readonly string[] {
  if (answer.kind === 'issued') return [answer.code];
  return answer.kind === 'recorded' ? Object.values(answer.issued).flat() : [];
}

test.each<[string, readonly DraftKind[]]>([
  ['at tills', ['redeem', 'hold', 'redeemHold', 'release', 'reverse', 'reverseKey', 'withdraw', 'again']],
  ['by orders that earn vouchers', ['redeem', 'reverse', 'issue', 'record', 'refund', 'again']],
  ['while campaigns are changed', ['redeem', 'hold', 'redeemHold', 'reverse', 'issue', 'move', 'change']],
])('what is done at once %s, on two hubs, could have been done one by one', async (_, kinds) => {
  const details = await fc.check(fc.asyncProperty(histories(kinds), play), tries(RUNS));
  if (details.failed) throw new Error(failureText(details));
  expect(details.numRuns).toBe(RUNS);
});
