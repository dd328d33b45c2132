import { budgetOf, useOf } from './limits.ts';
import { goodFor, heldBy, inForce, type ModelState, paidWith, setAside, usesOf } from './state.ts';
import { voucherStatus } from './status.ts';
import { dayOf } from './sums.ts';
import type { Shown } from './words.ts';

const NOBODY = { code: '', customer: null, till: null, order: null };

/** What the model says anybody may look up now. */
export function shownBy(state: ModelState): Shown {
  const names = Object.keys(state.campaigns);
  const of = <T>(tell: (name: string) => T) => Object.fromEntries(names.map((name) => [name, tell(name)]));
  const family = (name: string) => names.filter((one) => one === name || state.campaigns[one]?.main === name);
  const day = dayOf(state.now);
  return {
    budgets: of((name) => (state.campaigns[name]?.terms.budget === null ? { used: 0, held: 0 } : budgetOf(state, name, null))),
    limits: of((name) =>
      (state.campaigns[name]?.terms.limits ?? [])
        .filter(({ per }) => per === 'CAMPAIGN' || per === 'MAIN_CAMPAIGN')
        .map((limit) => useOf(state, name, limit, { ...NOBODY, campaign: name, day }, null)),
    ),
    counts: of((name) => {
      const ours = family(name);
      const redemptions = state.redemptions.filter(({ campaign }) => ours.includes(campaign));
      return {
        issued: state.issued.filter(({ campaign }) => ours.includes(campaign)).length,
        redeemed: redemptions.length,
        reversed: redemptions.filter(({ undone }) => undone).length,
        rejected: ours.reduce((total, one) => total + (state.campaigns[one]?.rejected ?? 0), 0),
      };
    }),
    vouchers: Object.fromEntries(Object.keys(state.vouchers).map((code) => [code, voucherShown(state, code)])),
  };
}

function voucherShown(state: ModelState, code: string): Shown['vouchers'][string] {
  const voucher = state.vouchers[code] as ModelState['vouchers'][string];
  const terms = inForce(state, voucher);
  const { incentive } = terms.own;
  const kept = voucherStatus(state, code);
  const left = incentive?.kind === 'gift' ? Math.max(0, incentive.minor - paidWith(state, code)) : null;
  const held = left === null ? null : Math.min(left, setAside(state, code, null));
  const open = kept === 'CREATED' || kept === 'ISSUED' || kept === 'PARTLY_REDEEMED';
  const holds = heldBy(state, code, null).length;
  const most = goodFor(voucher, terms);
  const allHeld =
    (left !== null && held !== null && left > 0 && held >= left) || (holds > 0 && most !== null && usesOf(state, code) + holds >= most);
  const status = !open ? kept : voucher.until !== null && voucher.until <= state.now ? 'EXPIRED' : allHeld ? 'HELD' : kept;
  return { status, balance: left, held };
}
