interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One batch under way, no timer: what arrives while it is away forms the next, up to half of all who ask at once, so that one half
 * is worked on here while the other is away. A lone request goes at once; under load the batches grow by themselves
 * (docs/reference/performance.md).
 */
export class Batcher<Item, Answer> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #limit: number;
  #queue: Waiting<Item, Answer>[] = [];
  #busy = false;
  /** Of those who lately asked at once. */
  #half: number;

  /**
   * `run` gives one answer an item, in order, and may be given an item again. If it throws, each item is tried alone,
   * so that one that cannot be carried out fails by itself.
   */
  constructor(run: (items: readonly Item[]) => Promise<readonly Answer[]>, limit: number) {
    this.#run = run;
    this.#limit = limit;
    this.#half = limit;
  }

  submit(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      if (!this.#busy) {
        this.#busy = true;
        // Requests parsed in this same turn of the event loop still catch this batch.
        setImmediate(() => void this.#drain());
      }
    });
  }

  async #drain(): Promise<void> {
    let tell = (): void => undefined;
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, Math.min(this.#limit, this.#half));
      const answered = this.#together(batch);
      // The next batch is on its way before anybody works on the answers of the last: the database never waits for that.
      process.nextTick(tell);
      tell = await answered;
      this.#half = Math.ceil((batch.length + this.#queue.length) / 2);
    }
    this.#busy = false;
    tell();
  }

  /** Carries a batch out; gives back how to tell those who wait for it. */
  async #together(batch: readonly Waiting<Item, Answer>[]): Promise<() => void> {
    try {
      const answers = await this.#run(batch.map((waiting) => waiting.item));
      return () => {
        for (const [at, waiting] of batch.entries()) waiting.resolve(answers[at] as Answer);
      };
    } catch (error) {
      const [only, ...others] = batch;
      if (others.length === 0) return () => only?.reject(error);
    }
    const tells: (() => void)[] = [];
    for (const waiting of batch) tells.push(await this.#together([waiting]));
    return () => {
      for (const tell of tells) tell();
    };
  }
}
