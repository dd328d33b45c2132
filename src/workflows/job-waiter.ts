import type { Failure, Plain } from '@valehub/connector-kit';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Listener } from '../database/listener.ts';
import { OUTBOX_CHANNEL } from '../domain/connection/outbox-queue.ts';
import { SteadyLoop } from './steady-loop.ts';

/** A job that is out of the dispatchers' hands: done, refused, or parked for a person. */
export interface EndedJob {
  readonly id: string;
  readonly status: 'DONE' | 'FAILED' | 'PARKED';
  readonly outcome: Plain;
  readonly failure: Failure | null;
  readonly inDoubt: boolean;
}

const LOOK_EVERY_MS = 2_000;
const GATHER_MS = 20;

/** Waits for jobs of the outbox: woken by the database, and by looking, for a lost notification. One query for all that wait. */
export class JobWaiter {
  readonly #pool: Pick<pg.Pool, 'query'>;
  readonly #waiting = new Map<string, Set<(job: EndedJob) => void>>();
  readonly #loop: SteadyLoop;
  readonly #stopListening: () => void;

  constructor({ pool, listener, log }: { pool: Pick<pg.Pool, 'query'>; listener: Listener; log: Logger }) {
    this.#pool = pool;
    this.#loop = new SteadyLoop({
      name: 'waiting for the outbox',
      work: () => this.#look(),
      everyMs: LOOK_EVERY_MS,
      gatherMs: GATHER_MS,
      log,
    });
    this.#stopListening = listener.on(OUTBOX_CHANNEL, (id) => {
      if (this.#waiting.has(id)) this.#loop.wake();
    });
  }

  /** `but`: a status that is known already and does not count. Rejects with the signal's reason. */
  async ended(id: string, signal: AbortSignal, but?: EndedJob['status']): Promise<EndedJob> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<EndedJob>();
    const hear = (job: EndedJob) => {
      if (job.status !== but) resolve(job);
    };
    const giveUp = () => reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    const hearers = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, hearers.add(hear));
    signal.addEventListener('abort', giveUp, { once: true });
    this.#loop.wake();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', giveUp);
      hearers.delete(hear);
      if (hearers.size === 0) this.#waiting.delete(id);
    }
  }

  async stop(): Promise<void> {
    this.#stopListening();
    await this.#loop.stop();
  }

  async #look(): Promise<boolean> {
    if (this.#waiting.size === 0) return false;
    const { rows } = await this.#pool.query<EndedJob>(
      `select id, status, outcome, failure, in_doubt as "inDoubt" from outbox_job where id = any($1) and status in ('DONE', 'FAILED', 'PARKED')`,
      [[...this.#waiting.keys()]],
    );
    for (const job of rows) for (const hear of this.#waiting.get(job.id) ?? []) hear(job);
    return false;
  }
}
