import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { run } from './children.mjs';
import { SetupError } from './progress.mjs';

const STAMP = 'dist/.valehub-build.json';
export const NODE = 'node_modules/node/bin/node';
/** What the build is made of; the tests are not. */
const TOP_FILES = ['tsconfig.json', 'tsconfig.base.json', 'package-lock.json', 'scripts/setup/build.mjs', 'scripts/bundle-workflows.mjs'];

export function buildIsDone() {
  if (!existsSync(STAMP) || !existsSync('dist/main.js')) return false;
  const stamp = JSON.parse(readFileSync(STAMP, 'utf8'));
  const files = sourceFiles();
  if (stamp.looks === looksOf(files)) return true;
  // A fresh checkout or a touched file changes the times; only other contents are worth a build.
  if (stamp.contents !== contentsOf(files)) return false;
  writeStamp(files);
  return true;
}

function writeStamp(files) {
  writeFileSync(STAMP, JSON.stringify({ looks: looksOf(files), contents: contentsOf(files) }));
}

/** The packages that are compiled, with the folder of their sources and that of the results. */
function units() {
  const plugins = existsSync('plugins') ? readdirSync('plugins').filter((name) => !name.startsWith('.')) : [];
  return [
    { project: 'src/connectors/kit', from: 'src/connectors/kit/src', to: 'src/connectors/kit/dist' },
    { project: 'src', from: 'src', to: 'dist' },
    ...plugins.map((name) => ({ project: `plugins/${name}`, from: `plugins/${name}/src`, to: `plugins/${name}/dist` })),
  ].filter(({ project }) => existsSync(join(project, 'tsconfig.json')));
}

function sourceFiles() {
  const files = TOP_FILES.filter((path) => existsSync(path));
  for (const { project, from } of units()) {
    files.push(join(project, 'tsconfig.json'), ...walk(from));
    if (existsSync(join(project, 'package.json'))) files.push(join(project, 'package.json'));
  }
  return [...new Set(files)].sort();
}

function walk(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : walk(path);
    return entry.name.endsWith('.test.ts') ? [] : [path];
  });
}

function looksOf(files) {
  const hash = createHash('sha256');
  for (const path of files) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function contentsOf(files) {
  const hash = createHash('sha256');
  for (const path of files) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

export async function runBuild(now) {
  const files = sourceFiles();
  const looks = looksOf(files);
  const contents = contentsOf(files);
  const compiled = await run(NODE, ['node_modules/typescript/bin/tsc', '-b', ...units().map(({ project }) => project)]);
  if (compiled.code !== 0)
    throw new SetupError(`${compiled.output.trim()}\nThe sources do not compile; mend what is named above and try again.`);
  for (const { from, to } of units()) copyAssets(from, to);
  if (existsSync('dist/workflows/index.js')) {
    now('bundling the workflows');
    const bundled = await run(NODE, ['scripts/bundle-workflows.mjs']);
    if (bundled.code !== 0)
      throw new SetupError(`${bundled.output.trim()}\nThe workflows could not be bundled; mend what is named above and try again.`);
  }
  // As they were before: what was edited meanwhile is built the next time.
  writeFileSync(STAMP, JSON.stringify({ looks, contents }));
}

/** What the compiler does not carry over: SQL statements and the like. */
function copyAssets(from, to) {
  for (const path of walk(from)) {
    if (
      /\.(ts|mts|tsbuildinfo)$/.test(path) ||
      /(^|\/)(tsconfig|package)[^/]*\.json$/.test(path) ||
      path.includes('connectors/kit/') !== from.includes('connectors/kit')
    )
      continue;
    const target = join(to, relative(from, path));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(path, target);
  }
}
