import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const isInstalled = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;

/** Runs a program to its end and gives back what it wrote; throws where it failed. */
export function runProgram(program, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let faults = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      faults += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`${program} ended with ${code}:\n${output}\n${faults}`)),
    );
  });
}

/** Runs one of the bench's own scripts in a process of its own; it gets `task` and prints its result as JSON. */
export async function runScript(name, task) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  return JSON.parse(await runProgram(process.execPath, [path, JSON.stringify(task)]));
}
