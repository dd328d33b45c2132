import type pg from 'pg';
import { type JudgeMeans, meetStrangers } from './judge.ts';
import type { Outlook } from './prospect.ts';
import type { DecisionState } from './state.ts';
import { readEnds } from './state-reader.ts';

/** What came of deciding once. */
interface Round {
  /** A copy of the state, as the decisions left it: what they asked for and did not find is noted there. */
  readonly asked: DecisionState;
  /** Whether one of them has to tell until when something is held. */
  readonly tells: boolean;
}

interface Deciding<R extends Round> {
  readonly run: Pick<pg.Pool, 'query'>;
  readonly means: JudgeMeans;
  /** What is known to be asked for (`outlookOf`). */
  readonly outlook: Outlook;
  /** Counters that will be asked for besides those that one can tell beforehand. */
  readonly alsoAsked?: readonly string[];
  /** All that the requests are decided on, with these counters. */
  read(counterKeys: readonly string[]): Promise<DecisionState>;
  /** Leaves the state as it is. */
  decide(base: DecisionState): R;
}

/** Decides on what was read, and where more is asked for, reads it and decides anew. */
export async function decideUntilKnown<R extends Round>({ run, means, outlook, alsoAsked = [], read, decide }: Deciding<R>): Promise<R> {
  const wanted = new Set([...outlook.missing, ...alsoAsked]);
  let base = await read([...wanted]);
  await meetStrangers(run, outlook.strangers, base, means);
  for (;;) {
    const round = decide(base);
    const { missing, unread, strangers } = round.asked;
    if (missing.size === 0 && unread.length === 0 && strangers.size === 0) {
      if (!round.tells || base.untold.size === 0) return round;
      await readEnds(run, base);
      continue;
    }
    await means.readTerms(unread);
    await meetStrangers(run, strangers, base, means);
    if (missing.size === 0) continue;
    const { facts } = base;
    for (const key of missing) wanted.add(key);
    // Waiting for a counter may have let in what was read before: all is read again.
    base = await read([...wanted]);
    for (const [item, known] of facts) base.facts.set(item, known);
  }
}
