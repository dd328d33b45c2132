import { spawn } from 'node:child_process';
import { closeSync, fchmodSync, openSync, writeSync } from 'node:fs';
import type { StopStep } from './processes.ts';

/*
 * Runs as a process of its own between the hub and one server (Postgres, Temporal). Its standard input is a pipe
 * held by the hub: when the hub ends, however it ends, the kernel closes that pipe, and the server is stopped here.
 * A hub killed outright cannot stop anything itself; that is why this process exists.
 */

/** What a guardian runs; given to it as JSON in its first argument. */
export type GuardedCommand = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The account to run as, where it is not the guardian's own. */
  readonly account: { readonly uid: number; readonly gid: number } | null;
  /** The server's output is appended here. */
  readonly logFile: string;
  readonly stop: readonly StopStep[];
};

/** What a guardian tells on its standard output, one JSON text a line. */
export type GuardianReport =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null };

function report(line: GuardianReport): void {
  try {
    writeSync(1, `${JSON.stringify(line)}\n`);
  } catch (fault) {
    // The hub is gone and reads no more; the end of standard input tells the same and does the work.
    if (!['EPIPE', 'EAGAIN'].includes((fault as NodeJS.ErrnoException).code ?? '')) throw fault;
  }
}

function guard(spec: GuardedCommand): void {
  // An open file, not a pipe: the server keeps its output even where this process is killed.
  const output = openSync(spec.logFile, 'a', 0o600);
  fchmodSync(output, 0o600);
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ['ignore', output, output],
    ...(spec.account === null ? {} : spec.account),
  });
  closeSync(output);
  let stopping = false;

  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    let wait = 0;
    for (const step of spec.stop) {
      setTimeout(() => child.kill(step.signal), wait);
      wait += step.graceMs;
    }
  };

  child.once('spawn', () => {
    if (child.pid !== undefined) report({ kind: 'started', pid: child.pid });
  });
  child.once('error', (fault) => {
    report({ kind: 'failed', message: fault.message });
    process.exit(1);
  });
  child.once('exit', (code, signal) => {
    report({ kind: 'exited', code, signal });
    process.exit(0);
  });
  process.stdin.resume();
  process.stdin.once('end', stop);
  process.stdin.once('error', stop);
  process.on('SIGTERM', stop);
  // A terminal's Ctrl-C goes to the hub, which first finishes its requests and then closes the pipe.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
}

if (import.meta.main) guard(JSON.parse(process.argv[2] ?? 'null') as GuardedCommand);
