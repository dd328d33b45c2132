import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { CampaignService, IssuingTerms } from '../campaign/campaign.service.ts';
import { keepTerms } from '../campaign/terms-lock.ts';
import type { CodeService } from '../code/code.service.ts';
import { housePattern } from '../code/code-growth.ts';
import type { CustomerFactsReader } from '../customer/customer-facts.ts';
import type { CustomerFacts, DecisionInput } from '../decision/decision.types.ts';
import { earned, factsToEarn } from '../decision/earning.ts';
import type { SegmentService } from '../segment/segment.service.ts';
import { HubError } from '../shared/errors.ts';
import { type Grant, PatternUnread } from '../voucher/voucher-taker.ts';
import { type EarnedRow, lockEarned, readRefunds, type TakenBack, takeBack } from './earned-vouchers.ts';
import { type Earning, issueEarned } from './issue-earned.ts';
import type { SettleWork } from './settle.types.ts';

export interface TillIssuingMeans {
  readonly pool: pg.Pool;
  readonly campaigns: CampaignService;
  readonly codes: CodeService;
  readonly segments: SegmentService;
  readonly facts: CustomerFactsReader;
}

/** What a transaction needs that cannot be looked up inside it. */
export interface IssuingPlan {
  readonly candidates: readonly IssuingTerms[];
  readonly growth: Grant['growth'];
}

/** Nothing was done: these campaigns have to be read anew, or the house pattern looked for, and all of it tried again. */
class NotReady extends Error {
  readonly campaignIds: readonly string[];
  constructor(campaignIds: readonly string[] = []) {
    super('There is something to be read before vouchers can be issued.');
    this.campaignIds = campaignIds;
  }
}

const TRIES = 6;
const NOTHING: TakenBack = { takenBack: [], keptBecauseUsed: [] };

/** Brings the vouchers that an order earned in line with the order: issues what is missing, takes back what is too much. */
export class TillIssuing {
  readonly #means: TillIssuingMeans;
  /** A pattern is for ever; that it cannot be had is not. */
  #housePattern: number | null = null;

  constructor(means: TillIssuingMeans) {
    this.#means = means;
  }

  /** Ids of the campaigns that an order of the store could earn vouchers of now; from memory. */
  candidates(storeId: string): readonly string[] {
    return this.#means.campaigns.issuing(storeId).map(({ terms }) => terms.id);
  }

  /** Whether anything could come of settling this order, by the cheapest look. */
  async concerns(order: { readonly id: string; readonly storeId: string }, isNew: boolean): Promise<boolean> {
    const { pool, campaigns } = this.#means;
    if (campaigns.issuing(order.storeId).length > 0) return true;
    if (isNew) return false;
    return (
      (await pool.query({ name: 'earned-of-order', text: 'select from voucher where source_order_id = $1 limit 1', values: [order.id] }))
        .rowCount !== 0
    );
  }

  /** Runs `work` in a transaction; again where it turns out that something has to be read before. */
  async within<T>(storeId: string, work: (client: pg.PoolClient, plan: IssuingPlan) => Promise<T>): Promise<T> {
    const { pool, campaigns, codes, segments } = this.#means;
    let looked = false;
    const growth = () => {
      if (this.#housePattern === null && !looked) throw new NotReady();
      return this.#housePattern;
    };
    for (let attempt = 1; ; attempt += 1) {
      try {
        const plan = { candidates: campaigns.issuing(storeId), growth };
        // Read before, or from memory: inside the transaction another connection would be waited for while this one is held.
        await segments.byIds(factsToEarn(plan.candidates)?.segmentIds ?? []);
        return await inTransaction(pool, (client) => work(client, plan));
      } catch (error) {
        if (attempt === TRIES) throw error;
        if (error instanceof NotReady && error.campaignIds.length > 0) await campaigns.refresh(error.campaignIds);
        else if (error instanceof NotReady) {
          this.#housePattern = await patternToBeHad(codes);
          looked = true;
        } else if (!(error instanceof PatternUnread)) throw error;
        await codes.refresh();
      }
    }
  }

  /** In the transaction that wrote the order, or one that holds its lock. Repeated on the same order, it changes nothing. */
  async settle(client: pg.PoolClient, plan: IssuingPlan, work: SettleWork): Promise<TakenBack> {
    const { order, fresh } = work;
    if (fresh && plan.candidates.length === 0) return NOTHING;
    const rows = fresh ? [] : await lockEarned(client, order.id);
    if (rows.length === 0 && plan.candidates.length === 0) return NOTHING;
    const refunds = fresh ? [] : await readRefunds(client, order.id);
    const back =
      rows.length === 0
        ? NOTHING
        : await takeBack(client, this.#means, order, rows, refunds, { reason: work.reason, actorId: work.actorId, now: work.now });
    // What was given back in part earns nothing more.
    if (plan.candidates.length > 0 && order.state === 'PAID' && refunds.length === 0 && work.paid)
      await this.#earn(client, plan, work, rows);
    return back;
  }

  async #earn(client: pg.PoolClient, plan: IssuingPlan, work: SettleWork, rows: readonly EarnedRow[]): Promise<void> {
    const inPlay = await this.#inPlay(client, plan, work);
    const input = inputOf(work, await this.#facts(client, inPlay, work));
    const earnings: Earning[] = [];
    for (const { terms, issuance } of inPlay) {
      // What was taken back, or cancelled, does not come again by an edit.
      const given = rows.filter((row) => row.campaignId === terms.id).length;
      const count = earned(terms, issuance, input) - given;
      if (count > 0) earnings.push({ terms, issuance, count });
    }
    if (earnings.length === 0) return;
    const stale = await keepTerms(
      client,
      earnings.map(({ terms }) => terms),
    );
    if (stale.length > 0) throw new NotReady(stale);
    await issueEarned(client, this.#means.codes, work, earnings, plan.growth);
  }

  /** Orders of one customer come one after the other here: two at once would both be their first. */
  async #facts(client: pg.PoolClient, inPlay: readonly IssuingTerms[], { order, now }: SettleWork): Promise<CustomerFacts | null> {
    const { customerId, source, externalId } = order;
    const asked = customerId === null ? null : factsToEarn(inPlay);
    if (asked === null) return null;
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 8254034))', [customerId]);
    return (await this.#means.facts.read(client, { customerId, source, externalId, now }, asked)).facts;
  }

  /**
   * Which campaigns an order can earn from is settled when it is first found paid: one that begins later gives nothing for an edit.
   * Each content of the order is looked at once, so that a repeat earns nothing that was refused before.
   */
  async #inPlay(
    client: pg.PoolClient,
    { candidates }: IssuingPlan,
    { order, paidBefore, now }: SettleWork,
  ): Promise<readonly IssuingTerms[]> {
    const { rows } = await client.query<{ content: string; settled: string | null; campaigns: string[] | null }>(
      `select orders.content_hash as content, earned.input_hash as settled, coalesce(earned.answer -> 'campaigns', recorded.answer -> 'campaigns') as campaigns
       from orders left join idempotency earned on earned.scope = 'orderEarned' and earned.key = orders.id
         left join idempotency recorded on recorded.scope = 'orderRecorded' and recorded.key = orders.id
       where orders.id = $1`,
      [order.id],
    );
    const { content, settled, campaigns } = rows[0] as (typeof rows)[number];
    if (settled === content) return [];
    const open = campaigns ?? (paidBefore ? [] : candidates.map(({ terms }) => terms.id));
    await client.query(
      `insert into idempotency (scope, key, input_hash, answer, created_at) values ('orderEarned', $1, $2, $3, to_timestamp($4::double precision / 1000))
       on conflict (scope, key) do update set input_hash = excluded.input_hash`,
      [order.id, content, JSON.stringify({ campaigns: open }), now],
    );
    return candidates.filter(({ terms }) => open.includes(terms.id));
  }
}

/** null: the texts of the house pattern are somebody else's, and a campaign needs codes of its own. */
async function patternToBeHad(codes: CodeService): Promise<number | null> {
  try {
    return await housePattern(codes);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return null;
  }
}

function inputOf({ order, store, now, tillKey }: SettleWork, customerFacts: CustomerFacts | null): DecisionInput {
  const placedAt = Date.parse(order.placedAt);
  return {
    now,
    store,
    basket: order.basket,
    placedAt,
    customer: { id: order.customerId, unknownId: false, given: order.customerId !== null },
    customerFacts,
    payments: order.payments,
    lookups: [],
    counter: () => ({ used: 0, held: 0, heldUntil: null }),
    earlier: [],
    ownHoldId: null,
    tillKey,
  };
}
