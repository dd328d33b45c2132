import { expect, test } from '@jest/globals';
import { BatchRows } from '../../src/domain/redemption/batch-rows.ts';

const at = '2026-05-04T18:00:00.000Z';

test('a batch is checked against every version of terms that it was decided on', () => {
  const rows = new BatchRows();
  for (const version of [1, 2, 1]) rows.term('campaign', 'cmp_1', version);
  expect(rows.terms).toEqual([
    { kind: 'campaign', id: 'cmp_1', version: 1 },
    { kind: 'campaign', id: 'cmp_1', version: 2 },
  ]);
});

test('moves of one voucher are one row; a row that was read before stays known as read', () => {
  const rows = new BatchRows();
  const move = { pattern_id: 1, idx: 7, code: 'A7', campaign_id: 'cmp_1', max_uses: 3, at };
  rows.voucher({ ...move, uses: 1, holds: 0, locked: false });
  rows.voucher({ ...move, uses: 1, holds: -1, locked: true });
  expect(rows.vouchers).toEqual([{ ...move, uses: 2, holds: -1, locked: true }]);
  expect(rows.fits(1, 7, 3)).toBe(true);
  expect(rows.fits(1, 7, 2)).toBe(false);
});

test('takers of one sum may have ceilings of their own; what is given back is never refused', () => {
  const rows = new BatchRows();
  rows.counter({ key: 'k', delta: 100, max: 500 }, 'held', -1);
  rows.counter({ key: 'k', delta: 100, max: 500 }, 'used');
  rows.counter({ key: 'k', delta: 50, max: null }, 'used');
  // The second comes after the first fitted under 500, so the end may be 550.
  expect(rows.counters).toEqual([{ key: 'k', used: 150, held: -100, max: 550 }]);
});
