import type pg from 'pg';
import type { Logger } from 'pino';
import type { Listener } from '../database/listener.ts';
import type { Clock } from '../domain/shared/clock.ts';
import type { ContextSources } from '../domain/workflow/event-context.ts';
import { WORKFLOW_CHANNEL, WORKFLOW_TOPIC } from '../domain/workflow/run-feed.ts';
import { TriggerReader } from '../domain/workflow/trigger-reader.ts';
import type { RunStarter } from './client.ts';
import { RunDispatcher } from './run-dispatcher.ts';
import { SteadyLoop } from './steady-loop.ts';

export interface TriggerMeans {
  readonly pool: pg.Pool;
  readonly listener: Listener;
  readonly sources: ContextSources;
  readonly starter: RunStarter;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Under load the book grows many times a second: what came meanwhile is read together. */
const GATHER_MS = 50;
/** A notification may be lost; the book is looked at all the same. */
const LOOK_EVERY_MS = 2_000;

/** From the ledger to runs, and from runs to Temporal: two loops, so that the ledger is read on while Temporal is away. */
export function startTriggers({ pool, listener, sources, starter, clock, log }: TriggerMeans): { stop(): Promise<void> } {
  const reader = new TriggerReader({ pool, sources, clock });
  const dispatcher = new RunDispatcher({ pool, starter, clock });
  const handing = new SteadyLoop({
    name: 'starting workflow runs at Temporal',
    work: (signal) => dispatcher.handOver(signal),
    everyMs: LOOK_EVERY_MS,
    gatherMs: 0,
    log,
  });
  const reading = new SteadyLoop({
    name: 'reading the ledger for workflows',
    work: async () => {
      const { more, entered } = await reader.readOn();
      if (entered > 0) handing.wake();
      return more;
    },
    everyMs: LOOK_EVERY_MS,
    gatherMs: GATHER_MS,
    log,
  });
  const silence = [
    listener.on('valehub_ledger', () => reading.wake()),
    listener.on(WORKFLOW_CHANNEL, (payload) => {
      if (payload.startsWith(WORKFLOW_TOPIC)) handing.wake();
    }),
    listener.onReconnect(() => reading.wake()),
  ];
  return {
    async stop() {
      for (const stop of silence) stop();
      await reading.stop();
      await handing.stop();
    },
  };
}
