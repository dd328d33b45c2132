import { decide } from '../../src/domain/decision/decide.ts';
import type { ApplicableDraft, CampaignTerms, PricedBasket } from '../../src/domain/decision/decision.types.ts';
import { priceBasket } from '../../src/domain/decision/price.ts';
import { restOf, type StandingVoucher, standingOnRest } from '../../src/domain/decision/rest.ts';
import { type ReversibleRedemption, spreadReversal } from '../../src/domain/decision/reversal.ts';
import { returnedWith, type Settled, settleReturn } from '../../src/domain/decision/reversal-policy.ts';
import type { Basket, BasketLine } from '../../src/domain/order/basket.types.ts';
import { addDecimals } from '../../src/domain/shared/decimal.ts';
import { applicable, basket, found, input, store } from './builders.ts';

/** What is expected, reckoned by hand: amounts in minor units, shares as "line/unit:amount". */
export interface WorkedReturn {
  readonly title: string;
  readonly why: string;
  readonly lines: readonly BasketLine[];
  /** In order of application. */
  readonly vouchers: readonly { readonly code: string; readonly says: string; readonly terms: CampaignTerms }[];
  readonly steps: readonly {
    readonly code: string;
    readonly units: Readonly<Record<string, string>>;
    readonly back: number;
    readonly shares: string;
    /** "from > to" */
    readonly moved?: string;
    readonly stands: string;
    readonly whole?: true;
    /** What the rest of the order comes to with all that stands. */
    readonly due: number;
  }[];
}

type Share = { readonly lineId: string; readonly unit: number; readonly amount: number };
const shown = (shares: readonly Share[]): string =>
  shares
    .filter(({ amount }) => amount !== 0)
    .map(({ lineId, unit, amount }) => `${lineId}/${unit}:${Math.abs(amount)}`)
    .join(' ');

export interface StepDone {
  readonly settled: Settled;
  readonly shares: string;
  readonly moved: string;
  readonly stands: string;
  readonly priced: PricedBasket;
}

/** A redemption as its reversals left it, with its turn. */
interface Kept {
  readonly draft: ApplicableDraft;
  state: ReversibleRedemption;
}

const standing = ({ state }: Kept): StandingVoucher => ({
  kind: state.kind,
  amount: state.amount - state.reversed,
  allocations: state.allocations.map(({ lineId, unit, amount, reversed }) => ({ lineId, unit, amount: amount - reversed })),
  returned: returnedWith(state, { returned: [] }),
});

/** Returns units of one of the redemptions on a basket and leaves it as a written reversal would. */
export class ReturnDesk {
  readonly #basket: Basket;
  readonly #kept: readonly Kept[];

  constructor(lines: readonly BasketLine[], vouchers: WorkedReturn['vouchers']) {
    this.#basket = basket(lines);
    const decision = decide(
      input(
        lines,
        vouchers.map(({ code, terms }) => found(code, terms)),
      ),
    );
    this.#kept = vouchers
      .map((_, index) => applicable(decision, index))
      .sort((a, b) => a.step - b.step)
      .map((draft) => ({
        draft,
        state: {
          kind: draft.kind,
          currency: 'EUR',
          amount: draft.amount,
          reversed: 0,
          allocations: draft.allocations.map((share) => ({ ...share, reversed: 0 })),
          lines: lines.map(({ id, quantity }) => ({ lineId: id, quantity, returned: '0' })),
        },
      }));
  }

  stateOf(code: string): ReversibleRedemption {
    return this.#at(code).state;
  }

  /** All that stands, on the units of the order. */
  standing(): readonly StandingVoucher[] {
    return this.#kept.map(standing);
  }

  returnUnits(code: string, units: Readonly<Record<string, string>>): StepDone | string {
    const kept = this.#at(code);
    const asked = Object.entries(units).map(([lineId, quantity]) => ({ lineId, quantity }));
    const spread = spreadReversal(kept.state, { by: 'units', units: asked });
    if (spread.outcome !== 'taken') return spread.outcome === 'refused' ? spread.reason : 'fault';
    const others = (earlier: boolean) =>
      this.#kept.filter((other) => (earlier ? other.draft.step < kept.draft.step : other.draft.step > kept.draft.step)).map(standing);
    const order = { basket: this.#basket, store: store(), before: others(true), after: others(false) };
    const { campaign: terms } = kept.draft;
    const settled = settleReturn(kept.state, spread, { ...terms, conditions: [terms.conditions] }, order);
    kept.state = after(kept.state, settled);
    const rest = restOf(this.#basket, returnedWith(kept.state, { returned: [] }));
    return {
      settled,
      shares: shown(settled.allocations),
      moved: [settled.moved.filter(({ amount }) => amount < 0), settled.moved.filter(({ amount }) => amount > 0)].map(shown).join(' > '),
      stands: shown(standing(kept).allocations),
      priced: priceBasket(rest.basket, store(), standingOnRest(rest, this.standing())),
    };
  }

  #at(code: string): Kept {
    const kept = this.#kept.find(({ draft }) => draft.code === code);
    if (!kept) throw new Error(`${code} was not redeemed.`);
    return kept;
  }
}

function after(state: ReversibleRedemption, settled: Settled): ReversibleRedemption {
  const same = (a: Share) => (b: Share) => a.lineId === b.lineId && a.unit === b.unit;
  const sum = (shares: readonly Share[], of: Share) => shares.filter(same(of)).reduce((total, { amount }) => total + amount, 0);
  const strangers = settled.moved
    .filter((share) => !state.allocations.some(same(share)))
    .map((share) => ({ ...share, amount: 0, reversed: 0 }));
  return {
    ...state,
    reversed: state.reversed + settled.amount,
    allocations: [...state.allocations, ...strangers].map((share) => ({
      ...share,
      amount: share.amount + sum(settled.moved, share),
      reversed: share.reversed + sum(settled.allocations, share),
    })),
    lines: state.lines.map((one) => {
      const back = settled.returned.find(({ lineId }) => lineId === one.lineId);
      return back ? { ...one, returned: addDecimals(one.returned, back.quantity) } : one;
    }),
  };
}
