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

  /**
   * `run` gives one answer an item, in order, and may be given an item again. If it throws, each item is tried alone,
   * so that one that cannot be carried out fails by itself.
   */
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
      if (!(await this.#together(batch)) && batch.length > 1) for (const waiting of batch) await this.#together([waiting]);
    }
    this.#busy = false;
  }

  /** Whether it went well; where a single one did not, it was told. */
  async #together(batch: readonly Waiting<Item, Answer>[]): Promise<boolean> {
    try {
      const answers = await this.#run(batch.map((waiting) => waiting.item));
      for (const [at, waiting] of batch.entries()) waiting.resolve(answers[at] as Answer);
      return true;
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      return false;
    }
  }
}
