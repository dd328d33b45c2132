import { describe, expect, test } from '@jest/globals';
import { sharesOf } from './builders.ts';
import { decideCase } from './worked-case.ts';
import { WORKED_CASES } from './worked-cases.ts';

describe('worked sums', () => {
  test.each(WORKED_CASES.map((worked) => [worked.title, worked] as const))('%s', (_title, worked) => {
    const decision = decideCase(worked);
    const gives: Record<string, unknown> = {};
    const refused: Record<string, unknown> = {};
    for (const outcome of decision.outcomes) {
      if (outcome.outcome === 'applicable') gives[outcome.code] = { amount: outcome.amount, shares: sharesOf(outcome) };
      else refused[outcome.code] = outcome.failures[0].reason;
    }
    expect({ gives, refused }).toEqual({ gives: worked.gives, refused: worked.refused ?? {} });
    expect(decision.priced.due).toBe(worked.due);
    expect(decision.priced.tax.map(({ rate, base, tax }) => `${rate}:${base}+${tax}`).join(' ')).toBe(worked.tax);
    const { subtotal, lineDiscounts, voucherDiscounts, tendered, lines, tax } = decision.priced;
    const added = worked.order?.pricesIncludeTax === false ? tax.reduce((sum, entry) => sum + entry.tax, 0) : 0;
    expect(subtotal - lineDiscounts - voucherDiscounts - tendered + added).toBe(worked.due);
    expect(lines.reduce((sum, entry) => sum + entry.due, 0)).toBe(subtotal - lineDiscounts - voucherDiscounts);
  });
});
