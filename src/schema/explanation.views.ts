import type {
  ExplainedVoucher as ExplainedVoucherRecord,
  Explanation as ExplanationRecord,
} from '../domain/explanation/explanation.types.ts';
import { ExplanationWords } from '../domain/explanation/explanation-texts.ts';
import { type Context, seesMaskedCampaigns, textSetting } from './context.ts';
import type { ExplainedVoucher } from './explained-voucher.results.ts';
import type { Explanation } from './explanation.results.ts';
import { incentiveView } from './incentive.views.ts';
import { money } from './money.results.ts';
import { pricedView } from './order.views.ts';

export function explanationView(context: Context, record: ExplanationRecord): Explanation {
  const { store, differences, vouchers, before, after, ...rest } = record;
  // Days and hours as they were told in the store at the time.
  const words = new ExplanationWords({ ...textSetting(context, store.id), timeZone: store.timeZone }, record.currency);
  const { id: storeId, ...storeThen } = store;
  return {
    ...rest,
    store: { storeId, ...storeThen },
    agrees: differences.length === 0,
    differences: differences.map((difference) => ({ ...difference, message: words.difference(difference) })),
    before: pricedView(before),
    after: pricedView(after),
    vouchers: vouchers.map((voucher) => voucherView(voucher, words, seesMaskedCampaigns(context.actor))),
    message: words.whole(record),
  };
}

function voucherView(voucher: ExplainedVoucherRecord, words: ExplanationWords, masked: boolean): ExplainedVoucher {
  const { redemption, trace, reckoned } = voucher;
  const of = (minor: number) => money(minor, redemption.currency);
  const place = words.place(voucher);
  const reckoning = words.reckoning(voucher);
  return {
    step: voucher.step,
    code: redemption.code,
    kind: redemption.kind,
    campaignId: redemption.campaignId,
    campaignVersion: redemption.campaignVersion,
    campaignName: voucher.campaignName,
    promisedVersion: voucher.promisedVersion,
    amount: of(redemption.amount),
    reckoned: reckoned === null ? null : of(reckoned),
    place:
      trace && place !== null ? { ...trace.place, alone: trace.place.alone === null ? null : of(trace.place.alone), message: place } : null,
    checks: (trace?.checks ?? []).map((check) => ({ reason: check.reason, result: check.result, message: words.check(check) })),
    reckoning:
      trace?.reckoning && reckoning !== null
        ? {
            ...trace.reckoning,
            incentive: masked ? null : incentiveView(trace.reckoning.incentive),
            base: of(trace.reckoning.base),
            amount: of(trace.reckoning.amount),
            message: reckoning,
          }
        : null,
    shares: (trace?.shares ?? []).map(({ before, amount, ...share }) => ({
      ...share,
      before: of(before),
      amount: of(amount),
      after: of(before - amount),
    })),
    limits: masked ? null : (trace?.limits ?? []).map((limit) => ({ ...limit, message: words.limit(limit) })),
    before: trace && pricedView(trace.before),
    after: trace && pricedView(trace.after),
    record: redemption,
  };
}
