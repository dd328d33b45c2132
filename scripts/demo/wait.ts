const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

/** Looks again and again until what is seen is good or the time is up; gives what was seen last. */
export async function settled<T>(look: () => Promise<T> | T, isGood: (seen: T) => boolean, withinMs = WITHIN_MS): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (isGood(seen) || Date.now() > deadline) return seen;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The same for what has to come; where it does not, the demo ends and says what it waited for. */
export async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const seen = await settled(look, (found) => found !== undefined);
  if (seen === undefined) throw new Error(`Nothing came within ${WITHIN_MS / 1_000} s: ${what}.`);
  return seen;
}
