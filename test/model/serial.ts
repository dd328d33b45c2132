import { isDeepStrictEqual } from 'node:util';
import { shownBy } from './shown.ts';
import type { ModelState } from './state.ts';
import { step } from './step.ts';
import type { Answer, Command, Shown } from './words.ts';

/** One command with when it was sent and when it was answered, on one count of such moments. */
export interface Operation {
  readonly command: Command;
  readonly answer: Answer;
  readonly sent: number;
  readonly answered: number;
}

/**
 * An order in which the model, doing one operation after the other, gives all these answers and comes to what is shown; null where there is
 * none. What was answered before another was sent stays before it.
 */
export function serialOrder(state: ModelState, operations: readonly Operation[], shown: Shown): readonly Operation[] | null {
  const hopeless = new Set<string>();
  const from = (now: ModelState, open: readonly Operation[]): readonly Operation[] | null => {
    if (open.length === 0) return isDeepStrictEqual(plain(shownBy(now)), plain(shown)) ? [] : null;
    const place = `${open.map(({ sent }) => sent).join(' ')} ${JSON.stringify(now)}`;
    if (hopeless.has(place)) return null;
    const firstAnswer = Math.min(...open.map(({ answered }) => answered));
    for (const operation of open) {
      if (operation.sent > firstAnswer) continue;
      const after = structuredClone(now);
      if (!isDeepStrictEqual(plain(step(after, operation.command, operation.answer)), plain(operation.answer))) continue;
      const rest = from(
        after,
        open.filter((other) => other !== operation),
      );
      if (rest) return [operation, ...rest];
    }
    hopeless.add(place);
    return null;
  };
  return from(state, operations);
}

const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));
