import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Connector } from '@valehub/connector-kit';
import { type ConnectorSamples, contractTests } from '@valehub/connector-kit/testing';

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Loads the plugin in a folder and declares the contract's tests for it. */
export async function describePlugin(folder: string, id: string): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { default: connector } = (await import(join(folder, 'src/index.ts'))) as { default: Connector };
  const { samples } = (await import(join(folder, 'test/samples.ts'))) as { samples: ConnectorSamples };

  describe(id, () => {
    test('its folder, its id and its package have one name', () => {
      expect(connector.id).toBe(id);
      expect(manifest.name).toBe(`@valehub/connector-${id}`);
      expect(manifest.exports['.']).toEqual({ source: './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' });
      expect(manifest.peerDependencies['@valehub/connector-kit']).toBe(connector.kit);
    });

    test('its README says how to get credentials and what it cannot do', () => {
      const readme = readFileSync(join(folder, 'README.md'), 'utf8');
      expect(readme).toMatch(/^## How to connect it$/m);
      expect(readme).toMatch(/^## What it cannot do$/m);
    });

    for (const { name, run } of contractTests(connector, samples)) test(name, run);
  });
}
