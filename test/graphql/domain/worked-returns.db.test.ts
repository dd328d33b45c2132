import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { WORKED_RETURNS } from '../../decision/worked-returns.ts';
import { closeAgreed } from '../../helpers/agree.ts';
import { type Any, type Desk, openDesk } from './desk.ts';

// The worked returns of docs/reference/decisions.md, over HTTP: redeemed together, taken back step by step.

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const SHARES = '{ lineId unit amount { minor } }';
const REVERSE = `mutation ($input: ReverseInput!) { reverse(input: $input) { ... on Reversed { reversals {
  amount { minor } allocations ${SHARES} movedFrom ${SHARES} movedTo ${SHARES} order { due { minor } } voucher { status }
} } } }`;
const listed = (shares: Any): string => shares.map((share: Any) => `${share.lineId}/${share.unit}:${share.amount.minor}`).join(' ');

describe('what the page of worked returns says is what a till is answered', () => {
  test.each(WORKED_RETURNS.map((worked) => [worked.title, worked] as const))('%s', async (_title, { lines, vouchers, steps }) => {
    const codes: string[] = [];
    for (const { terms } of vouchers) {
      const { incentive, conditions, reversalPolicy } = terms;
      codes.push(await desk.code({ incentive, conditions, reversalPolicy }));
    }
    const { redemptions } = await desk.redeem(codes, desk.order({ lines }));
    const redemptionOf = (name: string): string => redemptions[vouchers.findIndex(({ code }) => code === name)].id;
    for (const step of steps) {
      const units = Object.entries(step.units).map(([lineId, quantity]) => ({ lineId, quantity }));
      const input = { idempotencyKey: desk.key(), reason: 'returned', redemptionId: redemptionOf(step.code), units };
      const [reversal] = (await desk.hub.ask(REVERSE, { input })).reverse.reversals;
      const moved = [reversal.movedFrom, reversal.movedTo].map(listed).join(' > ');
      expect({
        back: reversal.amount.minor,
        shares: listed(reversal.allocations),
        moved: moved === ' > ' ? undefined : moved,
        due: reversal.order.due.minor,
        status: reversal.voucher.status,
      }).toEqual({ back: step.back, shares: step.shares, moved: step.moved, due: step.due, status: step.whole ? 'ISSUED' : 'REDEEMED' });
    }
  });
});
