// `npm run new:connector acme`: a plugin that passes the contract suite at once, with "Fill in" where the platform's own facts belong.
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const usage = 'npm run new:connector <id> -- [--title "Acme POS"] [--into <folder>]   e.g. npm run new:connector acme';

function fail(message) {
  console.error(message);
  process.exit(1);
}

function options() {
  try {
    return parseArgs({ allowPositionals: true, options: { title: { type: 'string' }, into: { type: 'string' } } });
  } catch (fault) {
    return fail(`${fault.message}\n${usage}`);
  }
}

/** acme-pos -> Acme Pos */
const titleOf = (id) =>
  id
    .split('-')
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join(' ');

const { positionals, values } = options();
const [id, ...more] = positionals;
if (id === undefined || more.length > 0) fail(`One id is needed: ${usage}`);
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 60)
  fail(`"${id}" is no id: lower-case letters, digits and single dashes, beginning with a letter.`);

if (values.title !== undefined && !/^[\p{L}\p{N}][\p{L}\p{N} .&+-]{0,59}$/u.test(values.title))
  fail('A title has letters, digits, spaces and . & + - only, 60 at most.');

const into = resolve(values.into ?? join(root, 'plugins'));
const folder = join(into, id);
if (existsSync(folder)) fail(`${relative(process.cwd(), folder) || folder} is there already; nothing was changed.`);

const { version } = JSON.parse(readFileSync(join(root, 'src/connectors/kit/package.json'), 'utf8'));
const words = { __id__: id, __title__: values.title ?? titleOf(id), __kit__: `^${version}` };
const filled = (text) => text.replaceAll(/__(?:id|title|kit)__/g, (word) => words[word]);

cpSync(join(root, 'plugins/.template'), folder, { recursive: true, filter: (source) => !/(^|\/)(dist|node_modules)$/.test(source) });
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const path = join(entry.parentPath, entry.name);
  writeFileSync(path, filled(readFileSync(path, 'utf8')));
  if (filled(entry.name) !== entry.name) renameSync(path, join(entry.parentPath, filled(entry.name)));
}

const isBuiltIn = into === join(root, 'plugins');
if (isBuiltIn) {
  const path = join(root, 'tsconfig.json');
  const before = readFileSync(path, 'utf8');
  const reference = `{ "path": "plugins/${id}" }`;
  if (!before.includes(reference)) writeFileSync(path, before.replace(/( *)(\{ "path": "test" \})/, `$1${reference},\n$1$2`));
  writeFileSync(join(root, `.changeset/new-${id}.md`), `---\n"@valehub/connector-${id}": minor\n---\n\nConnect ${words.__title__}.\n`);
}

const shown = relative(process.cwd(), folder) || folder;
console.log(`Made ${shown}. It passes the contract suite as it is; now fill in what is the platform's own:
  grep -rn "Fill in" ${shown}
${
  isBuiltIn
    ? `Then
  npm install                       links the package
  npm test -- test/contract plugins/${id}
  name "@valehub/connector-${id}" under valehub.connectors in package.json, so that the hub loads it.`
    : 'Install it beside the hub and name its package in VALEHUB_CONNECTORS.'
}
How to: docs/how-to/write-a-connector.md`);
