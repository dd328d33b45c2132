import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { BootError, messageOf } from './boot-error.ts';
import { type GuardedChild, startGuarded } from './guarded-child.ts';
import type { GuardedCommand } from './guardian.ts';

/** Pauses before the restarts of a server that died, in milliseconds; when they are used up the hub gives up. */
const RESTART_PAUSES = [100, 500, 1_000, 2_000, 4_000, 8_000, 15_000] as const;
/** A server that lived this long is well again: its next death begins with the first pause. */
const WELL_AFTER_MS = 60_000;

export type Supervised = { readonly child: () => GuardedChild; stop(): Promise<void> };

export type SupervisedSpec = {
  /** As a sentence begins: `PostgreSQL`. */
  readonly name: string;
  readonly log: Logger;
  readonly command: () => GuardedCommand;
  /** Clears what a killed predecessor left; runs before every start. */
  readonly prepare: () => Promise<void>;
  /** Told the process id of every start, before the server is ready. */
  readonly started?: (pid: number) => Promise<void>;
  /** Resolves when the server answers; must end when `signal` aborts. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  /** Abandons the first start. */
  readonly abandon?: AbortSignal | undefined;
  /** Called once, when the restarts are used up. */
  readonly onGivenUp: (fault: BootError) => void;
};

/** Starts a server, resolves when it answers, and from then on restarts it when it dies. A first start that fails rejects. */
export async function supervise(spec: SupervisedSpec): Promise<Supervised> {
  let stopping = false;
  const stopped = new AbortController();
  const abandoned = spec.abandon === undefined ? stopped.signal : AbortSignal.any([stopped.signal, spec.abandon]);
  let child = await startOnce(spec, abandoned);
  let startedAt = Date.now();
  let deaths = 0;

  const watch = async (): Promise<void> => {
    for (;;) {
      const how = await child.exited;
      if (stopping) return;
      deaths = Date.now() - startedAt > WELL_AFTER_MS ? 1 : deaths + 1;
      spec.log.warn(`${spec.name} ended unexpectedly (${how}); starting it again`);
      const again = await restart();
      if (again === null) return;
      child = again;
      if (stopping) {
        // The stop came while it was starting, and knew only the one before it.
        await again.stop();
        return;
      }
      startedAt = Date.now();
      spec.log.info({ pid: child.pid }, `${spec.name} is up again`);
    }
  };

  const restart = async (): Promise<GuardedChild | null> => {
    for (; ; deaths += 1) {
      const pause = RESTART_PAUSES[deaths - 1];
      if (pause === undefined) {
        spec.onGivenUp(
          new BootError(
            `${spec.name} kept ending and was started ${RESTART_PAUSES.length} times in vain; its log says why: ${spec.command().logFile}`,
          ),
        );
        return null;
      }
      try {
        await delay(pause, undefined, { signal: stopped.signal });
        return await startOnce(spec, stopped.signal);
      } catch (fault) {
        if (stopping) return null;
        spec.log.warn(`${spec.name} did not come up: ${messageOf(fault)}`);
      }
    }
  };

  const watching = watch();
  return {
    child: () => child,
    stop: async () => {
      stopping = true;
      stopped.abort();
      await child.stop();
      await watching;
    },
  };
}

async function startOnce(spec: SupervisedSpec, stopped: AbortSignal): Promise<GuardedChild> {
  await spec.prepare();
  stopped.throwIfAborted();
  const child = await startGuarded(spec.command());
  const gone = new AbortController();
  const ended = child.exited.then((how) => {
    gone.abort();
    throw new BootError(`${spec.name} ended while starting (${how}); its log says why: ${spec.command().logFile}`);
  });
  try {
    await spec.started?.(child.pid);
    await Promise.race([spec.ready(AbortSignal.any([gone.signal, stopped])), ended]);
    return child;
  } catch (fault) {
    await child.stop();
    throw fault;
  } finally {
    ended.catch(() => undefined);
  }
}
