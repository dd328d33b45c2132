// Writes schema.graphql from the built hub, or with --check says whether the committed one is fresh. Needs `npm run build` first.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';

const file = fileURLToPath(new URL('../schema.graphql', import.meta.url));
const { buildApiSchema } = await import('../dist/schema/index.js');
const fresh = `# Made by \`npm run schema:emit\`. Do not edit.\n\n${printSchema(lexicographicSortSchema(buildApiSchema()))}\n`;

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed !== fresh) {
    console.error('schema.graphql is not what the code says: run `npm run schema:emit` and commit it.');
    process.exit(1);
  }
  console.log('schema.graphql is fresh.');
} else {
  await writeFile(file, fresh);
  console.log('Wrote schema.graphql.');
}
