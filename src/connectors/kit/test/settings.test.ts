import { describe, expect, test } from '@jest/globals';
import { parseSettings, secretNames } from '../src/host.ts';
import { acme } from './acme.ts';

const faults = (input: unknown): string[] => {
  const result = parseSettings(acme, input);
  return result.ok ? [] : result.faults.map((fault) => fault.path);
};

describe('settings', () => {
  test('are parted into what may be shown and what may not, with the defaults of the kit', () => {
    expect(parseSettings(acme, { apiKey: ' key ', shop: null, locations: { L1: 'store-1' } })).toEqual({
      ok: true,
      parsed: { settings: { environment: 'production', locations: { L1: 'store-1' } }, secrets: { apiKey: 'key' } },
    });
    expect(secretNames(acme.settings)).toEqual(['apiKey', 'signingKey']);
  });

  test('are refused by path, and never repeated', () => {
    expect(faults({})).toEqual(['apiKey']);
    expect(
      faults({ apiKey: 7, environment: 'staging', apiBaseUrl: 'ftp://x', locations: { L1: 5 }, tlsCa: 'no certificate', more: 1 }).sort(),
    ).toEqual(['apiBaseUrl', 'apiKey', 'environment', 'locations.L1', 'more', 'tlsCa']);
    expect(
      JSON.stringify(parseSettings(acme, { apiKey: '', environment: 'value-not-to-repeat', shop: ['value-not-to-repeat'] })),
    ).not.toContain('value-not-to-repeat');
    for (const wrong of [undefined, null, 'x', 7, []]) expect(faults(wrong)).toEqual(['']);
  });
});
