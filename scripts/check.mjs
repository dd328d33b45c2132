// `npm run check`: every check runs, whatever the others say, and each tells its result and its time.
import { spawn } from 'node:child_process';

const node = process.execPath;
const bin = (path) => `node_modules/${path}`;

/** @type {Array<[name: string, command: [program: string, args: string[]]]>} */
const CHECKS = [
  ['types', [node, [bin('typescript/bin/tsc'), '-b']]],
  ['lint', [bin('.bin/biome'), ['lint', '--error-on-warnings', '.']]],
  ['format', [bin('.bin/biome'), ['check', '--linter-enabled=false', '.']]],
  ['import rule', [node, [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.cjs', 'src', 'plugins']]],
  ['unused files, exports and dependencies', [node, [bin('knip/bin/knip.js')]]],
  ['schema.graphql is fresh', [node, ['scripts/emit-schema.mjs', '--check']]],
  ['schema.graphql only grows', [node, ['scripts/check-schema-growth.mjs']]],
  ['migrations agree with the entities', [node, ['scripts/check-migrations.mjs']]],
  ['package-lock.json is complete', [node, ['scripts/complete-lockfile.mjs', '--check']]],
  ['changesets', [node, ['scripts/check-changesets.mjs']]],
  ['configuration.md is fresh', [node, ['scripts/emit-config-docs.mjs', '--check']]],
  ['the tables of the connectors are fresh', [node, ['scripts/emit-connector-docs.mjs', '--check']]],
];

const wanted = process.argv.slice(2);
const failures = [];
const chosen = wanted.length === 0 ? CHECKS : CHECKS.filter(([name]) => wanted.some((word) => name.includes(word)));
if (chosen.length === 0) {
  console.error(`No check is called "${wanted.join(' ')}"; there are: ${CHECKS.map(([name]) => name).join(', ')}.`);
  process.exit(1);
}
for (const [name, command] of chosen) {
  const began = Date.now();
  const { code, output } = await run(...command);
  const took = `${((Date.now() - began) / 1000).toFixed(1)} s`;
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${took})`);
  if (code !== 0) {
    failures.push(name);
    console.log(output.trimEnd().replace(/^/gm, '    '));
  }
}
console.log(failures.length === 0 ? 'All checks passed.' : `${failures.length} failed: ${failures.join(', ')}.`);
process.exitCode = failures.length === 0 ? 0 : 1;

function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk.toString('utf8')));
    child.once('error', (fault) => resolve({ code: 1, output: fault.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
