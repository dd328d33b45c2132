import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { describePlugin } from './suite.ts';

const root = join(import.meta.dirname, '../..');
const script = join(root, 'scripts/new-connector.mjs');

/** Inside the repository, so that the kit is found from it, and in a folder that git does not see. */
const home = join(root, '.valehub');
mkdirSync(home, { recursive: true });
const folder = mkdtempSync(join(home, 'contract-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const make = (...args: string[]) => spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
execFileSync(process.execPath, [script, 'acme-pos', '--title', 'Acme POS', '--into', folder]);

await describePlugin(join(folder, 'acme-pos'), 'acme-pos');

describe('a new connector', () => {
  test('has its own name everywhere, and nothing of the template’s', () => {
    const files = readdirSync(join(folder, 'acme-pos'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'utf8')}`).join('\n');
    expect(texts).not.toMatch(/__(id|title|kit)__/);
    expect(texts).toContain('Acme POS');
    expect(files.map((entry) => entry.name)).toContain('acme-pos.test.ts');
  });

  test('tells what is to be filled in', () => {
    const { stdout, status } = make('acme-two', '--into', folder);
    expect(status).toBe(0);
    expect(stdout).toContain('Fill in');
    expect(stdout).toContain('docs/how-to/write-a-connector.md');
  });

  test.each([
    [['Acme']],
    [['acme--pos']],
    [['../acme']],
    [['acme-pos']],
    [['']],
    [[]],
    [['a', 'b']],
    [['acme', '--colour', 'red']],
    [['acme', '--title', "O'Acme"]],
  ])('asked for by %j is refused with a sentence, and nothing is made', (args) => {
    const before = readdirSync(folder).sort();
    const { status, stderr } = make(...args, '--into', folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/[.!]|npm run new:connector/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(folder).sort()).toEqual(before);
  });
});
