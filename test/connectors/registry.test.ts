import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { loadConnectors } from '../../src/connectors/registry/registry.ts';
import { madeUp } from './support/made-up.ts';

const lines: string[] = [];
const log = pino({}, { write: (line: string) => void lines.push(line) });
const packages: Record<string, unknown> = {
  good: madeUp(),
  twin: madeUp({ title: 'The same id' }),
  old: { ...madeUp(), id: 'old', kit: '^99.0.0' },
  empty: undefined,
};
const load = async (name: string) => {
  if (name === 'absent') throw Object.assign(new Error(`Cannot find package 'absent'`), { code: 'ERR_MODULE_NOT_FOUND' });
  if (name === 'broken') throw new SyntaxError('Unexpected token');
  return Promise.resolve({ value: packages[name], version: '1.2.3' });
};

describe('the registry', () => {
  test('takes what passes the checks, with its version and schema', async () => {
    const registry = await loadConnectors({ builtIn: ['good'], further: [], log, load });
    expect(registry.all()).toMatchObject([
      { packageName: 'good', version: '1.2.3', settingsSchema: { properties: { apiKey: { writeOnly: true } } } },
    ]);
    expect(registry.get('made-up')?.connector.title).toBe('Made up');
    expect(registry.get('nobody')).toBeUndefined();
  });

  test.each([
    ['twin', 'ID_TAKEN'],
    ['old', 'KIT_TOO_OLD_OR_NEW'],
    ['empty', ''],
    ['absent', 'PACKAGE_NOT_FOUND'],
    ['broken', 'PACKAGE_BROKEN'],
  ])("refuses a partner's package %s by name with its faults, and goes on", async (name, fault) => {
    const registry = await loadConnectors({ builtIn: ['good'], further: [name], log, load });
    expect(registry.all()).toHaveLength(1);
    expect(registry.refused).toMatchObject([{ packageName: name }]);
    expect(registry.refused[0]?.faults.join(' ')).toContain(fault);
    expect(lines.at(-1)).toContain(`"package":"${name}"`);
  });

  test('stops the hub for a faulty one of its own', async () => {
    await expect(loadConnectors({ builtIn: ['old'], further: [], log, load })).rejects.toThrow(
      /The connector old cannot be used: .*KIT_TOO_OLD_OR_NEW/,
    );
  });

  test('takes a single file, which tells no version', async () => {
    const file = new URL('./support/ruly.mjs', import.meta.url).href;
    const registry = await loadConnectors({ builtIn: [], further: [file], log });
    expect(registry.refused).toEqual([]);
    expect(registry.get('made-up')).toMatchObject({ packageName: file, version: 'unknown' });
  });

  test('takes a package once that is named twice', async () => {
    expect((await loadConnectors({ builtIn: ['good'], further: ['good'], log, load })).refused).toEqual([]);
  });
});
