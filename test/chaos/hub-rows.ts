import type pg from 'pg';

/** What the hub has of one order of a platform. */
export interface HubOrderRows {
  readonly state: 'OPEN' | 'PAID' | 'VOIDED';
  readonly lines: readonly number[];
  /** What was taken off the lines, by vouchers and otherwise, as it stands now. */
  readonly off: number;
}

export interface HubRedemption {
  readonly code: string;
  readonly undone: boolean;
  /** After changes of the discount; refunds do not lower it. */
  readonly booked: number;
  readonly byRefunds: number;
  /** By line: what it gave, and what of that stands. */
  readonly lines: readonly { readonly lineId: string; readonly given: number; readonly stands: number }[];
}

/** All that the hub has of a connection's orders, by the platform's ids. */
export interface HubSide {
  readonly orders: ReadonlyMap<string, HubOrderRows>;
  readonly redemptions: ReadonlyMap<string, readonly HubRedemption[]>;
  readonly refunded: ReadonlyMap<string, number>;
  readonly rejected: ReadonlyMap<string, readonly string[]>;
}

type Row<T> = T & { readonly id: string };

const ORDERS = `select external_id as id, state, (priced ->> 'lineDiscounts')::int + (priced ->> 'voucherDiscounts')::int as off,
  array(select (line ->> 'gross')::int from jsonb_array_elements(priced::jsonb -> 'lines') line) as lines from orders where source = $1`;
const REDEMPTIONS = `select checkout.external_id as id, code, undone,
    redemption.amount - coalesce((select sum(amount) from reversal where redemption_id = redemption.id and reason = 'discount changed'), 0)::int as booked,
    coalesce((select sum(amount) from reversal where redemption_id = redemption.id and reason = 'refund'), 0)::int as "byRefunds",
    (select json_agg(json_build_object('lineId', line_id, 'given', given, 'stands', stands)) from
      (select line_id, sum(amount + moved) as given, sum(amount + moved - returned) as stands from allocation where redemption_id = redemption.id group by 1) as l) as lines
  from checkout join redemption on checkout_id = checkout.id where source = $1 order by redemption.id`;
const REFUNDS = `select orders.external_id as id, sum(refund.amount)::int as amount from refund join orders on orders.id = order_id where source = $1 group by 1`;
const REJECTIONS = `select order_external_id as id, code from rejection where order_source = $1 and code is not null`;

export async function hubSide(pool: pg.Pool, connectionId: string): Promise<HubSide> {
  const rows = async <T>(text: string): Promise<readonly Row<T>[]> => (await pool.query(text, [connectionId])).rows as Row<T>[];
  const orders = await rows<HubOrderRows>(ORDERS);
  const redemptions = await rows<HubRedemption>(REDEMPTIONS);
  const refunds = await rows<{ amount: number }>(REFUNDS);
  const rejections = await rows<{ code: string }>(REJECTIONS);
  return {
    orders: new Map(orders.map((row) => [row.id, row])),
    redemptions: Map.groupBy(redemptions, ({ id }) => id),
    refunded: new Map(refunds.map(({ id, amount }) => [id, amount])),
    rejected: new Map([...Map.groupBy(rejections, ({ id }) => id)].map(([id, list]) => [id, list.map(({ code }) => code)])),
  };
}
