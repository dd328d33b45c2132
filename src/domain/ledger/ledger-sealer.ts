import type pg from 'pg';
import type { Logger } from 'pino';
import type { LedgerEventRecord } from './ledger.types.ts';
import { appendToBook, type Place, readIntake, SEAL_AT_MOST } from './ledger-append.ts';
import { LedgerPartitions } from './ledger-partitions.ts';

/** Held by the one sealer of a deployment for as long as its connection lives. */
const SEALER_LOCK = 8_254_032;
/** The longest pause between two looks while events come in: what comes meanwhile is sealed together, at the price of one. */
const BUSY_PAUSE_MS = 25;
/** How long a quiet sealer sleeps if nobody wakes it, and how often one that waits for the lock asks again. */
const IDLE_PAUSE_MS = 500;

export interface LedgerSealer {
  /** Whether it is this process that seals. */
  readonly leading: boolean;
  /** Something was committed somewhere: look now rather than at the next pause. */
  wake(): void;
  /** This process committed something: wakes the sealer that leads, wherever it is. */
  wrote(): void;
  stop(): Promise<void>;
}

/**
 * Appends committed events to the chain, without gaps and without a lock on those who write them.
 * Any number of processes may run one; the advisory lock lets one work and the next takes over when its connection ends.
 * `onSealed` hears what this process sealed, in order, once it is committed.
 */
export function startSealer(
  pool: pg.Pool,
  log: Logger,
  onSealed: (events: readonly LedgerEventRecord[]) => void = () => undefined,
): LedgerSealer {
  const stopping = new AbortController();
  const bell = new Bell(stopping.signal);
  const state = { leading: false };
  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        await sealWhileLeading({ pool, log, signal: stopping.signal, bell, state, onSealed });
      } catch (error) {
        if (!stopping.signal.aborted) log.warn({ err: error }, 'The ledger sealer lost its connection; it tries again.');
        await bell.rest(IDLE_PAUSE_MS);
      }
    }
  };
  const running = run();
  let telling = false;
  const tellOthers = () => {
    if (telling || stopping.signal.aborted) return;
    telling = true;
    pool
      .query('notify valehub_intake')
      .catch((error: unknown) => log.debug({ err: error }, 'The sealer could not be told; it looks by itself soon.'))
      .finally(() => {
        telling = false;
      });
  };
  return {
    get leading() {
      return state.leading;
    },
    wake: () => bell.ring(),
    wrote: () => (state.leading ? bell.ring() : tellOthers()),
    stop: async () => {
      stopping.abort();
      bell.ring();
      await running;
    },
  };
}

/** A pause that can be cut short; a ring between two pauses is not lost. */
class Bell {
  readonly #stopping: AbortSignal;
  #wakeUp: (() => void) | undefined;
  #rung = false;

  constructor(stopping: AbortSignal) {
    this.#stopping = stopping;
  }

  ring(): void {
    this.#rung = true;
    this.#wakeUp?.();
  }

  /** Until the time is over or the bell rings. */
  async pause(ms: number): Promise<void> {
    if (!this.#rung) await this.#wait(ms);
    this.#rung = false;
  }

  /** However often the bell rings; only stopping cuts it short. */
  async rest(ms: number): Promise<void> {
    const end = performance.now() + ms;
    for (let left = ms; left > 0 && !this.#stopping.aborted; left = end - performance.now()) await this.#wait(left);
  }

  async #wait(ms: number): Promise<void> {
    if (this.#stopping.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wakeUp = undefined;
  }
}

interface Shift {
  readonly pool: pg.Pool;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly bell: Bell;
  readonly state: { leading: boolean };
  readonly onSealed: (events: readonly LedgerEventRecord[]) => void;
}

async function sealWhileLeading({ pool, log, signal, bell, state, onSealed }: Shift): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    while (!signal.aborted) {
      const { rows } = await client.query('select pg_try_advisory_lock($1) as leading', [SEALER_LOCK]);
      if (rows[0].leading) break;
      await bell.pause(IDLE_PAUSE_MS);
    }
    // Most of the intake is always rows deleted since the last vacuum, which its statistics do not tell: a scan of all of it never pays.
    await client.query('set enable_seqscan = off');
    await client.query('set enable_bitmapscan = off');
    const partitions = new LedgerPartitions();
    let head = await headOf(client);
    let from: Place | undefined;
    state.leading = true;
    while (!signal.aborted) {
      if (broken) throw broken;
      const { events: intake, last } = await readIntake(client, from);
      if (intake.length === 0) {
        await bell.pause(IDLE_PAUSE_MS);
        continue;
      }
      await partitions.ensure(
        client,
        intake.map((event) => event.at),
      );
      const sealed = await appendToBook(client, head, intake);
      head = sealed.at(-1) ?? head;
      from = last;
      onSealed(sealed);
      // A lone event on a quiet hub holds up nobody; a crowd is worth waiting for.
      if (sealed.length < SEAL_AT_MOST) await bell.rest(Math.min(BUSY_PAUSE_MS, sealed.length));
    }
  } finally {
    state.leading = false;
    client.off('error', onError);
    // The connection ends with us, and with it the lock: the next sealer may lead at once.
    client.release(true);
    log.debug('The ledger sealer stepped down.');
  }
}

async function headOf(client: pg.PoolClient): Promise<{ position: number; hash: string }> {
  const { rows } = await client.query<{ position: number; hash: string }>('select position, hash from ledger_head where id = 1');
  if (!rows[0]) throw new Error('ledger_head has no row: the migrations have not run.');
  return rows[0];
}
