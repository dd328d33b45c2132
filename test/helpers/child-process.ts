import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export type StartedProcess = {
  readonly pid: number;
  /** All it has printed so far, on both outputs. */
  readonly output: () => string;
  /** Resolves with the first line of standard output that matches; rejects when the process ends first. */
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
};

/** Starts this Node on a script; what it prints is kept and can be waited for. */
export function startNode(args: readonly string[], env: Record<string, string> = {}, cwd?: string): StartedProcess {
  return startProgram(process.execPath, args, env, cwd);
}

/** The same with any program on the path. */
export function startProgram(program: string, args: readonly string[], env: Record<string, string> = {}, cwd?: string): StartedProcess {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(program, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  const seen: string[] = [];
  const waiting = new Set<(line: string) => void>();
  let all = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen.push(line);
    for (const look of waiting) look(line);
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      all += chunk.toString('utf8');
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    pid: child.pid ?? 0,
    output: () => all,
    ended,
    kill: (signal) => void child.kill(signal),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (line: string): void => {
          if (!pattern.test(line)) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        seen.forEach(look);
        void ended.then((how) => reject(new Error(`the process ended (${how}) before it printed ${pattern}:\n${all}`)));
      }),
  };
}

export type TemporaryFolder = { readonly path: string; remove(): Promise<void> };

/** A folder that PostgreSQL's account can pass through, as a data folder must be. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'valehub-test-'));
  await chmod(path, 0o711);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
