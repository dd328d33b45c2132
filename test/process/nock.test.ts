import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

test('each suite that imports nock puts back what it replaced: the next one in the same process would not reach Temporal', () => {
  const suites = globSync('{src,test,plugins}/**/*.test.ts', { cwd: ROOT, exclude: (name) => name === 'node_modules' })
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))
    .filter(({ text }) => text.includes("from 'nock'"));
  expect(suites.length).toBeGreaterThan(5);
  expect(suites.filter(({ text }) => !text.includes('nock.restore()')).map(({ file }) => file)).toEqual([]);
});
