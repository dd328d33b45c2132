// Writes docs/reference/configuration.md from the schema in src/config.ts; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Variables } from '../src/config.ts';

const PATH = 'docs/reference/configuration.md';
const { properties } = z.toJSONSchema(Variables, { io: 'input' });

const rows = Object.entries(properties).map(([name, { description, default: preset }]) => {
  const shown = preset === undefined ? '' : `\`${preset}\``;
  return `| \`${name}\` | ${shown} | ${description} |`;
});
const text = `# Configuration

All of it is in environment variables; none is required. An empty one counts as left out. A value that the hub cannot
use stops the start with a sentence that names the variable. This page is generated from \`src/config.ts\` (\`npm run docs:config\`).

| variable | default | meaning |
|---|---|---|
${rows.join('\n')}
`;

if (!process.argv.includes('--check')) {
  writeFileSync(PATH, text);
} else if (readFileSync(PATH, { encoding: 'utf8', flag: 'a+' }) !== text) {
  console.error(`${PATH} does not say what src/config.ts says: run \`npm run docs:config\`.`);
  process.exitCode = 1;
}
