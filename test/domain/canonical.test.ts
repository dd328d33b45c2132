import { expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson, sha256 } from '../../src/domain/shared/canonical.ts';

test('any JSON has the form that the reference gives it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 4 }), (value) => {
      expect(canonicalJson(value)).toBe(canonicalize(value));
    }),
    { numRuns: 1_000 },
  );
});

test('the example of RFC 8785', () => {
  const text =
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}';
  expect(canonicalJson(JSON.parse(text))).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test('members go by their UTF-16 code units, whole numbers among them, and members without a value are left out', () => {
  expect(canonicalJson({ '\u20ac': 1, '\r': 2, '10': 3, '9': 4, '\ud83d\ude00': 5, '\ufb33': 6, a: undefined })).toBe(
    '{"\\r":2,"10":3,"9":4,"€":1,"😀":5,"\ufb33":6}',
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1, '\ud800', { a: 1n }])('%p has no canonical form', (value) => {
  expect(() => canonicalJson(value)).toThrow();
});

test('SHA-256 in hex', () => {
  expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
