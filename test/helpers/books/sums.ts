/** What comes to which total. */
export class Sums {
  readonly #sums = new Map<string, number>();
  add(key: string, n: number): void {
    this.#sums.set(key, (this.#sums.get(key) ?? 0) + n);
  }
  /** Only what is not nothing. */
  shown(): Record<string, number> {
    return Object.fromEntries([...this.#sums].filter(([, n]) => n !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
