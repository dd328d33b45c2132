import type { Hub } from '../../src/domain/hub.ts';
import type { OrderDraft, RefusedAnswer, ReversalRecord } from '../../src/domain/redemption/redemption.types.ts';
import { HubError } from '../../src/domain/shared/errors.ts';
import type { TestClock } from '../helpers/basics.ts';
import { ADMIN, line } from '../helpers/domain.ts';
import type { Answer, Body, Command } from './words.ts';
import { hubPatch, type Named } from './world.ts';

const PHONES: Readonly<Record<string, string>> = { ana: '+34600000031', ben: '+34600000032' };

/** Does to a hub what commands ask, and tells its answers in the model's words. */
export class Player {
  readonly #named: Named;
  readonly #clock: TestClock;
  readonly #tag: string;
  readonly #names = new Map<string, string>();
  readonly #redemptions = new Map<string, string>();
  readonly #holds = new Map<string, string>();

  constructor(named: Named, clock: TestClock, tag: string) {
    this.#named = named;
    this.#clock = clock;
    this.#tag = tag;
  }

  async play(hub: Hub, command: Command): Promise<Answer> {
    try {
      return await this.#play(hub, command);
    } catch (error) {
      if (error instanceof HubError) return { kind: 'fault', code: error.code };
      throw error;
    }
  }

  async #play(hub: Hub, command: Command): Promise<Answer> {
    switch (command.do) {
      case 'tick':
        this.#clock.tick(command.seconds * 1_000);
        await this.#expire(hub);
        return { kind: 'done' };
      case 'validate': {
        const order = this.#order(command.order);
        const { outcomes, priced } = await hub.desk.validate(ADMIN, {
          codes: command.codes,
          order,
          tillId: command.order.till,
          staffId: null,
        });
        const told = outcomes.map((outcome): [string, number | string] =>
          'outcome' in outcome ? [outcome.code, outcome.amount] : [outcome.code ?? '', outcome.reason],
        );
        return { kind: 'validated', outcomes: Object.fromEntries(told), due: priced.due };
      }
      case 'hold':
        return this.#hold(hub, command);
      case 'redeem':
      case 'redeemHold':
        return this.#redeem(hub, command);
      case 'extend': {
        const answer = await hub.desk.extendHold(ADMIN, this.#holdId(command.hold), command.ttl);
        return answer.kind === 'refused' ? refused(answer) : { kind: 'hold', status: answer.hold.status };
      }
      case 'release':
        return { kind: 'hold', status: (await hub.desk.releaseHold(ADMIN, this.#holdId(command.hold))).status };
      case 'reverse':
      case 'reverseKey':
        return this.#reverse(hub, command);
      case 'issue':
        return this.#issue(hub, command);
      case 'withdraw': {
        const voucher = await hub.vouchers.byCode(command.code);
        const to = command.to === 'BLOCKED' ? 'block' : 'cancel';
        await hub.vouchers[to](ADMIN, voucher?.id ?? '', 'the property asks');
        return { kind: 'done' };
      }
      case 'move':
        await hub.campaigns[command.move](ADMIN, this.#campaignId(command.campaign));
        return { kind: 'done' };
      case 'change':
        await hub.campaigns.update(ADMIN, this.#campaignId(command.campaign), hubPatch(command.patch), {
          applyToIssued: command.applyToIssued,
        });
        return { kind: 'done' };
      case 'record': {
        const gross = command.order.lines.reduce((sum, { price, quantity }) => sum + price * quantity, 0);
        const paid = [{ method: 'CARD', amount: gross, externalId: null, paidAt: null }];
        const { id } = await hub.orders.record(ADMIN, { ...this.#order(command.order), payments: paid }, command.order.till);
        return { kind: 'recorded', issued: await this.#issuedOn(hub, id) };
      }
      case 'refund':
        return this.#refund(hub, command);
    }
  }

  /** What this ends would else be ended within a second by itself: an answer that has to be exact ends it first. */
  async #expire(hub: Hub): Promise<void> {
    const order = this.#order({ id: 'nobody', lines: [{ id: 'paella', quantity: 1, price: 1, discount: 0 }], customer: null, till: null });
    const key = `${this.#tag} tick ${this.#clock.now()}`;
    await hub.desk.redeem(ADMIN, {
      idempotencyKey: key,
      holdId: null,
      codes: ['NO-SUCH-CODE'],
      order,
      tillId: null,
      staffId: null,
      entryMode: 'API',
    });
  }

  async #hold(hub: Hub, { key, codes, order, ttl }: Extract<Command, { do: 'hold' }>): Promise<Answer> {
    const ask = { idempotencyKey: this.#key(key), codes, order: this.#order(order), tillId: order.till, staffId: null, ttlSeconds: ttl };
    const answer = await hub.desk.hold(ADMIN, ask);
    if (answer.kind === 'refused') return refused(answer);
    this.#holds.set(key, answer.hold.id);
    const amounts = Object.fromEntries(answer.hold.vouchers.map(({ code, amount = 0 }) => [code, amount]));
    return { kind: 'held', amounts, due: answer.hold.priced.due, replayed: answer.replayed };
  }

  async #redeem(hub: Hub, command: Extract<Command, { do: 'redeem' | 'redeemHold' }>): Promise<Answer> {
    const answer = await hub.desk.redeem(ADMIN, {
      idempotencyKey: this.#key(command.key),
      holdId: command.do === 'redeem' ? null : this.#holdId(command.hold),
      codes: command.do === 'redeem' ? command.codes : null,
      order: this.#order(command.order),
      tillId: command.order.till,
      staffId: null,
      entryMode: 'SCANNED',
    });
    if (answer.kind === 'refused') return refused(answer);
    for (const { id, code } of answer.redemptions) {
      const name = `${command.key} ${code}`;
      const known = this.#redemptions.get(name) ?? id;
      if (known !== id) throw new Error(`${name} is redemption ${known}, and then ${id}.`);
      this.#redemptions.set(name, id);
      this.#names.set(id, name);
    }
    const amounts = Object.fromEntries(answer.redemptions.map(({ code, amount }) => [code, amount]));
    return { kind: 'redeemed', amounts, due: answer.priced.due, replayed: answer.replayed };
  }

  async #reverse(hub: Hub, command: Extract<Command, { do: 'reverse' | 'reverseKey' }>): Promise<Answer> {
    const back = command.do === 'reverse' ? command.back : { by: 'whole' as const };
    const answer = await hub.desk.reverse(ADMIN, {
      idempotencyKey: this.#key(command.key),
      redemptionId: command.do === 'reverse' ? (this.#redemptions.get(command.redemption) ?? 'none') : null,
      redeemKey: command.do === 'reverse' ? null : this.#key(command.redeemKey),
      units: back.by === 'unit' ? [{ lineId: back.line, quantity: '1' }] : null,
      amount: back.by === 'amount' ? back.amount : null,
      reason: 'returned',
    });
    return answer.kind === 'refused'
      ? refused(answer)
      : { kind: 'reversed', amounts: this.#amounts(answer.reversals), replayed: answer.replayed };
  }

  async #issue(hub: Hub, { key, campaign, customer, days }: Extract<Command, { do: 'issue' }>): Promise<Answer> {
    const known = this.#untils.get(key) ?? (days === null ? null : new Date(this.#clock.now() + days * 86_400_000).toISOString());
    this.#untils.set(key, known);
    const answer = await hub.issuing.issue(ADMIN, {
      idempotencyKey: this.#key(key),
      campaignId: this.#campaignId(campaign),
      customer: { phone: PHONES[customer] ?? '' },
      validUntil: known,
    });
    if (answer.kind === 'refused') return refused(answer);
    return { kind: 'issued', code: this.#meet(hub.codes.codeAt(answer), campaign), replayed: answer.replayed };
  }
  /** The same request again has the same end. */
  readonly #untils = new Map<string, string | null>();

  async #refund(hub: Hub, { key, order, line: of }: Extract<Command, { do: 'refund' }>): Promise<Answer> {
    const answer = await hub.refunds.refund(ADMIN, {
      idempotencyKey: this.#key(key),
      orderId: null,
      source: 'api',
      externalId: this.#key(order),
      amount: null,
      lines: of === null ? null : [{ lineId: of, quantity: '1' }],
      reason: 'refunded',
    });
    if (answer.kind === 'refused') return refused(answer);
    const codes = (places: typeof answer.refund.takenBack) => places.map((place) => hub.codes.codeAt(place)).sort();
    const { takenBack, keptBecauseUsed } = answer.refund;
    return {
      kind: 'refunded',
      amounts: this.#amounts(answer.reversals),
      takenBack: codes(takenBack),
      kept: codes(keptBecauseUsed),
      replayed: answer.replayed,
    };
  }

  async #issuedOn(hub: Hub, orderId: string): Promise<Record<string, readonly string[]>> {
    const [places = []] = await hub.orders.issuedOn([orderId]);
    const vouchers = (await hub.vouchers.byPlaces(places)).flatMap((voucher) => voucher ?? []);
    const campaigns = Object.entries(this.#named.campaignIds).map(([name, id]): [string, readonly string[]] => [
      name,
      vouchers.flatMap(({ campaignId, code }) => (campaignId === id ? this.#meet(code, name) : [])).sort(),
    ]);
    return Object.fromEntries(campaigns.filter(([, codes]) => codes.length > 0));
  }

  /** Names a code that is new. */
  #meet(code: string, campaign: string): string {
    const { aliases } = this.#named;
    if (!aliases.has(code)) aliases.set(code, `issued ${campaign}${aliases.size}`);
    return code;
  }

  #amounts(reversals: readonly ReversalRecord[]): Record<string, number> {
    return Object.fromEntries(reversals.map(({ redemptionId, amount }) => [this.#names.get(redemptionId) ?? redemptionId, amount]));
  }

  #order({ id, lines, customer }: Body): OrderDraft {
    return {
      externalId: this.#key(id),
      source: 'api',
      revision: null,
      storeId: this.#named.storeId,
      channel: 'DINE_IN',
      placedAt: null,
      currency: 'EUR',
      pricesIncludeTax: true,
      customer: customer === null ? null : { phone: PHONES[customer] ?? '' },
      lines: lines.map((one) => line(one.id, one.price, { quantity: String(one.quantity), discount: one.discount })),
      payments: [],
    };
  }

  readonly #key = (name: string): string => `${this.#tag} ${name}`;
  readonly #campaignId = (name: string): string => this.#named.campaignIds[name] ?? 'none';
  readonly #holdId = (name: string): string => this.#holds.get(name) ?? 'none';
}

const refused = ({ rejections, replayed }: RefusedAnswer): Answer => ({
  kind: 'refused',
  reasons: Object.fromEntries(rejections.map(({ code, reason }) => [code ?? '', reason])),
  replayed,
});
