import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { closeAgreed } from '../helpers/agree.ts';
import { openTestHub, type TestHub } from '../helpers/domain.ts';
import { Concrete } from './concrete.ts';
import { type Draft, drafts, type WorldDraft, worlds } from './drafts.ts';
import { shownByHub } from './hub-shown.ts';
import { Player } from './player.ts';
import { failureText, nextMonday, runs, tries } from './runs.ts';
import { shownBy } from './shown.ts';
import { step } from './step.ts';
import { Story } from './story.ts';
import { openWorld } from './world.ts';

const RUNS = runs(40);
// Only to end what hangs: a failure is shrunk, and that takes its time.
jest.setTimeout(240_000 + RUNS * 12_000);

let t: TestHub;
let world = 0;

beforeAll(async () => {
  t = await openTestHub();
});
afterAll(() => closeAgreed(t));

/** Plays a sequence on the model and on the hub, and compares after each command. */
async function compare(draft: WorldDraft, sequence: readonly Draft[]): Promise<void> {
  const { hub, clock } = t;
  world += 1;
  const tag = `w${world}`;
  clock.set(nextMonday(clock.now()));
  const { named, state } = await openWorld(hub, clock, draft, tag);
  const player = new Player(named, clock, tag);
  const concrete = new Concrete(draft);
  const story = new Story(draft, named.aliases);
  for (const one of sequence) {
    const command = concrete.command(one, state);
    if (command === null) continue;
    const answer = await player.play(hub, command);
    const told = step(state, command, answer);
    story.add(command, answer);
    story.same('the answer', answer, told);
    story.same('what is shown', await shownByHub(hub, named, Object.keys(state.vouchers)), shownBy(state));
  }
}

test('whatever is done in whatever order, the hub answers and shows what a small model of the rules says', async () => {
  const property = fc.asyncProperty(worlds, fc.noBias(fc.array(drafts(), { minLength: 1, maxLength: 40, size: 'max' })), compare);
  const details = await fc.check(property, tries(RUNS));
  if (details.failed) throw new Error(failureText(details));
  expect(details.numRuns).toBe(RUNS);
});
