import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { auditOrder } from '../audit/order-audit.ts';
import type { CustomerService } from '../customer/customer.service.ts';
import { checkText } from '../decision/check-basket.ts';
import { orderHash } from '../redemption/fingerprint.ts';
import type { Preparation } from '../redemption/preparation.ts';
import type { OrderDraft, RedemptionRecord } from '../redemption/redemption.types.ts';
import { REDEMPTION_COLUMNS } from '../redemption/redemption-reader.ts';
import type { Clock } from '../shared/clock.ts';
import { badInput, forbidden, type InputFault, notFound } from '../shared/errors.ts';
import type { Payment } from './order.entity.ts';
import type { OrderRecord } from './order.types.ts';
import { writeOrder } from './order-writer.ts';

export interface OrderMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly preparation: Preparation;
  readonly customers: CustomerService;
  written(): void;
}

const MAX_PAYMENTS = 500;
const MAX_TEXT_LENGTH = 255;

/** Orders that callers record. Those of platforms come by order-intake.ts. */
export class OrderService {
  readonly #means: OrderMeans;

  constructor(means: OrderMeans) {
    this.#means = means;
  }

  /** (source, externalId) is the key: the same body is the same order; another body updates lines and payments and keeps redemptions. */
  async record(actor: Actor, draft: OrderDraft): Promise<OrderRecord> {
    const { pool, clock, preparation, customers } = this.#means;
    if (actor.role === 'CONNECTOR' && draft.source !== actor.connectionId)
      throw forbidden('A connector records orders whose source is the id of its connection.');
    const now = clock.now();
    const { store, placedAt } = await preparation.place(actor, draft, now, checkPayments(draft.payments), 'input');
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
    const { order } = await inTransaction(pool, async (client) => {
      const written = await writeOrder(client, store, content, now);
      if (written.changed) await auditOrder(client, actor, now, written.before, written.order);
      return written;
    });
    this.#means.written();
    return order;
  }

  /** Redemptions made on the order, oldest first. */
  async redemptionsOf(order: Pick<OrderRecord, 'source' | 'externalId'>): Promise<RedemptionRecord[]> {
    const { rows } = await this.#means.pool.query<RedemptionRecord>(
      `select ${REDEMPTION_COLUMNS}
       from checkout join redemption on checkout_id = checkout.id where checkout.source = $1 and checkout.external_id = $2 order by redemption.id`,
      [order.source, order.externalId],
    );
    return rows;
  }
}

function checkPayments(payments: readonly Payment[]): InputFault[] {
  const faults: InputFault[] = [];
  const tell = (path: string, message: string) => void faults.push({ path, message });
  if (payments.length > MAX_PAYMENTS)
    tell('input.payments', `An order has at most ${MAX_PAYMENTS} payments; this one has ${payments.length}.`);
  for (const [index, { method, amount, externalId, paidAt }] of payments.slice(0, MAX_PAYMENTS).entries()) {
    const path = `input.payments[${index}]`;
    checkText(method, MAX_TEXT_LENGTH, `${path}.method`, tell);
    if (externalId !== null) checkText(externalId, MAX_TEXT_LENGTH, `${path}.externalId`, tell);
    if (paidAt !== null) checkText(paidAt, MAX_TEXT_LENGTH, `${path}.paidAt`, tell);
    if (!Number.isSafeInteger(amount) || amount < 0)
      tell(`${path}.amount`, 'An amount is a whole number of minor units from 0 to 9007199254740991.');
  }
  return faults;
}
