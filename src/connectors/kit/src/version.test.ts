import { expect, test } from '@jest/globals';
import { inRange, kitVersion } from './version.ts';

test.each([
  ['0.1.0', '^0.1.0', true],
  ['0.1.9', '^0.1.0', true],
  ['0.2.0', '^0.1.0', false],
  ['0.0.9', '^0.1.0', false],
  ['1.9.0', '^1.2.3', true],
  ['2.0.0', '^1.2.3', false],
  ['1.2.2', '^1.2.3', false],
  ['0.0.3', '^0.0.3', true],
  ['0.0.4', '^0.0.3', false],
  ['1.2.9', '~1.2.3', true],
  ['1.3.0', '~1.2.3', false],
  ['3.0.0', '>=1.2.3', true],
  ['1.2.3', '1.2.3', true],
  ['1.2.4', '1.2.3', false],
  ['0.1.0', '*', undefined],
  ['0.1.0', '^0.1', undefined],
  ['0.1.0', 'latest', undefined],
])('%s in %s: %s', (version, range, expected) => expect(inRange(version, range)).toBe(expected));

test('the version is that of the package', () => expect(kitVersion()).toMatch(/^\d+\.\d+\.\d+/));
