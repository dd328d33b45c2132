import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decide } from '../../src/domain/decision/decide.ts';
import { RULE_VERSION } from '../../src/domain/decision/rule-versions.ts';
import { inputOf, randomWorld, told, type World } from './worlds.ts';

/** What one version of the rules decided; a line of its file. */
interface Golden {
  readonly world: World;
  readonly told: ReturnType<typeof told>;
}

const FOLDER = new URL('./golden/', import.meta.url);
const fileOf = (version: number): URL => new URL(`${version}.jsonl`, FOLDER);
const WORLDS = 110;

export const goldenVersions = (): number[] =>
  readdirSync(FOLDER).flatMap((name) => (name.endsWith('.jsonl') ? [Number.parseInt(name, 10)] : []));

export const readGolden = (version: number): Golden[] =>
  readFileSync(fileOf(version), 'utf8')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Golden);

/** Writes down what the rules of now decide. Of a version that has been released nothing is written again: make a new version instead. */
function writeGolden(): void {
  const file = fileOf(RULE_VERSION);
  if (existsSync(file) && !process.argv.includes('--unreleased'))
    throw new Error(
      `Version ${RULE_VERSION} has its decisions already. Changed rules need a new version (docs/decisions/0005-versions-of-the-rules.md); --unreleased writes those of one that nobody has decided by yet.`,
    );
  const lines = Array.from({ length: WORLDS }, (_, seed) => {
    const world = randomWorld(seed);
    return JSON.stringify({ world, told: told(decide(inputOf(world))) });
  });
  writeFileSync(file, `${lines.join('\n')}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeGolden();
