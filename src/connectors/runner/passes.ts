import type { GateUse } from '@valehub/connector-kit/host';

type Release = () => Promise<void>;

/**
 * What the calls of one operation hold of limits "at once". Each is freed when its call is over and not with the operation, which may make more
 * calls one after the other than may run at once.
 */
export class Passes {
  readonly #held: { readonly use: string; readonly release: Release }[] = [];
  #freeing: Promise<void> = Promise.resolve();

  add(use: GateUse, release: Release): void {
    this.#held.push({ use: JSON.stringify(use), release });
  }

  over(use: GateUse): void {
    const wanted = JSON.stringify(use);
    const place = this.#held.findIndex((one) => one.use === wanted);
    if (place !== -1) this.#free(place);
  }

  /** Until what is over is free. */
  settled(): Promise<void> {
    return this.#freeing;
  }

  /** The operation is over, and with it all of its calls. */
  async end(): Promise<void> {
    while (this.#held.length > 0) this.#free(0);
    await this.#freeing;
  }

  #free(place: number): void {
    for (const { release } of this.#held.splice(place, 1)) this.#freeing = this.#freeing.then(release, release);
    // Whoever waits for it hears of the fault.
    this.#freeing.catch(() => undefined);
  }
}
