import type pg from 'pg';
import type { Actor } from '../access/roles.ts';
import type { PricedBasket } from '../decision/decision.types.ts';
import { priceBasket } from '../decision/price.ts';
import { decideBy } from '../decision/rule-versions.ts';
import { isStorable } from '../shared/input-checks.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { explainedVoucher, explainReplay } from './explain.ts';
import type { Explanation } from './explanation.types.ts';
import { type ReplayMeans, replayInput } from './replay-input.ts';
import { type ReplaySource, readSource, readStoreVersion } from './replay-source.ts';
import { campaignsThen } from './terms-then.ts';

export interface ExplanationMeans extends ReplayMeans {
  readonly pool: pg.Pool;
  /** As it is now. */
  store(id: string): StoreTerms | undefined;
}

/** Tells of a redemption why it gave what it gave: decides it again on what was stored with it, by the rules of its time. */
export class ExplanationService {
  readonly #means: ExplanationMeans;

  constructor(means: ExplanationMeans) {
    this.#means = means;
  }

  /** null: there is no such redemption, or it is not the actor's business. */
  async explain(actor: Actor, redemptionId: string): Promise<Explanation | null> {
    const source = isStorable(redemptionId) ? await readSource(this.#means.pool, redemptionId) : null;
    if (!source || (actor.storeIds !== null && !actor.storeIds.includes(source.checkout.storeId))) return null;
    return this.#replay(source, redemptionId);
  }

  async #replay(source: ReplaySource, redemptionId: string): Promise<Explanation> {
    const { checkout, redemptions } = source;
    const store = await this.#storeThen(source);
    const campaigns = await campaignsThen(async (text, values) => (await this.#means.pool.query(text, values)).rows, source);
    const input = replayInput(source, { store, campaigns }, this.#means);
    const by = decideBy(checkout.ruleVersion);
    const replayed = by && explainReplay(source, input, by);
    const earlier = input.earlier.flatMap((one) => one.applied ?? []);
    const priced = (standing: typeof earlier): PricedBasket => priceBasket(input.basket, store, standing);
    return {
      redemptionId,
      ruleVersion: checkout.ruleVersion,
      decidedAt: checkout.createdAt,
      placedAt: checkout.placedAt,
      businessDay: checkout.businessDay,
      store,
      orderSource: checkout.source,
      orderExternalId: checkout.externalId,
      holdId: input.ownHoldId,
      complete: checkout.storeVersion !== null,
      currency: checkout.priced.currency,
      differences: replayed?.differences ?? [{ kind: 'NOT_REPLAYED', code: null, stored: String(checkout.ruleVersion), replayed: '' }],
      before: priced(earlier),
      after: priced([...earlier, ...redemptions]),
      vouchers: replayed?.vouchers ?? redemptions.map((stored) => explainedVoucher(stored, null, source)),
    };
  }

  async #storeThen({ checkout: { storeId, storeVersion } }: ReplaySource): Promise<StoreTerms> {
    const kept = await readStoreVersion(this.#means.pool, storeId, storeVersion);
    const store = kept ? { ...kept.content, id: storeId, version: kept.version } : this.#means.store(storeId);
    if (!store) throw new Error(`Store ${storeId} is not there, yet it has redemptions.`);
    return store;
  }
}
