import { spawn } from 'node:child_process';
import { NODE } from './build.mjs';
import { HUB_FLAGS } from './hub-flags.mjs';

/** What each npm script needs first, and what it then runs. */
export const COMMANDS = {
  start: { needs: { build: true, temporal: 'unless-configured' }, run: () => runHub() },
  test: {
    needs: { build: true, temporal: 'always' },
    run: (args) => runNode(['--experimental-vm-modules', ...QUIET, 'node_modules/jest/bin/jest.js', ...args]),
  },
  proof: { needs: { build: true }, run: (args) => runNode(['scripts/proof.mjs', ...args]) },
  chaos: { needs: { build: true }, run: (args) => runNode(['scripts/chaos.mjs', ...args]) },
  demo: { needs: { build: true, temporal: 'unless-configured' }, run: (args) => runNode([...QUIET, 'scripts/demo/demo.ts', ...args]) },
  bench: { needs: { build: true, temporal: 'unless-configured' }, run: (args) => runNode([...QUIET, 'scripts/bench/index.mjs', ...args]) },
  verify: { needs: { build: true }, run: (args) => runNode(['--enable-source-maps', ...QUIET, 'dist/verify.js', ...args]) },
  check: { needs: { build: true }, run: (args) => runNode(['scripts/check.mjs', ...args]) },
  setup: { needs: { build: true, temporal: 'unless-configured' }, run: async () => 0 },
  build: { needs: { build: true }, run: async () => 0 },
  /** `node scripts/run.mjs node scripts/x.mjs ...`: any other script, on the right Node and a finished build. */
  node: { needs: { build: true }, run: (args) => runNode([...QUIET, ...args]) },
};

/** Node says once a process that these are experimental; they are chosen knowingly. */
const QUIET = ['--disable-warning=ExperimentalWarning'];
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const LOOK_AFTER_PARENT_EVERY = 200;

/** Runs the hub as a child that ends when this process does, however it does: the channel between them breaks. */
function runHub() {
  // In a session of its own, it hears a terminal's Ctrl-C once, from here.
  const child = spawn(NODE, ['--enable-source-maps', ...HUB_FLAGS, 'dist/main.js'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
  // npm passes signals on, but when it is killed outright nobody tells; then the parent is another.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) child.kill('SIGTERM');
  }, LOOK_AFTER_PARENT_EVERY);
  return exitCodeOf(child).finally(() => clearInterval(watch));
}

/** Runs a tool to its end, in this terminal. */
function runNode(args) {
  const child = spawn(NODE, args, { stdio: 'inherit' });
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  return exitCodeOf(child);
}

function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (SIGNAL_NUMBERS[signal] ?? 0)));
  });
}

const SIGNAL_NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
