import { describe, expect, test } from '@jest/globals';
import { decideBy, RULE_VERSION } from '../../src/domain/decision/rule-versions.ts';
import { goldenVersions, readGolden } from './golden.ts';
import { inputOf, told } from './worlds.ts';

test('the rules of now have decisions that were written down', () => {
  expect(goldenVersions()).toContain(RULE_VERSION);
});

describe.each(goldenVersions())('version %i of the rules', (version) => {
  test('decides as it did when its decisions were written down; where it should not, that is another version', () => {
    const by = decideBy(version);
    for (const { world, told: then } of readGolden(version))
      expect(by && JSON.parse(JSON.stringify(told(by(inputOf(world)))))).toEqual(then);
  });

  test('was written down on orders of every kind', () => {
    const outcomes = readGolden(version).flatMap((golden) => golden.told.outcomes);
    const applicable = outcomes.flatMap((outcome) => (outcome.outcome === 'applicable' ? [outcome] : []));
    expect(new Set(applicable.map((outcome) => outcome.kind))).toEqual(new Set(['LINE_DISCOUNT', 'ORDER_DISCOUNT', 'TENDER']));
    expect(new Set(outcomes.flatMap((outcome) => (outcome.outcome === 'rejected' ? [outcome.reasons[0]] : []))).size).toBeGreaterThan(12);
    expect(applicable.length).toBeGreaterThan(40);
  });
});
