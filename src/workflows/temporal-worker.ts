import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, type LogLevel, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { TemporalPlace } from './client.ts';
import { SteadyLoop } from './steady-loop.ts';

export interface TemporalWorkerOptions extends TemporalPlace {
  /** By their names. */
  readonly activities: object;
  readonly log: Logger;
  /** The workflows' code, where it is at hand; else the build's bundle, else it is bundled from here. */
  readonly workflowCode?: string | undefined;
  /** Told when it begins to take tasks, and when it no longer does. */
  readonly onState: (atWork: boolean) => void;
}

/** Deliveries wait in their activity for the platform's answer: a place each, and next to no work. */
const ACTIVITIES_AT_ONCE = 1_000;

/** Takes tasks from Temporal for as long as it lives: it connects whenever Temporal can be reached, and again when it was lost. */
export function startTemporalWorker(options: TemporalWorkerOptions): { stop(): Promise<void> } {
  const { address, namespace, taskQueue, activities, log, onState } = options;
  takeOverRuntime(log);
  let running: Worker | undefined;

  async function work(signal: AbortSignal): Promise<boolean> {
    const connection = await NativeConnection.connect({ address });
    try {
      const worker = await Worker.create({
        connection,
        namespace,
        taskQueue,
        activities: { ...activities },
        maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE,
        ...workflowSource(options.workflowCode),
      });
      running = worker;
      const ended = worker.run();
      onState(true);
      // A worker that was made has to be run to be let go of.
      if (signal.aborted) worker.shutdown();
      await ended;
    } finally {
      running = undefined;
      onState(false);
      await connection.close();
    }
    return false;
  }

  const loop = new SteadyLoop({ name: 'the Temporal worker', work, everyMs: 1_000, gatherMs: 0, log });
  return {
    async stop() {
      const stopped = loop.stop();
      if (running?.getState() === 'RUNNING') running.shutdown();
      await stopped;
    },
  };
}

/** Without the build's bundle (from the sources) it is made now, which takes seconds. */
function workflowSource(code: string | undefined): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  if (code !== undefined) return { workflowBundle: { code } };
  const bundle = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  if (existsSync(bundle)) return { workflowBundle: { codePath: bundle } };
  const here = import.meta.url;
  return { workflowsPath: fileURLToPath(new URL(here.endsWith('.ts') ? './index.ts' : './index.js', here)) };
}

/** Temporal's runtime is one a process: its messages go to the hub's log, and the hub alone minds the signals. */
function takeOverRuntime(log: Logger): void {
  if (Runtime._instance !== undefined) return;
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => log[LEVELS[level]]({ temporal: meta }, message));
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } },
  });
}

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const satisfies Record<
  LogLevel,
  keyof Logger
>;
