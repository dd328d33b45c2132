import type { Logger } from 'pino';

const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 10_000;

export interface LoopOptions {
  /** For the log: what fails, e.g. `reading the ledger for workflows`. */
  readonly name: string;
  /** Does one piece; true = there is more to do at once. */
  readonly work: (signal: AbortSignal) => Promise<boolean>;
  /** Works at least so often, woken or not. */
  readonly everyMs: number;
  /** A wake gathers further ones for so long. */
  readonly gatherMs: number;
  readonly log: Logger;
}

/** Works when woken, and tries again with growing pauses while it fails. One failure is told once, and so is its end. */
export class SteadyLoop {
  readonly #options: LoopOptions;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #awake = true;
  #wake = (): void => undefined;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#ended = this.#run();
  }

  wake(): void {
    this.#awake = true;
    this.#wake();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { work, everyMs, gatherMs, log, name } = this.#options;
    const { signal } = this.#stopping;
    let failures = 0;
    while (!signal.aborted) {
      try {
        this.#awake = false;
        const more = await work(signal);
        if (failures > 0) log.info(`${name} works again`);
        failures = 0;
        if (more) continue;
        await this.#rest(everyMs, true);
        await this.#rest(gatherMs, false);
      } catch (fault) {
        if (failures === 0) log.warn({ err: fault }, `${name} fails; it is tried again until it works`);
        failures += 1;
        await this.#rest(Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LAST_PAUSE_MS), false);
      }
    }
  }

  /** `wakeable`: a wake ends it, also one that came a moment ago. */
  async #rest(ms: number, wakeable: boolean): Promise<void> {
    if (this.#stopping.signal.aborted || (wakeable && this.#awake)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = () => {
      if (wakeable || this.#stopping.signal.aborted) resolve();
    };
    await promise;
    clearTimeout(timer);
  }
}
