import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { CampaignTerms } from '../../../src/domain/decision/decision.types.ts';
import { NOW } from '../../decision/builders.ts';
import { decideCase, type WorkedCase, type WorkedVoucher } from '../../decision/worked-case.ts';
import { WORKED_CASES } from '../../decision/worked-cases.ts';
import { closeAgreed } from '../../helpers/agree.ts';
import { type Any, type Desk, type Input, openDesk } from './desk.ts';

// The worked sums of docs/reference/decisions.md, over HTTP: by validate, then by redeem, each sum compared.

jest.setTimeout(60_000);

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
  desk.clock.set(new Date(NOW).toISOString());
});
afterAll(() => closeAgreed({ database: desk.hub.database, hub: desk.hub.hub, close: () => desk.hub.stop() }));

const campaignOf = ({ incentive, conditions, limits, stacking, endsOn }: CampaignTerms): Input => ({
  incentive,
  conditions,
  limits,
  stacking,
  endsOn,
});

/** A code that begins like that of the case, so that they stand in the same order. */
async function codeOf({ code, terms }: WorkedVoucher): Promise<string> {
  const prefix = `${code}${desk.key().replace(/\D/g, '')}X`;
  const codes = await desk.codesOf(await desk.campaign(campaignOf(terms)), 1, { random: { prefix, length: 5 } });
  return codes[0] ?? '';
}

/** What was paid with a gift card before, on other orders, or is held of it. */
async function usedBefore(worked: WorkedCase, code: string, real: string): Promise<void> {
  const state = worked.counters?.[`balance:vou_${code}`];
  const bill = (minor: number): Input => desk.order({ lines: [{ id: 'menu', sku: 'menu', unitPrice: minor }] });
  if (state?.used !== undefined) await desk.redeem([real], bill(state.used));
  if (state?.held !== undefined) await desk.hold([real], bill(state.held));
}

const given = ({ amount, allocations, kind }: Any) => ({
  kind,
  amount: amount.minor,
  shares: allocations.map((share: Any) => `${share.lineId}/${share.unit}:${share.amount.minor}`).join(' '),
});
const sumsOf = (order: Any) => ({
  ...Object.fromEntries(['subtotal', 'lineDiscounts', 'voucherDiscounts', 'tendered', 'due'].map((name) => [name, order[name].minor])),
  tax: order.tax.map((entry: Any) => `${entry.rate}:${entry.base.minor}+${entry.tax.minor}`).join(' '),
  lines: order.lines.map((line: Any) => [line.lineId, line.gross.minor, line.discount.minor, line.due.minor, line.locked]),
});

/** What the page says of each voucher, with the kind that goes with it. */
function expectedGifts(worked: WorkedCase): Record<string, unknown> {
  const kinds = new Map(decideCase(worked).outcomes.map((outcome) => [outcome.code, 'kind' in outcome ? outcome.kind : undefined]));
  return Object.fromEntries(Object.entries(worked.gives).map(([code, gift]) => [code, { kind: kinds.get(code), ...gift }]));
}

/** The page's sums of all that was given, in the form of the answer. */
function expected(worked: WorkedCase) {
  const { subtotal, lineDiscounts, voucherDiscounts, tendered, lines } = decideCase(worked).priced;
  return {
    subtotal,
    lineDiscounts,
    voucherDiscounts,
    tendered,
    due: worked.due,
    tax: worked.tax,
    lines: lines.map((line) => [line.lineId, line.gross, line.discount, line.due, line.locked]),
  };
}

describe('what the page of worked sums says is what a till is answered', () => {
  test.each(WORKED_CASES.map((worked) => [worked.title, worked] as const))('%s', async (_title, worked) => {
    const codes = new Map<string, string>();
    for (const voucher of worked.vouchers) {
      const code = await codeOf(voucher);
      codes.set(voucher.code, code);
      await usedBefore(worked, voucher.code, code);
    }
    const nameOf = (real: string): string => [...codes].find(([, code]) => code === real)?.[0] ?? real;
    const order = desk.order({
      ...worked.order,
      lines: worked.lines,
      placedAt: worked.placedAt,
      ...(worked.guest && { customer: { id: await desk.guest(worked.guest) } }),
    });
    const gifts = expectedGifts(worked);
    const gives: Record<string, unknown> = {};
    const redeem = async (names: readonly string[]): Promise<Any> => {
      const answer = await desk.redeem(
        names.map((name) => codes.get(name) ?? ''),
        order,
      );
      expect(answer).toMatchObject({ __typename: 'Redeemed' });
      for (const redemption of answer.redemptions) gives[nameOf(redemption.code)] = given(redemption);
      return answer;
    };

    const before = worked.vouchers.filter(({ earlier }) => earlier).map(({ code }) => code);
    const now = worked.vouchers.filter(({ earlier }) => !earlier).map(({ code }) => code);
    if (before.length > 0) await redeem(before);
    const looked = await desk.validate(
      now.map((name) => codes.get(name) ?? ''),
      order,
    );
    for (const [place, name] of now.entries()) {
      const outcome = looked.outcomes[place];
      expect([name, outcome.reason ?? given(outcome)]).toEqual([name, worked.refused?.[name] ?? gifts[name]]);
    }
    expect(sumsOf(looked.order)).toEqual(expected(worked));

    const good = now.filter((name) => worked.gives[name]);
    if (good.length > 0) expect(sumsOf((await redeem(good)).order)).toEqual(expected(worked));
    expect(gives).toEqual(gifts);
  });
});
