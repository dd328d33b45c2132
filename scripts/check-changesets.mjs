// `changeset status` against the branch that this one goes into. A fresh clone may know it by its remote's name only,
// or (one commit on its own) not at all; then there is nothing to compare with.
import { execFileSync, spawnSync } from 'node:child_process';

function exists(ref) {
  try {
    execFileSync('git', ['merge-base', 'HEAD', ref], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const base = ['main', 'origin/main', 'HEAD'].find(exists);
if (base === undefined) {
  console.error('This is no git checkout, so nobody can say what changed: clone the repository.');
  process.exitCode = 1;
} else {
  const { status } = spawnSync(process.execPath, ['node_modules/@changesets/cli/bin.js', 'status', `--since=${base}`], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
