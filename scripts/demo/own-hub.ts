import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunningHub {
  readonly url: string;
  readonly adminKey: string;
  /** Where the demo's own hub writes what it has to say. */
  readonly logPath: string | null;
  /** Re-reads the whole book with the hub's own tool: what it says at the end, and whether all agrees. null: not the demo's hub. */
  readonly verify: (() => Promise<{ readonly said: string; readonly clean: boolean }>) | null;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 90_000;

/** A hub that is already running, with leave to call stand-ins on this machine, or one of the demo's own in a folder that is thrown away. */
export async function findHub(env: NodeJS.ProcessEnv): Promise<RunningHub> {
  const { VALEHUB_URL: url, VALEHUB_KEY: adminKey } = env;
  if (url && adminKey) return { url: url.replace(/\/+$/, ''), adminKey, logPath: null, verify: null, stop: async () => undefined };
  if (url || adminKey)
    throw new Error(
      'To play on a running hub set both VALEHUB_URL and VALEHUB_KEY (an ADMIN key); that hub needs VALEHUB_ALLOW_PRIVATE_HOSTS=1.',
    );
  return startHub(env);
}

async function startHub(env: NodeJS.ProcessEnv): Promise<RunningHub> {
  const home = await mkdtemp(join(tmpdir(), 'valehub-demo-'));
  // The embedded PostgreSQL may run as an account of its own, which has to get in.
  await chmod(home, 0o711);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const logPath = join(tmpdir(), `valehub-demo-${port}.log`);
  const log = await open(logPath, 'a');
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/main.js')], {
    env: {
      ...env,
      VALEHUB_HOME: home,
      PORT: String(port),
      VALEHUB_PUBLIC_URL: url,
      VALEHUB_ALLOW_PRIVATE_HOSTS: '1',
      VALEHUB_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', log.fd, log.fd],
  });
  await log.close();
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
    await rm(home, { recursive: true, force: true });
  };
  try {
    await ready(url, () => child.exitCode);
    const adminKey = (await readFile(join(home, 'admin.key'), 'utf8')).trim();
    return { url, adminKey, logPath, verify: () => verify(env, home), stop };
  } catch (error) {
    await stop();
    throw new Error(`${error instanceof Error ? error.message : String(error)} (${logPath})`, { cause: error });
  }
}

async function verify(env: NodeJS.ProcessEnv, home: string): Promise<{ readonly said: string; readonly clean: boolean }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/verify.js')], {
    env: { ...env, VALEHUB_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  const [exitCode] = await once(child, 'close');
  return { said: said.trimEnd(), clean: exitCode === 0 };
}

async function ready(url: string, exitCode: () => number | null): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (exitCode() !== null) throw new Error(`The demo's hub ended with code ${exitCode()}; what it said is in its log.`);
    const answer = await fetch(`${url}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The demo's hub was not ready within ${READY_WITHIN_MS / 1_000} s.`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port could be found.');
  return address.port;
}
