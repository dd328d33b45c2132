import { spawn } from 'node:child_process';
import { delimiter, sep } from 'node:path';

/** Enough of a program's output to tell why it failed. */
const TAIL_BYTES = 16_000;

const running = new Set();

function stopAll(signal) {
  for (const child of running) {
    try {
      process.kill(-child.pid, signal);
    } catch (fault) {
      if (fault.code !== 'ESRCH') throw fault;
    }
  }
}

/** A set-up that is stopped takes what it started with it. */
function stopWithChildren(signal) {
  stopAll('SIGTERM');
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

/** Runs a program to its end, quietly. @returns {Promise<{ code: number, output: string }>} code 127 where there is no such program */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: systemPath(), ...options.env };
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env, cwd: options.cwd });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk.toString('utf8')).slice(-TAIL_BYTES);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (code) => {
      running.delete(child);
      if (running.size === 0) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stopWithChildren);
      resolve({ code, output });
    };
    child.once('error', (fault) => {
      output += fault.message;
      end(fault.code === 'ENOENT' ? 127 : 126);
    });
    child.once('close', (code) => end(code ?? 1));
    if (child.pid === undefined) return;
    if (running.size === 0) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stopWithChildren);
    running.add(child);
    options.signal?.addEventListener('abort', () => process.kill(-child.pid, 'SIGTERM'), { once: true });
  });
}

/** The search path without this project's own programs: npm must not run on a Node that it is about to replace. */
export function systemPath() {
  const own = `${sep}node_modules${sep}.bin`;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.endsWith(own) && !folder.includes('node-gyp-bin'))
    .join(delimiter);
}
