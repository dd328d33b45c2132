import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { RedemptionRecord } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { closeAgreed } from '../helpers/agree.ts';
import {
  aCampaign,
  amount,
  anOrder,
  aStore,
  line,
  openTestHub,
  percent,
  redeem,
  reverse,
  rowsOf,
  sharedWord,
  type TestHub,
  tender,
} from '../helpers/domain.ts';

jest.setTimeout(60_000);

let t: TestHub;
let hub: Hub;
let store: StoreTerms;
let words: string[];

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  store = await aStore(hub);
  const campaigns: CampaignRecord[] = [];
  for (const incentive of [percent('33.3'), percent('7'), amount(777), tender(333)]) campaigns.push(await aCampaign(hub, { incentive }));
  words = await Promise.all(campaigns.map(({ id }) => sharedWord(hub, id)));
});
afterAll(() => closeAgreed(t));

const aLine = fc.record({
  quantity: fc.constantFrom('1', '2', '3', '7', '0.35', '1.5'),
  unitPrice: fc.integer({ min: 1, max: 5_000 }),
  taxRate: fc.constantFrom(null, '10', '21', '4'),
});
type Part = { readonly by: 'amount'; readonly share: number } | { readonly by: 'unit'; readonly line: number };
const aPart: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ by: fc.constant('amount' as const), share: fc.double({ min: 0.05, max: 1, noNaN: true }) }),
  fc.record({ by: fc.constant('unit' as const), line: fc.nat({ max: 5 }) }),
);

/** As far as there is anything left of it. */
async function takeBack({ id, kind }: RedemptionRecord, part: Part, lines: readonly { readonly quantity: string }[]): Promise<void> {
  const [now] = await rowsOf<{ left: number }>(hub, 'select amount - reversed as left from redemption where id = $1', [id]);
  const left = now?.left ?? 0;
  if (left === 0) return;
  if (part.by === 'amount') await reverse(hub, { redemptionId: id, amount: Math.max(1, Math.floor(left * part.share)) });
  if (part.by === 'amount' || kind === 'TENDER') return;
  const at = part.line % lines.length;
  const whole = !lines[at]?.quantity.includes('.');
  await reverse(hub, { redemptionId: id, units: [{ lineId: `l${at}`, quantity: whole ? '1' : '0.25' }] });
}

test('whatever the basket and however it is taken back: what lies on the units is what was given, and what comes back is that', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(aLine, { minLength: 1, maxLength: 5 }),
      fc.subarray([0, 1, 2, 3], { minLength: 1 }),
      fc.array(aPart, { maxLength: 5 }),
      async (lines, which, parts) => {
        const order = anOrder(store.id, { lines: lines.map((one, at) => line(`l${at}`, one.unitPrice, one)) });
        const answer = await redeem(hub, { codes: which.map((at) => words[at] ?? ''), order });
        if (answer.kind === 'refused') return;
        const { priced } = answer;
        const given = (kind: boolean) =>
          answer.redemptions.filter((one) => (one.kind === 'TENDER') === kind).reduce((sum, one) => sum + one.amount, 0);
        expect([priced.voucherDiscounts, priced.tendered]).toEqual([given(false), given(true)]);
        expect(priced.subtotal - priced.lineDiscounts - priced.voucherDiscounts - priced.tendered).toBe(priced.due);
        expect(priced.tax.reduce((sum, entry) => sum + entry.base + entry.tax, 0)).toBe(priced.due + priced.tendered);
        for (const redemption of answer.redemptions) {
          for (const part of parts) await takeBack(redemption, part, lines);
          await reverse(hub, { redemptionId: redemption.id });
          const [end] = await rowsOf(hub, 'select amount - reversed as left, undone from redemption where id = $1', [redemption.id]);
          expect(end).toEqual({ left: 0, undone: true });
        }
      },
    ),
    { numRuns: 40 },
  );
});
