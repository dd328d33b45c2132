import { readFileSync } from 'node:fs';

/** The version of this kit, as its package says. */
export function kitVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return version;
}

type Triple = readonly [number, number, number];

const triple = (text: string): Triple | undefined => {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
};

const compare = (a: Triple, b: Triple): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** The first version that a caret no longer takes: what may break rises with the first number that is not zero. */
const afterCaret = ([major, minor, patch]: Triple): Triple =>
  major > 0 ? [major + 1, 0, 0] : minor > 0 ? [0, minor + 1, 0] : [0, 0, patch + 1];

/** Whether a version lies in a range written `^1.2.3`, `~1.2.3`, `>=1.2.3` or `1.2.3`. Undefined where the range is written otherwise. */
export function inRange(version: string, range: string): boolean | undefined {
  const match = /^(\^|~|>=)?(\d+\.\d+\.\d+)$/.exec(range.trim());
  const low = triple(match?.[2] ?? '');
  const at = triple(version.split(/[-+]/, 1)[0] ?? '');
  if (!match || !low || !at) return undefined;
  switch (match[1]) {
    case '^':
      return compare(at, low) >= 0 && compare(at, afterCaret(low)) < 0;
    case '~':
      return compare(at, low) >= 0 && compare(at, [low[0], low[1] + 1, 0]) < 0;
    case '>=':
      return compare(at, low) >= 0;
    default:
      return compare(at, low) === 0;
  }
}
