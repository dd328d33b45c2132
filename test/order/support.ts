import { randomUUID } from 'node:crypto';
import type { Hub } from '../../src/domain/hub.ts';
import type { PlatformDiscount, PlatformOrder } from '../../src/domain/order/order.types.ts';
import { line, rowsOf } from '../helpers/domain.ts';

export const CONNECTION = 'con_square';

/** A discount over the whole order that names a code. */
export const discountOf = (code: string, amount: number, over: Partial<PlatformDiscount> = {}): PlatformDiscount => ({
  externalId: `discount-${code}`,
  name: `Vale ${code}`,
  amount,
  lineId: null,
  shares: [],
  code: null,
  texts: [],
  ...over,
});

/** Paid, two dishes for 20.00, with these discounts lying on them in the measure of their price. */
export function aPlatformOrder(discounts: readonly PlatformDiscount[], over: Partial<PlatformOrder> = {}): PlatformOrder {
  const off = discounts.reduce((sum, discount) => sum + discount.amount, 0);
  const half = Math.ceil(off / 2);
  return {
    externalId: randomUUID(),
    revision: 1,
    state: 'PAID',
    placedAt: '2026-05-04T17:55:00.000Z',
    currency: 'EUR',
    pricesIncludeTax: true,
    channel: 'DINE_IN',
    customer: null,
    lines: [line('paella', 1_000, { discount: half }), line('vino', 1_000, { discount: off - half })],
    payments: [{ method: 'CARD', amount: 2_000 - off, externalId: null, paidAt: null }],
    discounts,
    texts: [],
    refunds: [],
    ...over,
  };
}

export const intake = (hub: Hub, storeId: string, order: PlatformOrder, connectionId = CONNECTION) =>
  hub.intake.intake({ connectionId, storeId, order });

/** What stands of a code: amounts by the order on which it was redeemed. */
export const redemptionsOf = (hub: Hub, code: string) =>
  rowsOf<{ source: string; amount: number; reckoned: number | null; reversed: number; undone: boolean; linked: string | null }>(
    hub,
    'select order_source as source, amount, reckoned, reversed, undone, linked_order_id as linked from redemption where code = $1 order by id',
    [code],
  );

/** The book about one order, sealed or not. */
export const eventsOf = async (hub: Hub, externalId: string): Promise<string[]> =>
  (
    await rowsOf<{ line: string }>(
      hub,
      `select type || coalesce(' ' || amount, '') as line from (
       select 0 as part, position as n, type, amount, order_external_id from ledger_event union all select 1, id, type, amount, order_external_id from ledger_intake) event
     where order_external_id = $1 order by part, n`,
      [externalId],
    )
  ).map((row) => row.line);
