import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, jest, test } from '@jest/globals';
import { PLATFORMS } from '../../scripts/demo/platforms/index.ts';
import { startNode } from '../helpers/child-process.ts';

// A hub of its own is started, with its database and Temporal.
jest.setTimeout(300_000);

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

test('every connector that comes with the hub has a place in the evening', async () => {
  const { valehub } = JSON.parse(await readFile(at('package.json'), 'utf8')) as { valehub: { connectors: string[] } };
  const names = valehub.connectors.map((name) => name.replace('@valehub/connector-', ''));
  expect(PLATFORMS.map(({ id }) => id).sort()).toEqual(names.sort());
});

test('npm run demo -- --all: what each platform has is what the hub has', async () => {
  const demo = startNode(['--disable-warning=ExperimentalWarning', at('scripts/demo/demo.ts'), '--all'], {
    VALEHUB_CACHE: process.env['VALEHUB_CACHE'] ?? '',
  });
  const code = await demo.ended;
  // Where it ended early, what it said tells why.
  expect({ code, said: code === 0 ? '' : demo.output() }).toEqual({ code: 0, said: '' });
  const lines = demo.output().split('\n');
  const agreeing = lines.filter((line) => /│ agree │$/.test(line)).map((line) => line.split('│')[1]?.trim());
  expect(agreeing).toEqual(PLATFORMS.map(({ title }) => title));
  expect(lines.filter((line) => line.includes('DIFFER'))).toEqual([]);
  expect(demo.output().trimEnd().split('\n').at(-1)).toMatch(/^All \d+ checks agree\.$/);
});
