import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedSchemas } from '../test/published-schemas.ts';

for (const [name, schema] of Object.entries(publishedSchemas()))
  writeFileSync(join(import.meta.dirname, '../schemas', name), `${JSON.stringify(schema, null, 2)}\n`);
