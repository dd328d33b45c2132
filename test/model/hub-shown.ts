import type { Hub } from '../../src/domain/hub.ts';
import type { Shown } from './words.ts';
import type { Named } from './world.ts';

/** What anybody may look up in the hub now, of a world and these codes. */
export async function shownByHub(hub: Hub, { campaignIds }: Named, codes: readonly string[]): Promise<Shown> {
  const names = Object.keys(campaignIds);
  const ids = Object.values(campaignIds);
  const [budgets, limits, counts, records, vouchers] = await Promise.all([
    hub.campaigns.budgets(ids),
    hub.campaigns.limitUses(ids),
    hub.campaigns.counts(ids),
    hub.campaigns.byIds(ids),
    Promise.all(codes.map((code) => hub.vouchers.byCode(code))),
  ]);
  const byName = <T>(list: readonly T[]) => Object.fromEntries(names.map((name, at) => [name, list[at] as T]));
  return {
    // What a budget that was taken away stands at is nobody's affair.
    budgets: byName(budgets.map((budget, at) => (records[at]?.budget == null ? { used: 0, held: 0 } : budget))),
    limits: byName(limits.map((uses) => uses.map(({ used, held }) => ({ used, held })))),
    counts: byName(counts.map(({ codes: _, ...rest }) => rest)),
    vouchers: Object.fromEntries(
      vouchers.map((voucher, at) => [
        codes[at] ?? '',
        { status: voucher?.shown ?? 'none', balance: voucher?.balance?.left ?? null, held: voucher?.balance?.held ?? null },
      ]),
    ),
  };
}
