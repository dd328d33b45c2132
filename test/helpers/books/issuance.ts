import { expect } from '@jest/globals';
import type { Event, Rows } from './rows.ts';
import { Sums } from './sums.ts';

type IssuedEvent = Pick<Event, 'type' | 'campaignId' | 'storeId' | 'businessDay' | 'code' | 'data'> & {
  readonly customerId: string | null;
  readonly source: string | null;
  readonly externalId: string | null;
};

/** What orders earned, what came back with refunds, and what limits on issued vouchers stand at, against what the book says. */
export async function checkIssuance(rows: Rows): Promise<void> {
  const events = await rows<IssuedEvent>(
    `select type, campaign_id as "campaignId", store_id as "storeId", business_day as "businessDay", code, data, customer_id as "customerId", order_source as source, order_external_id as "externalId"
     from ledger_event where type in ('VOUCHER_ISSUED', 'VOUCHER_CANCELLED', 'VOUCHER_KEPT', 'REFUND_RECORDED') order by position`,
  );
  await checkEarned(rows, events);
  await checkRefunds(rows, events);
  await checkLimits(
    rows,
    events.filter(({ type }) => type === 'VOUCHER_ISSUED'),
  );
}

/** Each earned voucher was issued once, on its order; what was taken back from an order is cancelled, what was kept was used. */
async function checkEarned(rows: Rows, events: readonly IssuedEvent[]): Promise<void> {
  const vouchers = await rows<{ code: string; orderId: string; status: string; terms: number | null }>(
    'select code, source_order_id as "orderId", status, terms_version as terms from voucher where source_order_id is not null',
  );
  const ofOrders = (type: string) => events.filter((event) => event.type === type && event.data['orderId'] !== undefined);
  const told = (list: readonly IssuedEvent[]) => list.map(({ code, data }) => `${code} ${data['orderId']}`).sort();
  expect(told(ofOrders('VOUCHER_ISSUED'))).toEqual(vouchers.map(({ code, orderId }) => `${code} ${orderId}`).sort());
  const byCode = new Map(vouchers.map((voucher) => [voucher.code, voucher]));
  for (const { code } of ofOrders('VOUCHER_CANCELLED'))
    if (byCode.get(code ?? '')?.status !== 'CANCELLED')
      throw new Error(`${code} was taken back, yet it is ${byCode.get(code ?? '')?.status}.`);
  const kept = told(ofOrders('VOUCHER_KEPT'));
  expect(new Set(kept).size).toBe(kept.length);
  for (const { code, terms } of vouchers) if (terms === null) throw new Error(`${code} was earned under no version of its campaign.`);
}

async function checkRefunds(rows: Rows, events: readonly IssuedEvent[]): Promise<void> {
  const refunds = await rows<{ id: string; orderId: string; amount: number; most: number; platform: boolean }>(
    `select refund.id, order_id as "orderId", amount, refund.external_id is not null as platform,
       greatest((priced ->> 'due')::bigint, (select coalesce(sum((payment ->> 'amount')::bigint), 0)::bigint from jsonb_array_elements(payments) payment)) as most
     from refund join orders on orders.id = order_id`,
  );
  expect(
    events
      .filter(({ type }) => type === 'REFUND_RECORDED')
      .map(({ data }) => data['refundId'])
      .sort(),
  ).toEqual(refunds.map(({ id }) => id).sort());
  const sums = new Sums();
  for (const { orderId, amount, platform } of refunds) if (!platform) sums.add(orderId, amount);
  for (const { orderId, most } of refunds)
    if ((sums.shown()[orderId] ?? 0) > most) throw new Error(`More was given back of ${orderId} than its ${most}.`);
}

/** Limits on issued vouchers have no rows but the book to be summed up from. Weeks are left to the tests of periods. */
async function checkLimits(rows: Rows, issued: readonly IssuedEvent[]): Promise<void> {
  const campaigns = await rows<{ id: string; mainId: string | null; limits: { counts: string; per: string; period: string }[] }>(
    'select id, parent_id as "mainId", limits from campaign',
  );
  const mains = new Map(campaigns.map(({ id, mainId }) => [id, mainId]));
  // A limit that was taken away no longer counts: should it come again, it is counted anew.
  const inForce = new Set(
    campaigns.flatMap(({ id, mainId, limits }) =>
      limits.map(({ counts, per, period }) =>
        per === 'MAIN_CAMPAIGN' ? `${mainId ?? id}:${counts}:CAMPAIGN:${period}` : `${id}:${counts}:${per}:${period}`,
      ),
    ),
  );
  for (const { key, used, held } of await rows<{ key: string; used: number; held: number }>(
    "select key, used, held from counter where key like 'limit:%:ISSUED:%'",
  )) {
    const [, owner, , per, period, when, ...rest] = key.split(':');
    if (period === 'WEEK' || !inForce.has(`${owner}:ISSUED:${per}:${period}`)) continue;
    const subject = rest.join(':');
    const counted = issued.filter(
      (event) =>
        (event.campaignId === owner || mains.get(event.campaignId ?? '') === owner) &&
        (event.businessDay ?? '').startsWith(when ?? '') &&
        subjectOf(event, per ?? '') === subject,
    ).length;
    if (used !== counted || held !== 0) throw new Error(`${key} stands at ${used} and ${held} held, the book says ${counted}.`);
  }
}

function subjectOf({ customerId, storeId, data, source, externalId }: IssuedEvent, per: string): string | null {
  if (per === 'CUSTOMER') return customerId;
  if (per === 'STORE') return storeId;
  if (per === 'TILL') return (data['tillKey'] as string | undefined) ?? null;
  if (per === 'ORDER') return source === null ? null : `${source.length}:${source}:${externalId}`;
  return '';
}
