import type { Hub } from '../../src/domain/hub.ts';
import type { OrderDraft, RedeemAnswer } from '../../src/domain/redemption/redemption.types.ts';
import { chanceOf } from '../helpers/basics.ts';
import { ADMIN, anOrder, hold, redeem, reverse } from '../helpers/domain.ts';

interface Means {
  readonly seed: number;
  readonly storeId: string;
  readonly codes: readonly string[];
  /** Lets time go by. */
  pass(): void;
}

const CUSTOMERS = ['+34600000011', '+34600000012', '+34600000013'];

/** Redeems, holds, redeemed and released holds, reversals of each kind, repeats: by chance, from one seed. */
export class Evening {
  readonly #means: Means;
  readonly #chance: ReturnType<typeof chanceOf>;
  readonly #holds: { readonly id: string; readonly order: OrderDraft }[] = [];
  readonly #redemptions: string[] = [];
  readonly #asked: { readonly codes: string[]; readonly order: OrderDraft; readonly key: string }[] = [];
  /** What happened how often. */
  readonly seen = new Map<string, number>();
  /** What may happen, and how likely it is beside the others. */
  readonly #deeds: readonly (readonly [weight: number, deed: (hub: Hub, n: number) => Promise<void>])[] = [
    [35, (hub, n) => this.#redeem(hub, n)],
    [10, async (hub) => this.#settle(await redeem(hub, this.#chance.pick(this.#asked)))],
    [17, (hub) => this.#hold(hub)],
    [8, (hub) => this.#redeemHold(hub)],
    [5, async (hub) => this.#note(`release ${(await hub.desk.releaseHold(ADMIN, this.#chance.pick(this.#holds).id)).status}`)],
    [3, async (hub) => this.#note(`extend ${(await hub.desk.extendHold(ADMIN, this.#chance.pick(this.#holds).id, 5)).kind}`)],
    [14, (hub, n) => this.#reverse(hub, n)],
    [3, async (hub) => this.#note((await reverse(hub, { redeemKey: this.#chance.pick(this.#asked).key })).kind)],
    [5, async () => this.#means.pass()],
  ];

  constructor(means: Means) {
    this.#means = means;
    this.#chance = chanceOf(means.seed);
  }

  /** The `n`-th thing that happens. */
  async step(hub: Hub, n: number): Promise<void> {
    const ready = this.#holds.length > 0 && this.#redemptions.length > 0;
    if (!ready) {
      await this.#redeem(hub, n);
      return this.#hold(hub);
    }
    let dice = this.#chance.below(100);
    for (const [weight, deed] of this.#deeds) {
      if (dice < weight) return deed(hub, n);
      dice -= weight;
    }
  }

  #note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  #settle(answer: RedeemAnswer): void {
    if (answer.kind === 'refused') {
      this.#note(`refused ${answer.rejections[0]?.reason}`);
      return;
    }
    this.#note(answer.replayed ? 'again' : 'redeemed');
    this.#redemptions.push(...answer.redemptions.map((redemption) => redemption.id));
  }

  #someCodes(): string[] {
    return Array.from({ length: 1 + this.#chance.below(2) }, () => this.#chance.pick(this.#means.codes));
  }

  #someOrder(): OrderDraft {
    return anOrder(this.#means.storeId, {
      customer: { phone: this.#chance.pick(CUSTOMERS) },
      externalId: `check-${this.#means.seed}-${this.#chance.below(300)}`,
    });
  }

  async #redeem(hub: Hub, n: number): Promise<void> {
    const ask = { codes: this.#someCodes(), order: this.#someOrder(), key: `evening-${this.#means.seed}-${n}` };
    this.#asked.push(ask);
    this.#settle(await redeem(hub, ask));
  }

  async #hold(hub: Hub): Promise<void> {
    const order = this.#someOrder();
    const answer = await hold(hub, { codes: this.#someCodes(), order, ttlSeconds: 1 + this.#chance.below(20) });
    this.#note(answer.kind);
    if (answer.kind === 'held') this.#holds.push({ id: answer.hold.id, order });
  }

  async #redeemHold(hub: Hub): Promise<void> {
    const { id, order } = this.#chance.pick(this.#holds);
    this.#settle(await redeem(hub, { holdId: id, order }));
  }

  async #reverse(hub: Hub, n: number): Promise<void> {
    const how = this.#chance.pick([{ amount: 1 + this.#chance.below(80) }, { units: [{ lineId: 'paella', quantity: '1' }] }, {}]);
    const answer = await reverse(hub, {
      redemptionId: this.#chance.pick(this.#redemptions),
      key: `back-${this.#means.seed}-${n}`,
      ...how,
    });
    this.#note(answer.kind === 'reversed' ? 'reversed' : `reverse ${answer.rejections[0]?.reason}`);
  }
}
