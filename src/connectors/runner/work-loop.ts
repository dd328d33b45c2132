import type { Logger } from 'pino';

export interface Work<T> {
  readonly name: string;
  /** How many items at once in this process. */
  readonly concurrency: number;
  /** How often to look without being told, in ms. */
  readonly pollMs: number;
  readonly log: Logger;
  /** Settles what processes left behind that are no more: at the start, now and then, and before a drain. */
  sweep(): Promise<void>;
  /** Takes up to `room` items that are due; [] = nothing to do now. */
  claim(room: number): Promise<readonly T[]>;
  /** Whether `claim` leaves nothing for which there is room, so that there is no use in looking again at once. */
  readonly claimsAll?: boolean;
  /** Settles one item, whatever happens to it. */
  work(item: T): Promise<void>;
  /** Puts back an item that could not be settled, as if the process had died over it; tried until it succeeds. */
  giveBack(item: T): Promise<void>;
}

/** Takes work while there is some and as many hands as allowed; sleeps until poked or until it is time to look again. */
export class WorkLoop<T> {
  readonly #work: Work<T>;
  readonly #running = new Set<Promise<void>>();
  readonly #unsettled = new Set<T>();
  #timer: NodeJS.Timeout | null = null;
  #pump: Promise<void> | null = null;
  #again = false;
  #sweepDue = true;
  #fault: Error | null = null;
  #stopped = false;

  constructor(work: Work<T>) {
    this.#work = work;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#sweepDue = true;
      this.poke();
    }, this.#work.pollMs);
    this.#timer.unref();
    this.poke();
  }

  /** There may be work. */
  poke(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#pump ??= this.#pumpAll().finally(() => {
      this.#pump = null;
      if (this.#again) this.poke();
    });
  }

  /** Resolves once nothing is under way and nothing is due; rejects where that could not be found out. */
  async drain(): Promise<void> {
    this.#sweepDue = true;
    do {
      this.#fault = null;
      this.poke();
      await this.#pump;
      await Promise.all(this.#running);
      if (this.#fault !== null) throw this.#fault;
    } while (this.#again || this.#pump !== null || this.#running.size > 0);
  }

  /** Takes no more and waits for what is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#again = false;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#pump;
    await Promise.all(this.#running);
  }

  async #pumpAll(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const room = this.#work.concurrency - this.#running.size;
      if (room <= 0) return;
      try {
        await this.#tidy();
        const items = await this.#work.claim(room);
        for (const item of items) this.#begin(item);
        // Else each looks for more once it is settled.
        if (items.length > 0 && !this.#work.claimsAll) this.#again = true;
      } catch (fault) {
        this.#fault = fault instanceof Error ? fault : new Error(String(fault));
        this.#work.log.error({ err: fault, work: this.#work.name }, 'looking for work failed; it is tried again');
        return;
      }
    }
  }

  async #tidy(): Promise<void> {
    for (const item of this.#unsettled) {
      await this.#work.giveBack(item);
      this.#unsettled.delete(item);
    }
    if (!this.#sweepDue) return;
    await this.#work.sweep();
    this.#sweepDue = false;
  }

  #begin(item: T): void {
    const running = this.#work
      .work(item)
      .catch((fault: unknown) => {
        this.#unsettled.add(item);
        this.#work.log.error({ err: fault, work: this.#work.name }, 'an item of work could not be settled; it is taken up again');
      })
      .finally(() => {
        this.#running.delete(running);
        this.poke();
      });
    this.#running.add(running);
  }
}
