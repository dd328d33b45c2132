const REMEMBERED_MS = 250;
const MOST = 10_000;

/** Counters that stood at their ceiling a moment ago. A hint where to look without locks, never a verdict. */
export class FullCounters {
  readonly #until = new Map<string, number>();

  has(key: string): boolean {
    const until = this.#until.get(key);
    if (until === undefined) return false;
    if (until > performance.now()) return true;
    this.#until.delete(key);
    return false;
  }

  add(key: string): void {
    if (this.#until.size >= MOST) this.#until.clear();
    this.#until.set(key, performance.now() + REMEMBERED_MS);
  }
}
