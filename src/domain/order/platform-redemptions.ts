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

/** A redemption that was made on an order or is paid by it; some were taken back. */
export type OrderRedemption = Standing & {
  /** Made on this very order; else the order is its payment. */
  readonly own: boolean;
  /** The place of its redeem among those on its order. */
  readonly sequence: number;
  /** Of the order as it is stored. */
  readonly orderState: OrderRecord['state'] | null;
  /** Why some of it was taken back last. */
  readonly lastReason: string | null;
  /** By line: how many the redemption was decided on. */
  readonly quantities: Readonly<Record<string, string>>;
};

export interface PlatformRedemptionMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  voucherId(patternId: number, index: number): string;
}

/** The reason of reversals by which a redemption follows the platform's amount. */
export const AMOUNT_CHANGED = 'discount changed';

/** The reason of those that a platform's refund brought about. */
export const REFUNDED = 'refund';

/** By the key of its redeem, which the intake alone gives; each looked up by its own, whatever the planner believes. */
const OURS = `coalesce((select own.answer ->> 'checkoutId' from idempotency own
    where own.scope = 'platform' and own.key = (select redeem_key from checkout made where made.id = redemption.checkout_id)) = redemption.checkout_id, false)`;
const COLUMNS = `${REDEMPTION_COLUMNS}, ${OURS} as ours,
  redemption.amount - coalesce((select sum(amount)::bigint from reversal where redemption_id = redemption.id and reason = '${AMOUNT_CHANGED}'), 0) as booked`;

/**
 * All of an order, those of one redeem in their turns. One by one along the indexes: the plan is made while the tables are small and stays while
 * they grow, and a join would go through all that were ever made.
 */
const OF_ORDER = `
  select ${COLUMNS}, checkout.sequence, source = $1 and external_id = $2 as own,
    (select state from orders where orders.source = $1 and orders.external_id = $2) as "orderState",
    (select reason from reversal where redemption_id = redemption.id order by id desc limit 1) as "lastReason",
    (select coalesce(jsonb_object_agg(line ->> 'id', line ->> 'quantity'), '{}') from json_array_elements(checkout.basket -> 'lines') line) as quantities
  from unnest(array(
      select made.id from (select id from checkout where source = $1 and external_id = $2 offset 0) asked,
        lateral (select id from redemption where checkout_id = asked.id offset 0) made
      union all select paid.id from (select id from orders where source = $1 and external_id = $2 offset 0) known,
        lateral (select id from redemption where linked_order_id = known.id offset 0) paid)) as wanted (id),
    lateral (select * from redemption where redemption.id = wanted.id offset 0) redemption,
    lateral (select * from checkout where checkout.id = redemption.checkout_id offset 0) checkout
  order by checkout_id, step`;

/** A till may tell the hub of an order a day after it was placed. */
const LATE_MS = 24 * 3_600_000;

/** Which redemptions a platform's order means, and the link between a till's own redemption and its payment. */
export class PlatformRedemptions {
  readonly #means: PlatformRedemptionMeans;

  constructor(means: PlatformRedemptionMeans) {
    this.#means = means;
  }

  /** Not read before it is asked for. */
  of(source: string, externalId: string): OrderRedemptions {
    return new OrderRedemptions(async () => {
      const { rows } = await this.#means.pool.query<OrderRedemption>({
        name: 'redemptions-of-order',
        text: OF_ORDER,
        values: [source, externalId],
      });
      return rows;
    });
  }

  /** Made by a till through the hub in the order's store on that business day, for no other order. */
  async elsewhere(code: RedemptionCode, order: OrderRecord, store: StoreTerms): Promise<Standing | null> {
    const { pool } = this.#means;
    // A code of its own is found by its place; a word for all has too many redemptions there, and is found among those of the day.
    const [which, values] = code.shared ? ['code = $6', [code.code]] : ['pattern_id = $6 and idx = $7', [code.patternId, code.index]];
    const from = businessDayStart(order.businessDay, store) - LATE_MS;
    const until = businessDayEnd(order.businessDay, store) + LATE_MS;
    const { rows } = await pool.query<Standing>({
      name: code.shared ? 'redemption-of-word-elsewhere' : 'redemption-of-code-elsewhere',
      text: `select ${COLUMNS} from redemption
       where store_id = $1 and redeemed_at between to_timestamp($2::double precision / 1000) and to_timestamp($3::double precision / 1000) and business_day = $4
         and ${which} and not undone and (linked_order_id is null or linked_order_id = $5) and not ${OURS}
       order by linked_order_id nulls last, redemption.id limit 1`,
      values: [order.storeId, from, until, order.businessDay, order.id, ...values],
    });
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
}

/** The redemptions of an order as they were read last; read anew once something was done to them. */
export class OrderRedemptions {
  readonly #read: () => Promise<readonly OrderRedemption[]>;
  #known: readonly OrderRedemption[] | null = null;

  constructor(read: () => Promise<readonly OrderRedemption[]>) {
    this.#read = read;
  }

  changed(): void {
    this.#known = null;
  }

  /** There is none; nobody needs to look. */
  nothing(): void {
    this.#known = [];
  }

  async standing(): Promise<readonly OrderRedemption[]> {
    return (await this.#all()).filter(({ undone }) => !undone);
  }

  /** Codes that give their share by a voucher of this order. */
  async codes(): Promise<ReadonlySet<string>> {
    return new Set((await this.standing()).filter(({ own }) => own).map(({ code }) => code));
  }

  /** Redeemed on this order, and not taken back. */
  async made(code: string): Promise<OrderRedemption | null> {
    return (await this.standing()).find((one) => one.own && one.code === code) ?? null;
  }

  /** Whether a refund took the code back last: the platform goes on showing its discount, which is no new use of it. */
  async refunded(code: string): Promise<boolean> {
    const last = (await this.#made(code)).toSorted((a, b) => a.sequence - b.sequence || a.step - b.step).at(-1);
    return last?.undone === true && last.lastReason === REFUNDED;
  }

  /** How often this code was redeemed on this order and taken back: a discount that comes again is another redemption. */
  async round(code: string): Promise<number> {
    return (await this.#made(code)).filter(({ undone }) => undone).length;
  }

  async #made(code: string): Promise<readonly OrderRedemption[]> {
    return (await this.#all()).filter((one) => one.own && one.code === code);
  }

  async #all(): Promise<readonly OrderRedemption[]> {
    this.#known ??= await this.#read();
    return this.#known;
  }
}
