import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { run } from './children.mjs';
import { SetupError } from './progress.mjs';

const LOCK = 'package-lock.json';
/** npm's own record of what it installed; it is gone when somebody clears node_modules. */
const INSTALLED = 'node_modules/.package-lock.json';
const STAMP = 'node_modules/.valehub-installed';
const OLDEST_NPM = 10;

export function installIsDone() {
  if (!existsSync(INSTALLED) || !existsSync('node_modules/node/bin/node')) return false;
  const wanted = stampText();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return true;
  // Somebody ran npm by hand: what counts is whether it put the same in place.
  if (!sameVersions()) return false;
  writeFileSync(STAMP, wanted);
  return true;
}

function stampText() {
  return `${createHash('sha256').update(readFileSync(LOCK)).digest('hex')} ${process.platform} ${process.arch}\n`;
}

function sameVersions() {
  const wanted = JSON.parse(readFileSync(LOCK, 'utf8')).packages;
  const found = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, peer, link }]) => {
    if (!path.includes('node_modules/') || optional || peer) return true;
    return link ? existsSync(path) : found[path]?.version === version;
  });
}

/** What npm itself needs, told before it fails half way. */
export async function checkInstaller() {
  if (process.platform === 'win32') {
    throw new SetupError(
      'Valehub sets itself up on Linux and macOS: on Windows, start it inside WSL (https://learn.microsoft.com/windows/wsl/install).',
    );
  }
  const { code, output } = await run('npm', ['--version']);
  if (code !== 0) throw new SetupError('There is no npm on the PATH: install Node with npm (https://nodejs.org) and try again.');
  if (Number(output.split('.')[0]) < OLDEST_NPM) {
    throw new SetupError(
      `Valehub needs npm ${OLDEST_NPM} or newer, and this is ${output.trim()}: run \`npm install --global npm@11\` and try again.`,
    );
  }
}

export async function runInstall() {
  const { code, output } = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    env: { NODE_ENV: '' },
  });
  if (code !== 0) throw new SetupError(explain(output));
  writeFileSync(STAMP, stampText());
}

function explain(output) {
  const tail = output.trim().split('\n').slice(-12).join('\n');
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network|socket hang up/.test(output)) {
    return `${tail}\nThe packages could not be downloaded: connect this machine to the network (or name its proxy to npm: \`npm config set proxy\`) and try again.`;
  }
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `${tail}\nThe packages could not be written: make ${process.cwd()} and npm's cache folder writable for this account and try again.`;
  }
  if (/ENOSPC/.test(output)) return `${tail}\nThe disk is full: make room (about 1 GB) and try again.`;
  return `${tail}\nnpm ci failed; what it said is above. Mend that and try again.`;
}
