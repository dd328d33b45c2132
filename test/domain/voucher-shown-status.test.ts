import { expect, test } from '@jest/globals';
import { shownStatus } from '../../src/domain/voucher/voucher.rules.ts';

const NOW = 1_000;
const fresh = { status: 'ISSUED', uses: 0, maxUses: 1, validUntil: null, holds: [] } as const;
const hold = (expiresAt: number) => ({ id: `hld_${expiresAt}`, expiresAt });

test.each([
  ['as stored', fresh, 'ISSUED'],
  ['held by one hold', { ...fresh, holds: [hold(1_001)] }, 'HELD'],
  ['no longer held at the moment a hold expires', { ...fresh, holds: [hold(1_000)] }, 'ISSUED'],
  ['not held while a use is to spare', { ...fresh, maxUses: 3, uses: 1, holds: [hold(2_000)] }, 'ISSUED'],
  ['held once holds take the last use', { ...fresh, maxUses: 3, uses: 1, holds: [hold(2_000), hold(3_000)] }, 'HELD'],
  ['never held where all may use it', { ...fresh, maxUses: null, holds: [hold(2_000)] }, 'ISSUED'],
  ['expired at the moment its time ends', { ...fresh, validUntil: 1_000, holds: [hold(2_000)] }, 'EXPIRED'],
  ['not expired before', { ...fresh, validUntil: 1_001 }, 'ISSUED'],
  ['redeemed, whatever its time', { ...fresh, status: 'REDEEMED', uses: 1, validUntil: 1 }, 'REDEEMED'],
  ['blocked, whatever holds it', { ...fresh, status: 'BLOCKED', holds: [hold(2_000)] }, 'BLOCKED'],
] as const)('%s', (_, voucher, shown) => {
  expect(shownStatus(voucher, NOW)).toBe(shown);
});
