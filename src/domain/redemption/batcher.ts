interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One batch under way, no timer: what arrives while it is away forms the next. A lone request goes at once;
 * under load the batches grow by themselves (docs/reference/performance.md).
 */
export class Batcher<Item, Answer> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #limit: number;
  #queue: Waiting<Item, Answer>[] = [];
  #busy = false;

  /** `run` gives one answer an item, in order; if it throws, every item of the batch fails with that error. */
  constructor(run: (items: readonly Item[]) => Promise<readonly Answer[]>, limit: number) {
    this.#run = run;
    this.#limit = limit;
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
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, this.#limit);
      try {
        const answers = await this.#run(batch.map((waiting) => waiting.item));
        batch.forEach((waiting, at) => waiting.resolve(answers[at] as Answer));
      } catch (error) {
        for (const waiting of batch) waiting.reject(error);
      }
    }
    this.#busy = false;
  }
}
