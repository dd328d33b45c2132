const FIRST_MS = 1_000;
const LONGEST_MS = 10 * 60_000;

/** The pause after the n-th failed attempt (from 1): doubling, at most ten minutes, spread by `chance` (0 to 1) so that retries do not march in step. */
export function backOffMs(attempts: number, chance: number): number {
  const full = Math.min(FIRST_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_MS);
  return Math.round(full * (0.75 + 0.5 * chance));
}
