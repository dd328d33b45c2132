import { type ChildProcess, spawn } from 'node:child_process';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { BootError } from './boot-error.ts';
import type { GuardedCommand, GuardianReport } from './guardian.ts';
import { endProcess, waitForExit } from './processes.ts';

/** A running server with its guardian. `exited` resolves, never rejects, with a few words on how it ended. */
export type GuardedChild = {
  readonly pid: number;
  readonly guardianPid: number;
  readonly exited: Promise<string>;
  /** Stops the server in the steps of its command; resolves when it is gone. */
  stop(): Promise<void>;
};

/** Starts a command behind a guardian; resolves once its process exists (which is not yet: once it is ready). */
export async function startGuarded(command: GuardedCommand): Promise<GuardedChild> {
  const script = fileURLToPath(new URL(`./guardian${extname(import.meta.url)}`, import.meta.url));
  const guardian = spawn(process.execPath, [script, JSON.stringify(command)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // A session of its own: a terminal's Ctrl-C must not reach the server before the hub has let go of it.
    detached: true,
    env: {},
  });
  guardian.stdin.on('error', () => undefined);
  const guardianGone = new Promise<void>((resolve) => {
    guardian.once('exit', () => resolve());
    guardian.once('error', () => resolve());
  });

  let ended: string | null = null;
  const pid = await new Promise<number>((resolve, reject) => {
    const lines = createInterface({ input: guardian.stdout });
    lines.on('line', (text) => {
      const line = JSON.parse(text) as GuardianReport;
      if (line.kind === 'started') resolve(line.pid);
      else if (line.kind === 'failed') reject(new BootError(`${command.command} could not be started: ${line.message}`));
      else ended = line.signal === null ? `exit code ${line.code}` : `signal ${line.signal}`;
    });
    lines.once('close', () => reject(new BootError(`the guardian of ${command.command} ended before it could start it`)));
    guardian.once('error', reject);
  });

  const exited = guardianGone.then(async () => {
    if (ended !== null) return ended;
    // The guardian itself was killed: nobody else would stop its server now.
    await endProcess(pid, command.stop);
    return 'its guardian was killed';
  });
  return {
    pid,
    guardianPid: guardian.pid ?? 0,
    exited,
    stop: async () => {
      guardian.stdin.end();
      await endGuardian(guardian, command, pid);
      await exited;
    },
  };
}

/** A guardian that hangs must not make the hub hang: after the steps' time it is killed, and the server with it. */
async function endGuardian(guardian: ChildProcess, command: GuardedCommand, pid: number): Promise<void> {
  const patience = command.stop.reduce((sum, step) => sum + step.graceMs, 0);
  if (await waitForExit(pid, patience)) return;
  guardian.kill('SIGKILL');
  await endProcess(pid, [{ signal: 'SIGKILL', graceMs: 5_000 }]);
}
