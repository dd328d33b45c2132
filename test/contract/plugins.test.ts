import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describePlugin } from './suite.ts';

const plugins = join(import.meta.dirname, '../../plugins');
const ids = readdirSync(plugins, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  .map((entry) => entry.name);

test('there are plugins to look at', () => expect(ids).toEqual(expect.arrayContaining(['sendgrid', 'slack', 'square'])));

for (const id of ids) await describePlugin(join(plugins, id), id);
