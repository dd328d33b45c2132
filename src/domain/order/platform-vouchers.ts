import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import type { ResolvedCustomer } from '../customer/customer.types.ts';
import type { Preparation } from '../redemption/preparation.ts';
import type { OrderDraft, RedemptionRecord } from '../redemption/redemption.types.ts';
import type { RedemptionEngine } from '../redemption/redemption-engine.ts';
import type { ReversalService } from '../reversal/reversal.service.ts';
import { sha256 } from '../shared/canonical.ts';
import type { Clock } from '../shared/clock.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { type FoundCode, givenFor } from './code-finder.ts';
import type { IntakeResult, OrderRecord, PlatformOrder } from './order.types.ts';
import { AMOUNT_CHANGED, type OrderRedemptions, PlatformRedemptions, REFUNDED, type Standing } from './platform-redemptions.ts';
import { recordRefund, unitsOf } from './platform-refunds.ts';
import type { RefundLine } from './refund.entity.ts';

export interface PlatformVouchersMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly preparation: Preparation;
  readonly engine: RedemptionEngine;
  readonly reversals: ReversalService;
  voucherId(patternId: number, index: number): string;
  written(): void;
}

/** An order as it came, and what is known of it. */
export interface Work {
  readonly connectionId: string;
  readonly order: PlatformOrder;
  readonly store: StoreTerms;
  readonly record: OrderRecord;
  /** Nobody knew of it before, so it has earned nothing yet. */
  readonly isNew: boolean;
  readonly found: readonly FoundCode[];
  readonly redemptions: OrderRedemptions;
  /** What was redeemed for it just now. */
  readonly made: RedemptionRecord[];
  readonly customer: ResolvedCustomer;
  /** The basket without what the vouchers gave: on it their codes are decided. */
  readonly draft: OrderDraft;
}

/** What came of it, as it is being worked. */
export type Outcome = { -readonly [K in keyof IntakeResult]: IntakeResult[K] extends readonly (infer V)[] ? V[] : IntakeResult[K] };

const MAX_KEY_LENGTH = 255;

/** Redeems, links and reverses what a platform's order says of the hub's vouchers. */
export class PlatformVouchers {
  readonly #means: PlatformVouchersMeans;
  readonly #redemptions: PlatformRedemptions;

  constructor(means: PlatformVouchersMeans) {
    this.#means = means;
    this.#redemptions = new PlatformRedemptions(means);
  }

  /** Not read before it is asked for. */
  of(source: string, externalId: string): OrderRedemptions {
    return this.#redemptions.of(source, externalId);
  }

  /** A code that a paid order carries. */
  async redeem(work: Work, one: FoundCode, result: Outcome): Promise<void> {
    const { connectionId, store, record, redemptions, customer, draft } = work;
    const given = givenFor(one);
    const { code } = one.hit;
    const standing = (await redemptions.made(code)) ?? (await this.#redemptions.elsewhere(one.hit, record, store));
    if (standing && !standing.ours) {
      const linked = await this.#redemptions.link(standing, record);
      redemptions.changed();
      this.#means.written();
      if (!linked) return this.redeem(work, one, result);
      result.linked.push(standing.id);
      return;
    }
    if (standing && !(await this.#followAmount(work, standing, given))) return;
    if (await redemptions.refunded(code)) return;
    const actor: Actor = { id: connectionId, role: 'TILL', storeIds: [store.id], connectionId, partnerId: null };
    // A refusal is kept under its key; where the basket or the amount changed since, the code is decided anew.
    const asked = sha256(JSON.stringify([draft.lines, given])).slice(0, 16);
    const key = `${connectionId}:${record.externalId}:${code}:${await redemptions.round(code)}:${asked}`;
    const answer = await this.#means.engine.submit(await this.#means.preparation.platform(actor, draft, customer, one.hit, given, key));
    if (answer.kind === 'refused') result.refused.push(...answer.rejections);
    if (answer.kind !== 'redeemed') return;
    redemptions.changed();
    work.made.push(...answer.redemptions);
    result.redeemed.push(...answer.redemptions.map((redemption) => redemption.id));
  }

  /** An edit gave less: the difference comes back. It gave more: all comes back, and true = it is to be redeemed anew. */
  async #followAmount(work: Work, standing: Standing, given: number | null): Promise<boolean> {
    if (given === null || given === standing.booked) return false;
    const key = `amount:${standing.id}:${work.order.revision ?? ''}:${given}`;
    if (given > standing.booked) {
      await this.#reverse(work, standing, key, { units: null, amount: null }, AMOUNT_CHANGED);
      return true;
    }
    // A refund may have taken some of the difference already.
    const back = Math.min(standing.booked - given, standing.amount - standing.reversed);
    await this.#reverse(work, standing, key, { units: null, amount: back }, AMOUNT_CHANGED);
    return false;
  }

  /** Void and gone reverse whole; a discount that an edit took off reverses; a refund reverses by unit, or whole where all came back. */
  async takeBack(work: Work): Promise<void> {
    const { pool, clock } = this.#means;
    const { order, found, redemptions } = work;
    const present = new Set(found.map((one) => one.hit.code));
    const whole = { units: null, amount: null };
    // A newer revision may have voided the order while this one was worked.
    const standing = await redemptions.standing();
    const voided = order.state === 'VOIDED' || standing.some(({ orderState }) => orderState === 'VOIDED');
    for (const redemption of standing) {
      if (voided) await this.#reverse(work, redemption, `void:${redemption.id}`, whole, 'order voided');
      else if (order.state === 'PAID' && !present.has(redemption.code))
        await this.#reverse(work, redemption, `removed:${redemption.id}`, whole, 'discount removed');
    }
    const paid = order.payments.reduce((sum, payment) => sum + payment.amount, 0);
    const allBack = paid > 0 && order.refunds.reduce((sum, refund) => sum + refund.amount, 0) >= paid;
    let sum = 0;
    for (const refund of order.refunds) {
      sum += refund.amount;
      await inTransaction(pool, (client) => recordRefund(client, work, refund, { whole: paid > 0 && sum >= paid, now: clock.now() }));
      this.#means.written();
    }
    for (const refund of order.refunds) {
      for (const redemption of await redemptions.standing()) {
        const units = unitsOf(refund, redemption);
        if (units.length > 0)
          await this.#reverse(work, redemption, `refund:${refund.externalId}:${redemption.id}`, { units, amount: null }, REFUNDED);
        else if (allBack && (refund.lines.length === 0 || redemption.kind === 'TENDER'))
          await this.#reverse(work, redemption, `refunded:${redemption.id}`, whole, REFUNDED);
      }
    }
  }

  async #reverse(
    { connectionId, redemptions }: Work,
    redemption: RedemptionRecord,
    step: string,
    what: { readonly units: readonly RefundLine[] | null; readonly amount: number | null },
    reason: string,
  ): Promise<void> {
    const actor: Actor = { id: connectionId, role: 'TILL', storeIds: [redemption.storeId], connectionId, partnerId: null };
    const key = `${connectionId}:${step}`;
    await this.#means.reversals.reverse(actor, {
      idempotencyKey: key.length > MAX_KEY_LENGTH ? sha256(key) : key,
      redemptionId: redemption.id,
      redeemKey: null,
      ...what,
      reason,
    });
    redemptions.changed();
  }
}
