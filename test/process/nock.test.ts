import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

test('who imports nock, a suite or what suites share, puts back what it replaced: the next one in the same process would not reach Temporal', () => {
  const users = globSync('{src,test,plugins}/**/*.ts', { cwd: ROOT, exclude: (name) => name === 'node_modules' })
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))
    .filter(({ text }) => /^import nock\b.*from 'nock';$/m.test(text));
  expect(users.length).toBeGreaterThan(5);
  expect(users.filter(({ text }) => !text.includes('nock.restore()')).map(({ file }) => file)).toEqual([]);
});
