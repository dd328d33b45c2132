// npm leaves packages for other platforms out of package-lock.json where it could not look at them, and `npm ci` then
// refuses everywhere. This writes them in, from what their parents say; with --check it only looks.
import { readFileSync, writeFileSync } from 'node:fs';

const PATH = 'package-lock.json';
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64'];

const lock = JSON.parse(readFileSync(PATH, 'utf8'));
const missing = Object.values(lock.packages).flatMap(({ optionalDependencies = {}, dev }) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => lock.packages[`node_modules/${name}`] === undefined)
    .map(([name, version]) => ({ name, entry: entryFor(name, version, dev) })),
);

/** What the registry says of such a package follows from its name: `@swc/core-linux-x64-musl`. */
function entryFor(name, version, dev) {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.find((word) => words.includes(word));
  const cpu = PROCESSORS.find((word) => words.includes(word));
  if (os === undefined || cpu === undefined)
    throw new Error(`${name} is missing in ${PATH} and its name does not say for which platform it is: run npm install again.`);
  const musl = words.some((word) => word.startsWith('musl'));
  const glibc = words.some((word) => word.startsWith('gnu'));
  const libc = musl ? ['musl'] : glibc ? ['glibc'] : undefined;
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...(libc ? { libc } : {}), optional: true, os: [os] };
}

if (missing.length === 0) {
  console.log(`${PATH} is complete.`);
} else if (process.argv.includes('--check')) {
  console.error(`${PATH} lacks ${missing.map(({ name }) => name).join(', ')}: run \`node scripts/complete-lockfile.mjs\`.`);
  process.exitCode = 1;
} else {
  const { '': root, ...rest } = lock.packages;
  const added = Object.fromEntries(missing.map(({ name, entry }) => [`node_modules/${name}`, entry]));
  const packages = Object.fromEntries(Object.entries({ ...rest, ...added }).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(PATH, `${JSON.stringify({ ...lock, packages: { '': root, ...packages } }, null, 2)}\n`);
  console.log(`Added ${missing.length} packages of other platforms to ${PATH}.`);
}
