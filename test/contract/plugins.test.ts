import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Connector } from '@valehub/connector-kit';
import { type ConnectorSamples, contractTests } from '@valehub/connector-kit/testing';

const plugins = new URL('../../plugins/', import.meta.url);
const ids = readdirSync(plugins, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
  .map((entry) => entry.name);

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const load = async (id: string): Promise<{ connector: Connector; samples: ConnectorSamples; manifest: Manifest }> => {
  const folder = new URL(`${id}/`, plugins);
  const { default: connector } = (await import(new URL('src/index.ts', folder).pathname)) as { default: Connector };
  const { samples } = (await import(new URL('test/samples.ts', folder).pathname)) as { samples: ConnectorSamples };
  return { connector, samples, manifest: JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as Manifest };
};

expect(ids.length).toBeGreaterThan(0);

for (const id of ids) {
  const { connector, samples, manifest } = await load(id);
  describe(id, () => {
    test('its folder, its id and its package have one name', () => {
      expect(connector.id).toBe(id);
      expect(manifest.name).toBe(`@valehub/connector-${id}`);
      expect(manifest.exports['.']).toEqual({ source: './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' });
      expect(manifest.peerDependencies['@valehub/connector-kit']).toBe(connector.kit);
    });

    for (const { name, run } of contractTests(connector, samples)) test(name, run);
  });
}
