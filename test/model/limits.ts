import { activeHolds, type Counted, campaignOf, type ModelHold, type ModelState } from './state.ts';
import { sum, weekOf } from './sums.ts';
import type { Limit } from './words.ts';

interface Use {
  readonly used: number;
  readonly held: number;
}

/** What a redemption under way has taken before it in the same request. */
export type Pending = readonly (Counted & { readonly amount: number })[];

const periodOf = ({ period }: Limit, day: string): string => (period === 'EVER' ? '' : period === 'WEEK' ? weekOf(day) : day);

function alike(limit: Limit, one: Counted, other: Counted): boolean {
  if (periodOf(limit, one.day) !== periodOf(limit, other.day)) return false;
  switch (limit.per) {
    case 'VOUCHER':
      return one.code === other.code;
    case 'CUSTOMER':
      return one.customer === other.customer;
    case 'TILL':
      return one.till === other.till;
    case 'ORDER':
      return one.order === other.order;
    default:
      return true;
  }
}

/** Campaigns whose redemptions a limit of `owner` counts. */
const scopeOf = (state: ModelState, owner: string, limit: Limit): ((campaign: string) => boolean) => {
  const top = limit.per === 'MAIN_CAMPAIGN' ? (campaignOf(state, owner).main ?? owner) : owner;
  return (campaign) => campaign === top || campaignOf(state, campaign).main === top;
};

/** How full a limit is for somebody: told from what happened, never from a count kept beside it. */
export function useOf(state: ModelState, owner: string, limit: Limit, who: Counted, own: ModelHold | null, pending: Pending = []): Use {
  const counts = scopeOf(state, owner, limit);
  const fits = (one: Counted) => counts(one.campaign) && alike(limit, one, who);
  if (limit.counts === 'ISSUED') return { used: state.issued.filter(fits).length, held: 0 };
  const amounts = limit.counts === 'DISCOUNT_AMOUNT';
  const past = state.redemptions.filter(fits);
  const used = amounts ? sum(past.map(({ amount, reversed }) => amount - reversed)) : past.filter(({ undone }) => !undone).length;
  const taking = pending.filter(fits);
  const holds = activeHolds(state).filter((hold) => hold.key !== own?.key);
  const aside = holds.flatMap(({ vouchers }) => vouchers).filter(fits);
  const size = (list: Pending) => (amounts ? sum(list.map(({ amount }) => amount)) : list.length);
  return { used: used + size(taking), held: size(aside) };
}

export function budgetOf(state: ModelState, owner: string, own: ModelHold | null, pending: Pending = []): Use {
  const counts = (campaign: string) => campaign === owner || campaignOf(state, campaign).main === owner;
  const of = (list: readonly { readonly campaign: string; readonly amount: number }[]) =>
    sum(list.filter(({ campaign }) => counts(campaign)).map(({ amount }) => amount));
  const net = state.redemptions.map(({ campaign, amount, reversed }) => ({ campaign, amount: amount - reversed }));
  const holds = activeHolds(state).filter((hold) => hold.key !== own?.key);
  return { used: of(net) + of(pending), held: of(holds.flatMap(({ vouchers }) => vouchers)) };
}
