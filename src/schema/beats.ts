import { setTimeout as pause } from 'node:timers/promises';

/**
 * Lets answers go out on beats only: so many milliseconds after the question, or a multiple of it. How long the work took in between,
 * which differs by a little between a code that exists and one that does not, is then not to be heard from outside.
 */
export class Beats {
  readonly #everyMs: number;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      const gone = performance.now() - began;
      // At the very beat a timer may fire before it: the work is then held to the next.
      await pause(Math.ceil((gone + 1) / this.#everyMs) * this.#everyMs - gone);
    }
  }
}
