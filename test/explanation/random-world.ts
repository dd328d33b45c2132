import { randomUUID } from 'node:crypto';
import type { CampaignDraft, CampaignRecord } from '../../src/domain/campaign/campaign.types.ts';
import type { Hub } from '../../src/domain/hub.ts';
import type { OrderDraft, RedeemAnswer } from '../../src/domain/redemption/redemption.types.ts';
import type { StoreTerms } from '../../src/domain/store/store.types.ts';
import { randomIncentive, randomLines } from '../decision/worlds.ts';
import { chanceOf } from '../helpers/basics.ts';
import { ADMIN, aCampaign, anOrder, aStore, codesOf, hold, limit, redeem, reverse, sharedWord } from '../helpers/domain.ts';
import { aPlatformOrder, discountOf, intake } from '../order/support.ts';

const PHONES = ['+34600000021', '+34600000022'];
const EURO = (minor: number) => ({ minor, currency: 'EUR' });

/** Stores, campaigns and a till's evening, by chance: what is redeemed, under what terms, and how all of it is changed meanwhile. */
export class RandomWorld {
  readonly #hub: Hub;
  readonly #chance: ReturnType<typeof chanceOf>;
  readonly #tick: () => void;
  readonly #stores: StoreTerms[] = [];
  readonly #campaigns: CampaignRecord[] = [];
  readonly #codes: string[] = [];
  readonly #orders: OrderDraft[] = [];
  readonly #redemptions: string[] = [];
  /** What happened how often. */
  readonly seen = new Map<string, number>();

  constructor(hub: Hub, seed: number, tick: () => void) {
    this.#hub = hub;
    this.#chance = chanceOf(seed);
    this.#tick = tick;
  }

  async open(): Promise<void> {
    const chance = this.#chance;
    for (const maxVouchersPerOrder of [null, 3])
      this.#stores.push(await aStore(this.#hub, { maxVouchersPerOrder, taxRates: [{ group: 'alcohol', rate: '21' }] }));
    for (const phone of PHONES) await this.#hub.customers.upsert(ADMIN, { phone, birthday: '1990-05-05', groups: ['press'] });
    const main = await aCampaign(this.#hub, { name: 'main', incentive: null, budget: EURO(60_000) });
    for (let n = 0; n < 8; n += 1) {
      const campaign = await aCampaign(this.#hub, { ...this.#draft(), name: `c${n}`, ...(chance.below(3) === 0 && { parentId: main.id }) });
      this.#campaigns.push(campaign);
      this.#codes.push(...(await codesOf(this.#hub, campaign.id, 6)));
      if (chance.below(3) === 0 && !('giftBalance' in (campaign.incentive ?? {})))
        this.#codes.push(await sharedWord(this.#hub, campaign.id));
    }
    const given = await aCampaign(this.#hub, { ...this.#draft(), name: 'given', distribution: 'CUSTOMER' });
    this.#campaigns.push(given);
    for (const phone of PHONES) this.#codes.push(await this.#issue(given.id, phone));
  }

  async step(): Promise<void> {
    const chance = this.#chance;
    this.#tick();
    const dice = chance.below(20);
    if (dice < 9)
      this.#settle(await redeem(this.#hub, { codes: this.#some(), order: this.#order(), tillId: chance.pick([null, 'till 7']) }));
    else if (dice < 12) await this.#holdThenRedeem();
    else if (dice < 14) await this.#platform();
    else if (dice < 16) await this.#change();
    else if (dice < 18) await this.#changeStore();
    else if (this.#redemptions.length > 0) {
      const how = chance.pick([{}, { amount: 1 }]);
      await reverse(this.#hub, { redemptionId: chance.pick(this.#redemptions), ...how });
      this.#note('reverse');
    }
  }

  #note(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  #draft(): Partial<CampaignDraft> {
    const chance = this.#chance;
    const incentive = randomIncentive(chance);
    return {
      incentive,
      ...('tender' in incentive && { taxClass: 'PAYMENT' as const }),
      limits: [
        ...(chance.below(2) === 0 ? [limit('CAMPAIGN', 40)] : []),
        ...(chance.below(3) === 0 && !('giftBalance' in incentive) ? [limit('VOUCHER', 2)] : []),
        ...(chance.below(4) === 0 ? [limit('TILL', 9_000, { counts: 'DISCOUNT_AMOUNT', period: 'BUSINESS_DAY' })] : []),
      ],
      ...(chance.below(3) === 0 && { budget: EURO(20_000) }),
      conditions: {
        ...(chance.below(4) === 0 && { minimumOrder: 300 }),
        ...(chance.below(6) === 0 && { excludedGroups: ['staff'] }),
        ...(chance.below(8) === 0 && { birthdayWindow: { daysBefore: 3, daysAfter: 3 } }),
        ...(chance.below(6) === 0 && { expression: 'order.lines.size() < 4' }),
        ...(chance.below(8) === 0 && { paymentMethods: ['CARD', 'CASH'] }),
      },
      stacking: { priority: chance.below(3), ...(chance.below(6) === 0 && { group: 'g' }) },
    };
  }

  #some(): string[] {
    return Array.from({ length: 1 + this.#chance.below(3) }, () => this.#chance.pick(this.#codes));
  }

  /** Of its own, or one that was there before. */
  #order(): OrderDraft {
    const chance = this.#chance;
    if (this.#orders.length > 0 && chance.below(3) === 0) return chance.pick(this.#orders);
    const lines = Array.from({ length: 3 }, (_, at) => randomLines(chance).map((line) => ({ ...line, id: `${line.id}-${at}` }))).flat();
    const order = anOrder(chance.pick(this.#stores).id, {
      lines,
      channel: chance.pick(['DINE_IN', 'DELIVERY']),
      pricesIncludeTax: chance.below(4) > 0,
      customer: chance.below(2) === 0 ? { phone: chance.pick(PHONES) } : null,
      payments: chance.below(2) === 0 ? [{ method: 'CARD', amount: 1_000, externalId: null, paidAt: null }] : [],
    });
    this.#orders.push(order);
    return order;
  }

  #settle(answer: RedeemAnswer): void {
    this.#note(answer.kind);
    if (answer.kind === 'redeemed') this.#redemptions.push(...answer.redemptions.map((redemption) => redemption.id));
  }

  async #holdThenRedeem(): Promise<void> {
    const order = this.#order();
    const answer = await hold(this.#hub, { codes: this.#some(), order });
    this.#note(answer.kind);
    if (answer.kind === 'held' && this.#chance.below(4) > 0) this.#settle(await redeem(this.#hub, { holdId: answer.hold.id, order }));
  }

  /** The till's own till gave what it gave. */
  async #platform(): Promise<void> {
    const order = aPlatformOrder([discountOf(this.#chance.pick(this.#codes), 1 + this.#chance.below(300))]);
    const { redeemed } = await intake(this.#hub, this.#chance.pick(this.#stores).id, order);
    if (redeemed.length > 0) this.#note('platform');
    this.#redemptions.push(...redeemed);
  }

  async #change(): Promise<void> {
    const { id, name } = this.#chance.pick(this.#campaigns);
    const { limits, conditions, stacking } = this.#draft();
    try {
      await this.#hub.campaigns.update(
        ADMIN,
        id,
        { name: `${name} changed`, limits, conditions, stacking },
        { applyToIssued: this.#chance.below(2) === 0 },
      );
      this.#note('campaign changed');
    } catch {
      this.#note('campaign not changed');
    }
  }

  async #changeStore(): Promise<void> {
    const rate = this.#chance.pick(['4', '7', '10', '21']);
    const timeZone = this.#chance.pick(['Europe/Madrid', 'Atlantic/Canary']);
    await this.#hub.stores.update(ADMIN, this.#chance.pick(this.#stores).id, { defaultTaxRate: rate, timeZone, taxRates: [] });
    this.#note('store changed');
  }

  async #issue(campaignId: string, phone: string): Promise<string> {
    const answer = await this.#hub.issuing.issue(ADMIN, {
      idempotencyKey: randomUUID(),
      campaignId,
      customer: { phone },
      validUntil: null,
    });
    if (answer.kind !== 'issued') throw new Error(`Not issued: ${JSON.stringify(answer)}`);
    return this.#hub.codes.codeAt(answer);
  }
}
