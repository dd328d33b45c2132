// Writes the migration that brings a migrated database to the entities, from what differs. Needs the built hub and a database to work in.
// Usage: npm run db:migration -- <name> <url of an empty database>
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [name, url] = process.argv.slice(2);
if (!name || !url) {
  console.error('Say the name of the migration and the URL of an empty database: npm run db:migration -- add-partners postgres://...');
  process.exit(1);
}
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { MikroORM } = await import('@mikro-orm/postgresql');
const { ormOptions } = await import('../dist/database/database.js');
const { migrateDatabase } = await import('../dist/database/migrate.js');

await migrateDatabase(url);
const orm = await MikroORM.init(ormOptions(url));
const { up } = await orm.schema.getUpdateSchemaMigrationSQL({ safe: false });
await orm.close();
const statements = up
  .split(/;\n+/)
  .map((statement) => statement.trim())
  .filter((statement) => statement && !statement.startsWith('set names'));
if (statements.length === 0) {
  console.log('The migrations already agree with the entities: nothing to write.');
  process.exit(0);
}
const folder = join(root, 'src/database/migrations');
await mkdir(folder, { recursive: true });
const number = (await readdir(folder)).filter((file) => /^\d{4}-/.test(file)).length + 1;
const file = `${String(number).padStart(4, '0')}-${name}.ts`;
const className = `Migration${String(number).padStart(4, '0')}${name.replace(/(^|-)(\w)/g, (_, __, letter) => letter.toUpperCase())}`;
const body = statements
  .map((statement) => `    this.addSql(\`${statement.replaceAll('\\', '\\\\').replaceAll('`', '\\`')};\`);`)
  .join('\n');
await writeFile(
  join(folder, file),
  `import { Migration } from '@mikro-orm/migrations';\n\nexport class ${className} extends Migration {\n  override up(): void {\n${body}\n  }\n}\n`,
);
const index = join(folder, 'index.ts');
const text = await readFile(index, 'utf8');
await writeFile(
  index,
  text
    .replace("import type { Migration } from '@mikro-orm/migrations';", (line) => `${line}\nimport { ${className} } from './${file}';`)
    .replace(/= \[(.*?)\];/s, (_, list) => `= [${list}${list.trim() ? ', ' : ''}${className}];`),
);
console.log(
  `Wrote src/database/migrations/${file}. Read it, add what entities cannot say (partitions, functions), then run npm run check.`,
);
