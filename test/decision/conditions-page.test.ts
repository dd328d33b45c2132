import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { conditionsPage } from './pages.ts';
import { decideHour, WORKED_HOURS } from './worked-hours.ts';

describe('the hours of the reference are those that are decided', () => {
  test.each(WORKED_HOURS.map((worked) => [`${worked.says}, ${worked.placedAt}`, worked] as const))('%s', (_name, worked) => {
    const outcome = decideHour(worked);
    if (worked.reason === null) {
      expect(outcome?.outcome).toBe('applicable');
      return;
    }
    const [from, until] = worked.next ?? [null, null];
    const instant = (text: string): string => new Date(text).toISOString();
    expect(outcome).toMatchObject({
      failures: [{ reason: worked.reason }],
      nearestBasket: from === null ? null : { validFrom: instant(from), ...(until !== null && { validUntil: instant(until) }) },
    });
  });

  test('conditions.md shows them, and the variables of expressions (write it anew with: node test/decision/pages.ts)', () => {
    const page = readFileSync(new URL('../../docs/reference/conditions.md', import.meta.url), 'utf8');
    expect(page).toBe(conditionsPage(page));
  });
});
