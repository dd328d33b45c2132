import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import type { CustomerService } from '../customer/customer.service.ts';
import type { ResolvedCustomer } from '../customer/customer.types.ts';
import type { Preparation } from '../redemption/preparation.ts';
import type { CodeHit } from '../redemption/prepared.ts';
import { REDEMPTION_COLUMNS } from '../redemption/redemption-reader.ts';
import type { OrderDraft, RedemptionRecord, RejectionRecord } from '../redemption/redemption.types.ts';
import type { RedemptionEngine } from '../redemption/redemption-engine.ts';
import type { ReversalService } from '../reversal/reversal.service.ts';
import { sha256 } from '../shared/canonical.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { HubError, notFound } from '../shared/errors.ts';
import type { StoreService } from '../store/store.service.ts';
import { writeEvents } from '../ledger/ledger-writer.ts';
import { type FoundCode, findCodes, sharesOf } from './code-finder.ts';
import { repriceOrder, writeOrder } from './order-writer.ts';
import type { IntakeInput, IntakeResult, OrderRecord, PlatformOrder } from './order.types.ts';

export interface IntakeMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly stores: StoreService;
  readonly customers: CustomerService;
  readonly preparation: Preparation;
  readonly engine: RedemptionEngine;
  readonly reversals: ReversalService;
  lookup(code: string): CodeHit;
  voucherId(patternId: number, index: number): string;
  written(): void;
}

type Standing = RedemptionRecord & { readonly linkedTo: string | null };

/**
 * Takes a platform's order in: records it, and redeems, links or reverses what it says of the hub's vouchers. Every step has a key of its own,
 * so that the same order, however often and in whatever order it comes, and after a crash at any point, ends in the same state.
 */
export class OrderIntake {
  readonly #means: IntakeMeans;

  constructor(means: IntakeMeans) {
    this.#means = means;
  }

  async intake({ connectionId, storeId, order }: IntakeInput): Promise<IntakeResult> {
    const { pool, clock, stores } = this.#means;
    const store = await stores.get(storeId);
    if (!store) throw notFound('store', storeId);
    const found = findCodes(order, this.#means.lookup);
    const customer = await this.#customer(order);
    // A code that stands redeemed gives its share by the voucher; until then, and where it is refused, the platform gave it.
    const basketWithout = (codes: ReadonlySet<string>) => draftOf(connectionId, storeId, order, customer, found.filter((one) => codes.has(one.hit.code)));
    const now = clock.now();
    const standing = await this.#standingCodes(connectionId, order.externalId);
    const content = { revision: order.revision, state: order.state, basket: basketWithout(standing), customerId: customer.id, placedAt: Date.parse(order.placedAt), payments: order.payments, contentHash: sha256(JSON.stringify(order)), sameRevisionMayDiffer: true };
    const { order: record, changed } = await inTransaction(pool, (client) => writeOrder(client, store, content, now));
    this.#means.written();
    const result = { orderId: record.id, changed, redeemed: [] as string[], linked: [] as string[], refused: [] as RejectionRecord[] };
    // What is stored is newer: its own steps are done or under way.
    if (!changed && record.revision !== order.revision) return result;
    if (order.state === 'PAID') await this.#redeemAll(connectionId, basketWithout(new Set(found.map((one) => one.hit.code))), record, found, customer, result);
    await this.#takeBack(connectionId, order, record, found);
    const standingNow = await this.#standingCodes(connectionId, order.externalId);
    if (standingNow.symmetricDifference(standing).size > 0) await inTransaction(pool, (client) => repriceOrder(client, store, record, basketWithout(standingNow)));
    return result;
  }

  async #standingCodes(source: string, externalId: string): Promise<Set<string>> {
    const { rows } = await this.#means.pool.query<{ code: string }>('select code from checkout join redemption on checkout_id = checkout.id where source = $1 and external_id = $2 and not undone', [source, externalId]);
    return new Set(rows.map((row) => row.code));
  }

  async #redeemAll(connectionId: string, draft: OrderDraft, order: OrderRecord, found: readonly FoundCode[], customer: ResolvedCustomer, result: Mutable<IntakeResult>): Promise<void> {
    const actor: Actor = { id: connectionId, role: 'TILL', storeIds: [order.storeId], connectionId, partnerId: null };
    for (const one of found) {
      const standing = await this.#standing(one.hit.code, order, connectionId);
      const given = one.discount?.amount ?? null;
      if (standing && standing.orderSource !== connectionId) {
        await this.#link(standing, order);
        result.linked.push(standing.id);
        continue;
      }
      if (standing && !(await this.#changeAmount(connectionId, standing, given, order))) continue;
      const round = await this.#round(one.hit.code, order);
      const prepared = await this.#means.preparation.platform(actor, draft, customer, one.hit, given, `${connectionId}:${order.externalId}:${one.hit.code}:${round}`);
      const answer = await this.#means.engine.submit(prepared);
      if (answer.kind === 'refused') result.refused.push(...answer.rejections);
      if (answer.kind === 'redeemed') result.redeemed.push(...answer.redemptions.map((redemption) => redemption.id));
    }
  }

  /** An edit gave less: the difference comes back. It gave more: all comes back, and true = it is to be redeemed anew. */
  async #changeAmount(connectionId: string, standing: Standing, given: number | null, order: OrderRecord): Promise<boolean> {
    const left = standing.amount - standing.reversed;
    // A refund took part of it back; what the platform then says of the discount is what it was.
    if (given === null || given === left || given === standing.amount) return false;
    const key = `amount:${standing.id}:${order.revision ?? given}`;
    if (given < left) {
      await this.#reverse(connectionId, standing, key, null, 'discount changed', left - given);
      return false;
    }
    await this.#reverse(connectionId, standing, key, null, 'discount changed');
    return true;
  }

  /** The redemption of this code that this order means: made on it, or by a till through the hub in the store on that day. */
  async #standing(code: string, order: OrderRecord, connectionId: string): Promise<Standing | null> {
    const { rows } = await this.#means.pool.query<Standing>(
      `select ${REDEMPTION_COLUMNS}, link.key as "linkedTo" from redemption
       left join idempotency link on link.scope = 'paymentLink' and link.key = redemption.id
       where redemption.code = $1 and not redemption.undone
         and ((order_source = $2 and order_external_id = $3) or (store_id = $4 and business_day = $5 and order_source <> $2 and (link.key is null or link.answer ->> 'orderId' = $6)))
       order by (order_source = $2) desc, redemption.id limit 1`,
      [code, connectionId, order.externalId, order.storeId, order.businessDay, order.id],
    );
    return rows[0] ?? null;
  }

  /** How often this code was redeemed on this order and taken back: a discount that comes again is another redemption. */
  async #round(code: string, order: OrderRecord): Promise<number> {
    const { rows } = await this.#means.pool.query<{ n: number }>(
      'select count(*) as n from checkout join redemption on checkout_id = checkout.id where source = $1 and external_id = $2 and code = $3 and undone',
      [order.source, order.externalId, code],
    );
    return rows[0]?.n ?? 0;
  }

  /** The till asked the hub and the platform tells of the same: one redemption, now with its payment. */
  async #link(redemption: Standing, order: OrderRecord): Promise<void> {
    await inTransaction(this.#means.pool, async (client) => {
      const { rowCount } = await client.query("insert into idempotency (scope, key, input_hash, answer, created_at) values ('paymentLink', $1, '', $2, $3) on conflict do nothing", [
        redemption.id,
        JSON.stringify({ orderId: order.id }),
        instantText(this.#means.clock.now()),
      ]);
      if (rowCount === 0) return;
      await writeEvents(client, [
        {
          type: 'PAYMENT_LINKED', at: instantText(this.#means.clock.now()), businessDay: order.businessDay, storeId: order.storeId, campaignId: redemption.campaignId, code: redemption.code,
          data: { redemptionId: redemption.id, orderId: order.id, order: { source: order.source, externalId: order.externalId } },
          redemptionId: redemption.id, voucherId: this.#means.voucherId(redemption.patternId, redemption.index), customerId: redemption.customerId, orderSource: order.source, orderExternalId: order.externalId,
        },
      ]);
    });
    this.#means.written();
  }

  /** Void and gone reverse whole; a discount that an edit took off reverses; a refund reverses by unit, or whole where all came back. */
  async #takeBack(connectionId: string, order: PlatformOrder, record: OrderRecord, found: readonly FoundCode[]): Promise<void> {
    const redemptions = await this.#redemptionsOn(record);
    const present = new Set(found.map((one) => one.hit.code));
    for (const redemption of redemptions) {
      if (redemption.undone) continue;
      if (order.state === 'VOIDED') await this.#reverse(connectionId, redemption, `void:${redemption.id}`, null, 'order voided');
      else if (order.state === 'PAID' && !present.has(redemption.code)) await this.#reverse(connectionId, redemption, `removed:${redemption.id}`, null, 'discount removed');
    }
    const refunded = order.refunds.reduce((sum, refund) => sum + refund.amount, 0);
    const paid = order.payments.reduce((sum, payment) => sum + payment.amount, 0);
    for (const refund of order.refunds) {
      await this.#recordRefund(record, refund);
      for (const redemption of redemptions) {
        const units = unitsOf(refund.lines, redemption, record);
        if (units.length > 0) await this.#reverse(connectionId, redemption, `refund:${refund.externalId}:${redemption.id}`, units, 'refund');
        else if (refund.lines.length === 0 && paid > 0 && refunded >= paid) await this.#reverse(connectionId, redemption, `refund:${refund.externalId}:${redemption.id}`, null, 'refund');
      }
    }
  }

  async #redemptionsOn(order: OrderRecord): Promise<RedemptionRecord[]> {
    const { rows } = await this.#means.pool.query<RedemptionRecord>(
      `select ${REDEMPTION_COLUMNS} from checkout join redemption on checkout_id = checkout.id where source = $1 and external_id = $2 order by redemption.id`,
      [order.source, order.externalId],
    );
    return rows;
  }

  async #reverse(connectionId: string, redemption: RedemptionRecord, key: string, units: readonly { lineId: string; quantity: string }[] | null, reason: string, amount: number | null = null): Promise<void> {
    const actor: Actor = { id: connectionId, role: 'TILL', storeIds: [redemption.storeId], connectionId, partnerId: null };
    await this.#means.reversals.reverse(actor, { idempotencyKey: `${connectionId}:${key}`, redemptionId: redemption.id, redeemKey: null, units, amount, reason });
  }

  async #recordRefund(order: OrderRecord, refund: PlatformOrder['refunds'][number]): Promise<void> {
    await inTransaction(this.#means.pool, async (client) => {
      const { rowCount } = await client.query("insert into idempotency (scope, key, input_hash, answer, created_at) values ('refund', $1, '', '{}', $2) on conflict do nothing", [
        `${order.source}:${refund.externalId}`,
        instantText(this.#means.clock.now()),
      ]);
      if (rowCount === 0) return;
      await writeEvents(client, [
        {
          type: 'REFUND_RECORDED', at: instantText(this.#means.clock.now()), businessDay: order.businessDay, storeId: order.storeId, amount: refund.amount, currency: order.priced.currency,
          data: { orderId: order.id, refundExternalId: refund.externalId, order: { source: order.source, externalId: order.externalId } },
          customerId: order.customerId, orderSource: order.source, orderExternalId: order.externalId,
        },
      ]);
    });
    this.#means.written();
  }

  /** A platform's customer is taken as far as it can be: a phone that is no number makes nobody. */
  async #customer(order: PlatformOrder): Promise<ResolvedCustomer> {
    const nobody: ResolvedCustomer = { id: null, given: false, unknownId: false };
    if (order.customer === null) return nobody;
    try {
      return await this.#means.customers.resolve(order.customer, 'create', 'order.customer');
    } catch (error) {
      if (error instanceof HubError && error.code === 'BAD_USER_INPUT') return nobody;
      throw error;
    }
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K] };

const unitsOf = (lines: readonly { lineId: string; quantity: string }[], redemption: RedemptionRecord, order: OrderRecord) =>
  redemption.kind === 'TENDER' ? [] : lines.filter((line) => order.basket.lines.some((known) => known.id === line.lineId));

/** The order without what its vouchers gave: on that basket their codes are decided. */
function draftOf(connectionId: string, storeId: string, order: PlatformOrder, customer: ResolvedCustomer, found: readonly FoundCode[]): OrderDraft {
  const ours = sharesOf([...new Set(found.flatMap((one) => one.discount ?? []))], order);
  return {
    source: connectionId,
    externalId: order.externalId,
    revision: order.revision,
    storeId,
    channel: order.channel,
    placedAt: order.placedAt,
    currency: order.currency,
    pricesIncludeTax: order.pricesIncludeTax,
    customer: customer.id === null ? null : { id: customer.id },
    lines: order.lines.map((line) => ({ ...line, discount: Math.max(0, line.discount - (ours.get(line.id) ?? 0)) })),
    payments: order.payments,
  };
}
