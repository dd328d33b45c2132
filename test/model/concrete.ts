import type { Draft, WorldDraft } from './drafts.ts';
import { campaignOf, type ModelState } from './state.ts';
import type { Back, Body, Command } from './words.ts';

type AtTill = 'redeem' | 'hold' | 'validate' | 'redeemHold' | 'release' | 'extend' | 'reverse' | 'reverseKey';

const pick = <T>(list: readonly T[], n: number): T | undefined => (list.length === 0 ? undefined : list[n % list.length]);

/** Makes commands of drafts, on the world as the model has it at that moment. */
export class Concrete {
  readonly #orders: readonly Body[];
  /** What was sent under keys, to be sent again. */
  readonly #sent: Extract<Command, { key: string }>[] = [];
  #keys = 0;

  constructor(world: WorldDraft) {
    this.#orders = world.orders.map((body, at) => ({ ...body, id: `order ${at + 1}` }));
  }

  /** null where there is nothing of what it names. */
  command(draft: Draft, state: ModelState): Command | null {
    const command = this.#make(draft, state);
    if (command && 'key' in command && draft.do !== 'again') this.#sent.push(command);
    return command;
  }

  #make(draft: Draft, state: ModelState): Command | null {
    this.#keys += 1;
    const key = `k${this.#keys}`;
    switch (draft.do) {
      case 'redeem':
        return { do: 'redeem', key, codes: codesOf(state, draft.codes), order: this.#order(draft.order, draft.raised) };
      case 'hold':
        return { do: 'hold', key, codes: codesOf(state, draft.codes), order: this.#order(draft.order, draft.raised), ttl: draft.ttl };
      case 'validate':
        return { do: 'validate', codes: codesOf(state, draft.codes), order: this.#order(draft.order, draft.raised) };
      case 'redeemHold': {
        const hold = pick(state.holds, draft.hold);
        const order = draft.elsewhere === null ? hold?.order : this.#order(draft.elsewhere, draft.raised);
        return hold && order ? { do: 'redeemHold', key, hold: hold.key, order } : null;
      }
      case 'release': {
        const hold = pick(state.holds, draft.hold);
        return hold ? { do: 'release', hold: hold.key } : null;
      }
      case 'extend': {
        const hold = pick(state.holds, draft.hold);
        return hold ? { do: 'extend', hold: hold.key, ttl: draft.ttl } : null;
      }
      case 'reverse': {
        const redemption = pick(state.redemptions, draft.redemption);
        if (!redemption) return null;
        const line = pick(redemption.body.lines, draft.size)?.id ?? '';
        const back: Back =
          draft.by === 'whole' ? { by: 'whole' } : draft.by === 'amount' ? { by: 'amount', amount: draft.size + 1 } : { by: 'unit', line };
        return { do: 'reverse', key, redemption: redemption.name, back };
      }
      case 'reverseKey':
        return this.#reverseKey(key, draft, state);
      default:
        return this.#besides(draft, state, key);
    }
  }

  /** What is not asked by tills. */
  #besides(draft: Exclude<Draft, { do: AtTill }>, state: ModelState, key: string): Command | null {
    switch (draft.do) {
      case 'tick':
        return draft;
      case 'issue': {
        const subs = Object.values(state.campaigns).filter(({ terms }) => terms.incentive !== null);
        const campaign = pick(subs, draft.campaign)?.name;
        return campaign ? { do: 'issue', key, campaign, customer: draft.customer, days: draft.days } : null;
      }
      case 'withdraw': {
        const voucher = pick(Object.values(state.vouchers), draft.code);
        // Whether the hub has noticed yet that its time is over decides what is answered.
        const over = voucher?.until != null && voucher.until <= state.now;
        return voucher && !over ? { do: 'withdraw', code: voucher.code, to: draft.to as 'BLOCKED' } : null;
      }
      case 'move': {
        const campaign = pick(Object.keys(state.campaigns), draft.campaign) ?? '';
        return { do: 'move', campaign, move: draft.move as 'pause' };
      }
      case 'change': {
        const campaign = pick(Object.keys(state.campaigns), draft.campaign) ?? '';
        const { incentive } = campaignOf(state, campaign).terms;
        const next = draft.patch.incentive;
        if (incentive === null && next) return null;
        // Gift cards stay gift cards once there are codes, and here there are from the start.
        if (next && (incentive?.kind === 'gift') !== (next.kind === 'gift')) return null;
        // What a card is worth whose value was changed after it was spent from is asked elsewhere.
        const kinds = [draft.patch.incentive?.kind, ...everPromised(state, campaign)];
        return { do: 'change', campaign, patch: draft.patch, applyToIssued: draft.applyToIssued && !kinds.includes('gift') };
      }
      case 'record':
        return { do: 'record', order: this.#order(draft.order, false) };
      case 'refund': {
        const order = this.#order(draft.order, false);
        const line = draft.line === null ? null : (pick(order.lines, draft.line)?.id ?? null);
        return { do: 'refund', key, order: order.id, line };
      }
      case 'again': {
        const sent = pick(this.#sent, draft.command);
        return sent ? (draft.otherwise ? this.#otherwise(sent) : sent) : null;
      }
    }
  }

  #order(n: number, raised: boolean): Body {
    const body = pick(this.#orders, n) as Body;
    return raised ? { ...body, lines: body.lines.map((line, at) => (at === 0 ? { ...line, discount: line.discount + 50 } : line)) } : body;
  }

  /** Of a redeem that is known, or of one that never came: it comes later. */
  #reverseKey(key: string, draft: Extract<Draft, { do: 'reverseKey' }>, state: ModelState): Command | null {
    const known = this.#sent.filter((command) => command.do === 'redeem' || command.do === 'redeemHold');
    const redeem = pick(known, draft.redeem);
    if (!draft.unheard) return redeem ? { do: 'reverseKey', key, redeemKey: redeem.key } : null;
    const late = { do: 'redeem', key: `${key} late`, codes: codesOf(state, [draft.redeem]), order: this.#order(0, false) } as const;
    this.#sent.push(late);
    return { do: 'reverseKey', key, redeemKey: late.key };
  }

  #otherwise(sent: Extract<Command, { key: string }>): Command {
    switch (sent.do) {
      case 'issue':
        return { ...sent, customer: sent.customer === 'ana' ? 'ben' : 'ana' };
      case 'refund':
        return { ...sent, line: sent.line === null ? 'paella' : null };
      case 'reverse':
        return { ...sent, back: sent.back.by === 'whole' ? { by: 'amount', amount: 1 } : { by: 'whole' } };
      case 'reverseKey':
        return { ...sent, redeemKey: `${sent.redeemKey} or another` };
      default:
        return { ...sent, order: { ...sent.order, till: sent.order.till === null ? 'till 1' : null } };
    }
  }
}

/** What a campaign's vouchers give, now or by promise. */
const everPromised = (state: ModelState, campaign: string): (string | undefined)[] => [
  campaignOf(state, campaign).terms.incentive?.kind,
  ...Object.values(state.vouchers).flatMap((voucher) =>
    voucher.campaign === campaign && voucher.promise ? [voucher.promise.own.incentive?.kind] : [],
  ),
];

const codesOf = (state: ModelState, places: readonly number[]): string[] =>
  places.flatMap((place) => pick(Object.keys(state.vouchers), place) ?? []);
