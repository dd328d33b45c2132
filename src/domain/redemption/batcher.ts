interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * No timer: a lone request goes at once, and what arrives while a batch is away forms the next, up to half of all who ask at once, so
 * that one half is worked on here while the other is away. Under load the batches grow by themselves (docs/reference/performance.md).
 */
export class Batcher<Item, Answer> {
  readonly #run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #limit: number;
  readonly #atOnce: number;
  readonly #queue: Waiting<Item, Answer>[] = [];
  /** Sizes of the batches under way. */
  readonly #away = new Set<{ readonly size: number }>();
  #starting = false;
  /** Of those who lately asked at once. */
  #half: number;

  /**
   * `run` gives one answer an item, in order, and may be given an item again. If it throws, each item is tried alone,
   * so that one that cannot be carried out fails by itself. `limit`: items in a batch. `atOnce`: batches under way; one
   * joins another only when it is full, as a small one costs nearly as much.
   */
  constructor(run: (items: readonly Item[]) => Promise<readonly Answer[]>, limit: number, atOnce = 1) {
    this.#run = run;
    this.#limit = limit;
    this.#atOnce = atOnce;
    this.#half = limit;
  }

  submit(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject });
      if (this.#away.size > 0) this.#send();
      else if (!this.#starting) {
        this.#starting = true;
        // Requests parsed in this same turn of the event loop still catch this batch.
        setImmediate(() => {
          this.#starting = false;
          this.#send();
        });
      }
    });
  }

  #send(): void {
    while (this.#mayLeave()) void this.#carry(this.#queue.splice(0, this.#full));
  }

  #mayLeave(): boolean {
    if (this.#away.size === 0) return this.#queue.length > 0;
    return this.#away.size < this.#atOnce && this.#queue.length >= this.#full;
  }

  get #full(): number {
    return Math.min(this.#limit, this.#half);
  }

  async #carry(batch: readonly Waiting<Item, Answer>[]): Promise<void> {
    const trip = { size: batch.length };
    this.#away.add(trip);
    const tell = await this.#together(batch);
    const asking = [...this.#away].reduce((sum, { size }) => sum + size, this.#queue.length);
    this.#half = Math.ceil(asking / 2);
    this.#away.delete(trip);
    // The next batch is on its way before anybody works on the answers of the last: the database never waits for that.
    this.#send();
    process.nextTick(tell);
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
