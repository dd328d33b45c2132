import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import { writeEvents } from '../ledger/ledger-writer.ts';
import type { RedemptionCode } from '../redemption/prepared.ts';
import type { RedemptionRecord } from '../redemption/redemption.types.ts';
import { REDEMPTION_COLUMNS } from '../redemption/redemption-reader.ts';
import { businessDayEnd, businessDayStart } from '../shared/business-time.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import type { StoreTerms } from '../store/store.types.ts';
import type { OrderRecord } from './order.types.ts';

/** A redemption that stands and that a platform's order means. */
export type Standing = RedemptionRecord & {
  /** Made for this order by the hub; else a till made it through the hub, and the order is its payment. */
  readonly ours: boolean;
  /** What is booked after changes of the discount; refunds do not lower it. */
  readonly booked: number;
};

/** A redemption that hangs on an order, with the quantities of the lines on which it was decided. */
export type Hanging = RedemptionRecord & { readonly quantities: Readonly<Record<string, string>> };

export interface PlatformRedemptionMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  voucherId(patternId: number, index: number): string;
}

/** The reason of reversals by which a redemption follows the platform's amount. */
export const AMOUNT_CHANGED = 'discount changed';

/** The reason of those that a platform's refund brought about. */
export const REFUNDED = 'refund';

const OURS = `exists (select from checkout join idempotency own on own.scope = 'platform' and own.key = checkout.redeem_key and own.answer ->> 'checkoutId' = checkout.id where checkout.id = redemption.checkout_id)`;
const COLUMNS = `${REDEMPTION_COLUMNS}, ${OURS} as ours,
  redemption.amount - coalesce((select sum(amount)::bigint from reversal where redemption_id = redemption.id and reason = '${AMOUNT_CHANGED}'), 0) as booked`;

/** A till may tell the hub of an order a day after it was placed. */
const LATE_MS = 24 * 3_600_000;

/** Which redemptions a platform's order means, and the link between a till's own redemption and its payment. */
export class PlatformRedemptions {
  readonly #means: PlatformRedemptionMeans;

  constructor(means: PlatformRedemptionMeans) {
    this.#means = means;
  }

  /** Made on this very order, else by a till through the hub in the store on that business day, for no other order. */
  async standing(code: RedemptionCode, order: OrderRecord, store: StoreTerms): Promise<Standing | null> {
    const { pool } = this.#means;
    const { rows: own } = await pool.query<Standing>(
      `select ${COLUMNS} from checkout made join redemption on redemption.checkout_id = made.id
       where made.source = $1 and made.external_id = $2 and redemption.code = $3 and not undone limit 1`,
      [order.source, order.externalId, code.code],
    );
    if (own[0]) return own[0];
    // A code of its own is found by its place; a word for all has too many redemptions there, and is found among those of the day.
    const [which, values] = code.shared ? ['code = $6', [code.code]] : ['pattern_id = $6 and idx = $7', [code.patternId, code.index]];
    const from = businessDayStart(order.businessDay, store) - LATE_MS;
    const until = businessDayEnd(order.businessDay, store) + LATE_MS;
    const { rows } = await pool.query<Standing>(
      `select ${COLUMNS} from redemption
       where store_id = $1 and redeemed_at between to_timestamp($2::double precision / 1000) and to_timestamp($3::double precision / 1000) and business_day = $4
         and ${which} and not undone and (linked_order_id is null or linked_order_id = $5) and not ${OURS}
       order by linked_order_id nulls last, redemption.id limit 1`,
      [order.storeId, from, until, order.businessDay, order.id, ...values],
    );
    return rows[0] ?? null;
  }

  /** false: another order was faster. The event is written once. */
  async link(redemption: Standing, order: OrderRecord): Promise<boolean> {
    const { pool, clock, voucherId } = this.#means;
    return inTransaction(pool, async (client) => {
      const { rows } = await client.query<{ order: string | null }>(
        'select linked_order_id as order from redemption where id = $1 for update',
        [redemption.id],
      );
      const known = rows[0]?.order ?? null;
      if (known !== null) return known === order.id;
      await client.query('update redemption set linked_order_id = $2 where id = $1', [redemption.id, order.id]);
      await writeEvents(client, [
        {
          type: 'PAYMENT_LINKED',
          at: instantText(clock.now()),
          businessDay: order.businessDay,
          storeId: order.storeId,
          campaignId: redemption.campaignId,
          code: redemption.code,
          data: { redemptionId: redemption.id, orderId: order.id, order: { source: order.source, externalId: order.externalId } },
          redemptionId: redemption.id,
          voucherId: voucherId(redemption.patternId, redemption.index),
          customerId: redemption.customerId,
          orderSource: order.source,
          orderExternalId: order.externalId,
        },
      ]);
      return true;
    });
  }

  /**
   * All that stand on the order or are paid by it, oldest first, those of one redeem in their turns. Read by their ids: a join would go through
   * all that were ever made, for as long as the planner does not know how many they are.
   */
  async on(order: OrderRecord): Promise<Hanging[]> {
    const { rows } = await this.#means.pool.query<Hanging>(
      `select ${REDEMPTION_COLUMNS}, (select coalesce(jsonb_object_agg(line ->> 'id', line ->> 'quantity'), '{}') from json_array_elements(checkout.basket -> 'lines') line) as quantities
       from checkout join redemption on checkout_id = checkout.id
       where not undone and redemption.id = any(array(
         select redemption.id from checkout join redemption on checkout_id = checkout.id where source = $1 and external_id = $2
         union all select id from redemption where linked_order_id = $3))
       order by checkout_id, step`,
      [order.source, order.externalId, order.id],
    );
    return rows;
  }

  /** Whether a refund took the code back last: the platform goes on showing its discount, which is no new use of it. */
  async refunded(code: string, order: OrderRecord): Promise<boolean> {
    const { rows } = await this.#means.pool.query<{ undone: boolean; reason: string | null }>(
      `select undone, (select reason from reversal where redemption_id = redemption.id order by id desc limit 1) as reason
       from checkout join redemption on checkout_id = checkout.id
       where source = $1 and external_id = $2 and code = $3 order by sequence desc, step desc limit 1`,
      [order.source, order.externalId, code],
    );
    return rows[0]?.undone === true && rows[0].reason === REFUNDED;
  }

  /** How often this code was redeemed on this order and taken back: a discount that comes again is another redemption. */
  async round(code: string, order: OrderRecord): Promise<number> {
    const { rows } = await this.#means.pool.query<{ n: number }>(
      'select count(*) as n from checkout join redemption on checkout_id = checkout.id where source = $1 and external_id = $2 and code = $3 and undone',
      [order.source, order.externalId, code],
    );
    return rows[0]?.n ?? 0;
  }
}
