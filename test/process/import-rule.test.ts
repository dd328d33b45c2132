import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startNode, type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

/** Lays out a house of these imports and tells which rules they break. */
async function brokenRules(imports: Readonly<Record<string, string>>): Promise<string[]> {
  for (const [from, to] of Object.entries(imports)) {
    const steps = '../'.repeat(from.split('/').length - 1);
    await write(
      from,
      `import type { thing } from '${to.includes('/') ? `${steps}${to}` : to}';\nexport const other: thing | null = null;\n`,
    );
    if (to.includes('/') && !(to in imports)) await write(to, 'export type thing = string;\n');
  }
  await mkdir(join(folder.path, 'plugins'), { recursive: true });
  await mkdir(join(folder.path, 'src'), { recursive: true });
  const args = ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', 'src', 'plugins'];
  const cruise = startNode([join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), ...args], {}, folder.path);
  await cruise.ended;
  const { summary } = JSON.parse(cruise.output()) as { summary: { violations: Array<{ rule: { name: string } }> } };
  return summary.violations.map(({ rule }) => rule.name).sort();
}

async function write(path: string, text: string): Promise<void> {
  const full = join(folder.path, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, text);
}

test('a file may import its own folder and every lower tier', async () => {
  await expect(
    brokenRules({
      'src/main.ts': 'src/server.ts',
      'src/server.ts': 'src/schema/index.ts',
      'src/schema/index.ts': 'src/schema/voucher.resolver.ts',
      'src/schema/voucher.resolver.ts': 'src/domain/voucher/voucher.service.ts',
      'src/domain/voucher/voucher.service.ts': 'src/domain/shared/money.ts',
      'src/database/entities.ts': 'src/domain/voucher/voucher.service.ts',
      'src/connectors/runner/runner.ts': 'src/connectors/kit/src/index.ts',
      'src/workflows/follow-up/activities.ts': 'src/domain/voucher/voucher.service.ts',
      'src/workflows/follow-up/workflow.ts': 'src/workflows/follow-up/messages.ts',
      'plugins/acme/src/index.ts': 'src/connectors/kit/src/index.ts',
    }),
  ).resolves.toEqual([]);
});

test.each([
  ['the configuration is a leaf', 'src/config.ts', 'src/domain/shared/money.ts', 'tier-0-config'],
  ['shared words know no noun', 'src/domain/shared/money.ts', 'src/domain/voucher/voucher.rules.ts', 'tier-0-shared'],
  ['the kit knows no hub', 'src/connectors/kit/src/index.ts', 'src/domain/shared/money.ts', 'tier-0-kit'],
  ['messages know no state', 'src/workflows/follow-up/messages.ts', 'src/domain/voucher/voucher.rules.ts', 'tier-0-messages'],
  ['state knows no door', 'src/domain/voucher/voucher.service.ts', 'src/schema/voucher.inputs.ts', 'tier-1-state'],
  ['state knows no assembly', 'src/database/database.ts', 'src/server.ts', 'tier-1-state'],
  ['the domain knows no HTTP', 'src/domain/voucher/voucher.service.ts', 'http', 'domain-knows-no-carrier'],
  ['one door does not open another', 'src/schema/voucher.resolver.ts', 'src/connectors/runner/runner.ts', 'tier-2-schema'],
  ['a door knows no assembly', 'src/connectors/webhooks/routes.ts', 'src/server.ts', 'tier-2-connectors'],
  ['a resolver does not import the assembled schema', 'src/schema/voucher.resolver.ts', 'src/schema/index.ts', 'tier-2-schema'],
  ['activities know no resolver', 'src/workflows/follow-up/activities.ts', 'src/schema/voucher.inputs.ts', 'tier-2-workflows'],
  ['a workflow touches no state', 'src/workflows/follow-up/workflow.ts', 'src/domain/voucher/voucher.service.ts', 'workflow-sandbox'],
  ['a plugin knows no hub', 'plugins/acme/src/index.ts', 'src/domain/shared/money.ts', 'plugin-alone'],
  ['a plugin knows no other', 'plugins/acme/src/index.ts', 'plugins/square/src/index.ts', 'plugin-alone'],
  ['the hub knows no plugin by path', 'src/connectors/registry/registry.ts', 'plugins/square/src/index.ts', 'no-plugin-by-path'],
])('%s', async (_meaning, from, to, rule) => {
  await expect(brokenRules({ [from]: to })).resolves.toContain(rule);
});
