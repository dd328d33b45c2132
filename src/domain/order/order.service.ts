import type pg from 'pg';
import type { Actor } from '../access/roles.ts';
import { auditOrder } from '../audit/order-audit.ts';
import type { CodePlace } from '../code/code.types.ts';
import type { CustomerService } from '../customer/customer.service.ts';
import { checkText } from '../decision/check-basket.ts';
import { checkPayments } from '../decision/check-payments.ts';
import { orderHash } from '../redemption/fingerprint.ts';
import type { Preparation } from '../redemption/preparation.ts';
import type { OrderDraft, RedemptionRecord } from '../redemption/redemption.types.ts';
import { REDEMPTION_COLUMNS } from '../redemption/redemption-reader.ts';
import type { Clock } from '../shared/clock.ts';
import { badInput, forbidden, type InputFault, notFound } from '../shared/errors.ts';
import type { OrderRecord } from './order.types.ts';
import { readOrdersById, writeOrder } from './order-writer.ts';
import { isPaid } from './refund.rules.ts';
import type { TillIssuing } from './till-issuing.ts';

export interface OrderMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly preparation: Preparation;
  readonly customers: CustomerService;
  readonly issuing: TillIssuing;
  written(): void;
}

const MAX_TEXT_LENGTH = 255;

/** Orders that callers record. Those of platforms come by order-intake.ts. */
export class OrderService {
  readonly #means: OrderMeans;

  constructor(means: OrderMeans) {
    this.#means = means;
  }

  /** (source, externalId) is the key: the same body is the same order; another body updates lines and payments and keeps redemptions. */
  async record(actor: Actor, draft: OrderDraft, tillId: string | null = null): Promise<OrderRecord> {
    const { clock, preparation, customers, issuing } = this.#means;
    if (actor.role === 'CONNECTOR' && draft.source !== actor.connectionId)
      throw forbidden('A connector records orders whose source is the id of its connection.');
    const now = clock.now();
    const faults = [...checkPayments(draft.payments, 'input'), ...checkTill(tillId)];
    const { store, placedAt } = await preparation.place(actor, draft, now, faults, 'input');
    if (draft.currency !== store.currency)
      throw badInput({ path: 'input.currency', message: `The store keeps its books in ${store.currency}.` });
    const customer = draft.customer === null ? null : await customers.resolve(draft.customer, 'create', 'input.customer');
    if (customer?.unknownId) throw notFound('customer', draft.customer?.id ?? '');
    const content = {
      revision: draft.revision,
      state: 'PAID' as const,
      basket: draft,
      customerId: customer?.id ?? null,
      placedAt,
      payments: draft.payments,
      contentHash: orderHash(draft),
    };
    const { order } = await issuing.within(store.id, async (client, plan) => {
      const written = await writeOrder(client, store, content, now);
      if (!written.changed) return written;
      await auditOrder(client, actor, now, written.before, written.order);
      const by = { actorId: actor.id, tillKey: tillId ?? actor.id, now };
      const { order, before } = written;
      const paid = { paid: isPaid(order), paidBefore: before !== null && isPaid(before), fresh: before === null };
      const work = { ...by, ...paid, order, store };
      await issuing.settle(client, plan, { ...work, reason: 'order changed' });
      return written;
    });
    this.#means.written();
    return order;
  }

  /** Redemptions made on each of the orders, in the order in which they were applied; in the order of the ids. */
  async redemptionsOn(orderIds: readonly string[]): Promise<readonly (readonly RedemptionRecord[])[]> {
    const { rows } = await this.#means.pool.query<RedemptionRecord & { orderId: string }>(
      `select orders.id as "orderId", ${REDEMPTION_COLUMNS}
       from orders join checkout on checkout.source = orders.source and checkout.external_id = orders.external_id join redemption on checkout_id = checkout.id
       where orders.id = any($1) order by checkout.sequence, redemption.step`,
      [orderIds],
    );
    const byOrder = Map.groupBy(rows, (row) => row.orderId);
    return orderIds.map((id) => byOrder.get(id) ?? []);
  }

  /** The vouchers that the order earned, also those taken back since, in the order in which they were issued. */
  async issuedOn(orderIds: readonly string[]): Promise<readonly (readonly CodePlace[])[]> {
    const { rows } = await this.#means.pool.query<CodePlace & { orderId: string }>(
      `select source_order_id as "orderId", pattern_id as "patternId", idx as "index" from voucher
       where source_order_id = any($1) order by created_at, campaign_id, pattern_id, idx`,
      [orderIds],
    );
    const byOrder = Map.groupBy(rows, (row) => row.orderId);
    return orderIds.map((id) => (byOrder.get(id) ?? []).map(({ patternId, index }) => ({ patternId, index })));
  }

  /** In the order of the ids; null where there is none. */
  async byIds(ids: readonly string[]): Promise<(OrderRecord | null)[]> {
    const found = new Map((await readOrdersById(this.#means.pool, ids)).map((order) => [order.id, order]));
    return ids.map((id) => found.get(id) ?? null);
  }
}

function checkTill(tillId: string | null): InputFault[] {
  const faults: InputFault[] = [];
  if (tillId !== null) checkText(tillId, MAX_TEXT_LENGTH, 'tillId', (path, message) => faults.push({ path, message }));
  return faults;
}
