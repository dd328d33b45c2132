import { randomUUID } from 'node:crypto';
import type { Plain } from '@valehub/connector-kit';
import { type Forger, forgerFor, type StandIn, type StandInReply } from '@valehub/connector-kit/testing';
import square from '@valehub/connector-square';

const MERCHANT = 'MERCHANT-1';
export const LOCATION = 'LOC-TRIANA';
export const ACCESS_TOKEN = 'square-access-token-that-nobody-may-see';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

/** What Square knows of one order: two plates of 20.00, and what the vouchers took off. */
export interface SquareOrder {
  readonly id: string;
  readonly code?: string;
  readonly state?: 'OPEN' | 'COMPLETED' | 'CANCELED';
  readonly discount?: number;
  readonly location?: string;
  readonly updatedAt?: string;
  readonly paid?: boolean;
}

export function orderReplies(order: SquareOrder): readonly StandInReply[] {
  const discount = order.code === undefined ? 0 : (order.discount ?? 400);
  const due = 4000 - discount;
  const updated = order.updatedAt ?? '2026-03-06T20:15:00.000Z';
  const paid = order.paid ?? true;
  const body = {
    id: order.id,
    location_id: order.location ?? LOCATION,
    state: order.state ?? 'COMPLETED',
    version: 3,
    created_at: '2026-03-06T19:30:00.000Z',
    updated_at: updated,
    closed_at: updated,
    line_items: [
      {
        uid: 'line-1',
        name: 'Arroz',
        catalog_object_id: 'RICE',
        quantity: '2',
        base_price_money: eur(2000),
        variation_total_price_money: eur(4000),
        gross_sales_money: eur(4000),
        total_discount_money: eur(discount),
        total_money: eur(due),
        applied_discounts: order.code === undefined ? [] : [{ uid: 'ad-1', discount_uid: 'voucher', applied_money: eur(discount) }],
      },
    ],
    discounts:
      order.code === undefined
        ? []
        : [
            {
              uid: 'voucher',
              name: `Vale ${order.code}`,
              type: 'FIXED_PERCENTAGE',
              percentage: '10',
              scope: 'ORDER',
              applied_money: eur(discount),
            },
          ],
    tenders: paid ? [{ id: `PAY-${order.id}`, payment_id: `PAY-${order.id}`, type: 'CARD', amount_money: eur(due) }] : [],
    total_money: eur(due),
  };
  const payment = {
    id: `PAY-${order.id}`,
    order_id: order.id,
    status: 'COMPLETED',
    source_type: 'CARD',
    amount_money: eur(due),
    created_at: updated,
    updated_at: updated,
  };
  return [
    { path: `/v2/orders/${order.id}`, body: { order: body } as Plain },
    { path: `/v2/payments/PAY-${order.id}`, body: { payment } as Plain },
  ];
}

export const merchantReply: StandInReply = {
  path: '/v2/merchants/me',
  body: { merchant: { id: MERCHANT, business_name: 'La Taberna', country: 'ES', currency: 'EUR' } },
};

export function event(type: string, orderId: string, given: { eventId?: string; merchant?: string } = {}) {
  const name = type.replace('.', '_');
  return {
    merchant_id: given.merchant ?? MERCHANT,
    type,
    event_id: given.eventId ?? randomUUID(),
    created_at: '2026-03-06T20:15:02.000Z',
    data: {
      type: 'order',
      id: orderId,
      object: {
        [name]: { order_id: orderId, version: 3, location_id: LOCATION, state: 'COMPLETED', created_at: '2026-03-06T19:30:00.000Z' },
      },
    },
  };
}

/** Signs as Square does, with a key that the hub was told. */
export const squareForger = (): Forger => forgerFor(square);

/** Square's own request to a registered address; `change` spoils it after it was signed. */
export async function deliver(
  url: string,
  forger: Forger,
  body: unknown,
  change: { body?: string; headers?: [string, string][]; to?: string } = {},
): Promise<{ status: number; text: string }> {
  const signed = forger.sign({ url, body: typeof body === 'string' ? body : JSON.stringify(body), at: 0 });
  const headers = new Headers([...signed.headers, ...(change.headers ?? [])].map(([name, value]) => [name, value]));
  const response = await fetch(change.to ?? url, { method: 'POST', headers, body: change.body ?? Buffer.from(signed.body) });
  return { status: response.status, text: await response.text() };
}

export const callsTo = (standIn: StandIn, path: string): number => standIn.requests.filter((request) => request.path === path).length;
