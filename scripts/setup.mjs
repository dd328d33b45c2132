import { buildIsDone, runBuild } from './setup/build.mjs';
import { withLock } from './setup/lock.mjs';
import { checkInstaller, installIsDone, runInstall } from './setup/packages.mjs';
import { say, seconds, step } from './setup/progress.mjs';
import { findTemporal, obtainTemporal } from './setup/temporal.mjs';

/**
 * Brings this checkout to where `needs` says, and nothing twice.
 * @param {{ build?: boolean, temporal?: 'unless-configured' | 'always' }} needs packages are always needed
 */
export async function setUp(needs) {
  const began = Date.now();
  const wantsTemporal = needs.temporal === 'always' || (needs.temporal === 'unless-configured' && !process.env.TEMPORAL_ADDRESS);
  const isDone = () => installIsDone() && (!needs.build || buildIsDone()) && (!wantsTemporal || findTemporal() !== null);
  if (isDone()) {
    say(`all in place (${seconds(began)})`);
    return;
  }
  await withLock('.setup.lock', 'this folder', async () => {
    if (!installIsDone()) {
      await checkInstaller();
      await step('packages', 'installing them with npm ci (about a minute)', runInstall);
    }
    if (needs.build && !buildIsDone()) await step('build', 'compiling', runBuild);
  });
  if (wantsTemporal && findTemporal() === null) await step('Temporal', 'looking for its server', obtainTemporal);
  say(`done in ${seconds(began)}`);
}
