import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { messageOf } from './boot-error.ts';

/** Longer than any part needs to stop well, shorter than what container platforms grant before they kill. Milliseconds. */
const STOP_WITHIN = 28_000;
/** npm and a terminal both send the same Ctrl-C; only a later one is a person's second. Milliseconds. */
const SAME_SIGNAL_WITHIN = 2_000;

export type Lifecycle = {
  /** Aborts when the end begins. */
  readonly ending: AbortSignal;
  /** What is to be undone at the end; the latest first. */
  onStop(name: string, undo: () => Promise<void>): void;
  /** Runs the start; a fault in it ends the process. */
  boot(start: () => Promise<void>): Promise<void>;
  /** Stops everything, prints `lastWords`, and ends the process with `code`. A second call changes nothing. */
  end(code: number, why: string, lastWords?: string): void;
};

/** The one place where this process decides to end: signals, the starter's death, faults that nobody caught. */
export function createLifecycle(log: Logger, describe: (fault: unknown) => string): Lifecycle {
  const ending = new AbortController();
  const undos: Array<{ name: string; undo: () => Promise<void> }> = [];
  let booting: Promise<void> = Promise.resolve();
  let endingSince = 0;

  const stopAll = async (): Promise<boolean> => {
    // What is just starting is let finish, so that it is known and can be stopped.
    await booting;
    let well = true;
    for (const { name, undo } of undos.reverse()) {
      try {
        await undo();
      } catch (fault) {
        well = false;
        log.error(`${name} did not stop well: ${messageOf(fault)}`);
      }
    }
    return well;
  };

  const end = (code: number, why: string, lastWords?: string): void => {
    if (ending.signal.aborted) return;
    endingSince = Date.now();
    log.info(`stopping: ${why}`);
    ending.abort();
    const late = delay(STOP_WITHIN, 'late' as const, { ref: false });
    void Promise.race([stopAll(), late]).then((result) => {
      if (result === 'late') log.error(`not everything stopped within ${STOP_WITHIN / 1000} s; leaving the rest to the guardians`);
      if (lastWords !== undefined) process.stderr.write(`${lastWords}\n`);
      process.exit(result === true ? code : 1);
    });
  };

  const onSignal = (name: NodeJS.Signals): void => {
    if (ending.signal.aborted && Date.now() - endingSince > SAME_SIGNAL_WITHIN) process.exit(1);
    end(0, name);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  process.on('disconnect', () => end(1, 'the process that started the hub is gone'));
  const onFault = (fault: unknown): void => {
    log.fatal({ err: fault }, 'a fault that nobody caught');
    end(1, 'a fault that nobody caught');
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  // Whoever read the output is gone; that is told by other means and must not end a hub in its own stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

  return {
    ending: ending.signal,
    onStop: (name, undo) => void undos.push({ name, undo }),
    boot: (start) => {
      booting = start().catch((fault: unknown) => {
        if (ending.signal.aborted) return;
        end(1, 'the start failed', describe(fault));
      });
      return booting;
    },
    end,
  };
}
