import pg from 'pg';
import type { Logger } from 'pino';
import { SteadyLoop } from './steady-loop.ts';

/** Any number that is nobody else's. */
const LOCK = 8_254_041;
const TRY_EVERY_MS = 1_000;

/**
 * One worker of the deployment leads, as long as its connection to the database holds the lock; where it is lost, another takes over.
 * `lead` starts the work and gives how to stop it. Two that lead for a moment do no harm: what they write is guarded by itself.
 */
export function startLeader({ url, log, lead }: { url: string; log: Logger; lead: () => Promise<() => Promise<void>> }): {
  stop(): Promise<void>;
} {
  const { promise: stopped, resolve: release } = Promise.withResolvers<void>();

  async function tryToLead(signal: AbortSignal): Promise<boolean> {
    const client = new pg.Client({ connectionString: url, keepAlive: true, application_name: 'valehub workflow leader' });
    const lost = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', (fault) => log.warn({ err: fault }, 'the connection of the workflow leader was lost'));
    try {
      await client.connect();
      const { rows } = await client.query<{ led: boolean }>('select pg_try_advisory_lock($1) as led', [LOCK]);
      if (rows[0]?.led !== true || signal.aborted) return false;
      const rest = await lead();
      await Promise.race([lost, stopped]);
      await rest();
      return false;
    } finally {
      await client.end();
    }
  }

  const loop = new SteadyLoop({ name: 'leading the workflow triggers', work: tryToLead, everyMs: TRY_EVERY_MS, gatherMs: 0, log });
  return {
    async stop() {
      release();
      await loop.stop();
    },
  };
}
