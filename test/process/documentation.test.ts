import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: ROOT })];
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');

/** As GitHub makes them of headings, and those that a page sets itself. */
const anchors = (page: string): string[] => [
  ...[...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  ),
  ...[...read(page).matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id as string),
];

interface Link {
  readonly page: string;
  readonly target: string;
}
const links: Link[] = PAGES.flatMap((page) =>
  [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => ({ page, target: target as string })),
);

test('every link of the pages leads somewhere', () => {
  const files = new Set(
    globSync('{*,.*,docs/**,src/**,scripts/**,test/**,plugins/*,plugins/*/README.md}', {
      cwd: ROOT,
      exclude: (name) => name === 'node_modules',
    }),
  );
  const dead = links.filter(({ page, target }) => {
    const [path, anchor] = target.split('#') as [string, string?];
    const file = path === '' ? page : normalize(join(dirname(page), path)).replace(/\/$/, '');
    return !files.has(file) || (anchor !== undefined && file.endsWith('.md') && !anchors(file).includes(anchor));
  });
  expect(links.length).toBeGreaterThan(50);
  expect(dead).toEqual([]);
});

test('every page is in the index', () => {
  const listed = links.filter(({ page }) => page === 'docs/README.md').map(({ target }) => normalize(join('docs', target)));
  const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  expect(pages.filter((page) => !listed.includes(page))).toEqual([]);
});
