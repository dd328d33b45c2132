import { describe, expect, test } from '@jest/globals';
import { cut, escaped, link, pieces } from '../src/text.ts';

const FUNNY = ['a & b < c > d', '&&&&&&', '<!channel> @here <@U0PEPA>', '😀😀😀😀', 'one two\nthree  four', 'x'.repeat(50), '&lt;', ' '];

describe.each(FUNNY)('the text %j', (text) => {
  test('escaped has nothing left that Slack reads as its own', () => {
    expect(escaped(text).replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 11])('cut to %i breaks no escape and no character', (longest) => {
    const short = cut(escaped(text), longest);
    expect(short.length).toBeLessThanOrEqual(longest);
    expect(short.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
    expect(Buffer.from(short, 'utf8').toString('utf8')).toBe(short);
  });

  test.each([5, 6, 7, 11])('in pieces of %i loses nothing but blanks', (longest) => {
    const parts = pieces(escaped(text), longest);
    for (const part of parts) {
      expect(part.length).toBeLessThanOrEqual(longest);
      expect(part.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
    }
    expect(parts.join('').replace(/\s/g, '')).toBe(escaped(text).replace(/\s/g, ''));
  });
});

test('a link cannot end before its end', () => {
  expect(link('https://hub.example.com/a?b=1&c=<|>', 'Open <it>')).toBe(
    '<https://hub.example.com/a?b=1&amp;c=&lt;%7C&gt;|Open &lt;it&gt;>',
  );
});
