import type { RunDetails } from 'fast-check';

/** How often a property is tried: so often by default, or as often as `npm run proof -- --runs n` says. */
export const runs = (byDefault: number): number => {
  const more = asked();
  return typeof more === 'number' ? more : byDefault;
};

const asked = (): unknown => (globalThis as { readonly proofRuns?: unknown }).proofRuns;

/**
 * So often; a failure is shrunk for as long as so many runs may take on a busy machine, and then told as far as it came. Chance is the same
 * each time unless it was asked for more.
 */
export const tries = (numRuns: number) => ({
  numRuns,
  interruptAfterTimeLimit: 60_000 + numRuns * 3_000,
  markInterruptAsFailure: true,
  ...(asked() === undefined && { seed: 20_260_504 }),
});

/** What failed, as far as it could be shrunk. */
export const failureText = <Given>({ numRuns, numShrinks, seed, counterexamplePath, errorInstance }: RunDetails<Given>): string =>
  `After ${numRuns} runs and ${numShrinks} shrinks (seed ${seed}, path ${counterexamplePath}):\n${
    errorInstance instanceof Error
      ? errorInstance.message.includes('\n')
        ? errorInstance.message
        : errorInstance.stack
      : 'the time was over before all were done'
  }`;

/** Each world begins alike, and later than the one before. */
export function nextMonday(now: number): string {
  const week = 7 * 86_400_000;
  const monday = Date.parse('2026-05-04T18:00:00.000Z');
  return new Date(monday + week * Math.max(0, Math.floor((now - monday) / week) + 1)).toISOString();
}
