import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import type { CustomerService } from '../customer/customer.service.ts';
import type { ResolvedCustomer } from '../customer/customer.types.ts';
import { checkBasket } from '../decision/check-basket.ts';
import { type Preparation, refuseFaults } from '../redemption/preparation.ts';
import type { CodeHit } from '../redemption/prepared.ts';
import type { OrderDraft, RedemptionRecord, RejectionRecord } from '../redemption/redemption.types.ts';
import type { RedemptionEngine } from '../redemption/redemption-engine.ts';
import type { ReversalService } from '../reversal/reversal.service.ts';
import { sha256 } from '../shared/canonical.ts';
import type { Clock } from '../shared/clock.ts';
import { HubError, notFound } from '../shared/errors.ts';
import type { StoreService } from '../store/store.service.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { type FoundCode, findCodes, givenFor } from './code-finder.ts';
import type { IntakeInput, IntakeResult, OrderRecord, PlatformOrder } from './order.types.ts';
import { repriceNewOrder, repriceOrder } from './order-pricing.ts';
import { lockOrder, readOrder, writeNewOrder, writeOrder } from './order-writer.ts';
import { draftOf } from './platform-draft.ts';
import { AMOUNT_CHANGED, type OrderRedemptions, PlatformRedemptions, REFUNDED, type Standing } from './platform-redemptions.ts';
import { recordRefund, unitsOf } from './platform-refunds.ts';
import type { RefundLine } from './refund.entity.ts';
import type { TillIssuing } from './till-issuing.ts';

export interface IntakeMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly stores: StoreService;
  readonly customers: CustomerService;
  readonly preparation: Preparation;
  readonly engine: RedemptionEngine;
  readonly reversals: ReversalService;
  readonly issuing: TillIssuing;
  lookup(code: string): CodeHit;
  /** A code that another process made a moment ago must be found: where one is missed, its redemption would be taken back. */
  refreshCodes(): Promise<void>;
  voucherId(patternId: number, index: number): string;
  written(): void;
}

/** An order as it came, and what is known of it. */
interface Work {
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

const MAX_KEY_LENGTH = 255;

/**
 * Takes a platform's order in: records it, and redeems, links or reverses what it says of the hub's vouchers. Every step has a key of its own,
 * so that the same order, however often and in whatever order it comes, and after a crash at any point, ends in the same state.
 */
export class OrderIntake {
  readonly #means: IntakeMeans;
  readonly #redemptions: PlatformRedemptions;

  constructor(means: IntakeMeans) {
    this.#means = means;
    this.#redemptions = new PlatformRedemptions(means);
  }

  /** BAD_USER_INPUT where the order cannot be reckoned, NOT_FOUND without the store; then nothing was stored. */
  async intake({ connectionId, storeId, order }: IntakeInput): Promise<IntakeResult> {
    const { pool, clock, stores } = this.#means;
    const store = await stores.get(storeId);
    if (!store) throw notFound('store', storeId);
    await this.#means.refreshCodes();
    const found = findCodes(order, this.#means.lookup);
    // A code that stands redeemed gives its share by the voucher; until then, and where it is refused, the platform gave it.
    const basketWithout = (codes: ReadonlySet<string>, customer: ResolvedCustomer) =>
      draftOf(
        connectionId,
        storeId,
        order,
        customer,
        found.filter((one) => codes.has(one.hit.code)),
      );
    refuseFaults(checkBasket(basketWithout(new Set(), NOBODY), 'order'));
    const customer = await this.#customer(order);
    const redemptions = this.#redemptions.of(connectionId, order.externalId);
    const content = {
      revision: order.revision,
      state: order.state,
      basket: basketWithout(new Set(), customer),
      customerId: customer.id,
      placedAt: Date.parse(order.placedAt),
      payments: order.payments,
      ...(order.figures ? { platform: order.figures } : {}),
      contentHash: sha256(JSON.stringify(order)),
      sameRevisionMayDiffer: true,
      campaigns: this.#means.issuing.candidates(storeId),
    };
    const written = await writeNewOrder(pool, store, content, clock.now());
    const isNew = written !== null;
    if (isNew) redemptions.nothing();
    const standing = await redemptions.codes();
    const known = { ...content, basket: basketWithout(standing, customer) };
    const { order: record, changed } = isNew
      ? { order: written, changed: true }
      : await inTransaction(pool, (client) => writeOrder(client, store, known, clock.now()));
    this.#means.written();
    const result = { orderId: record.id, changed, redeemed: [] as string[], linked: [] as string[], refused: [] as RejectionRecord[] };
    // What is stored is newer: its own steps are done or under way.
    if (!changed && record.revision !== order.revision) return result;
    const draft = basketWithout(new Set(found.map((one) => one.hit.code)), customer);
    const work: Work = { connectionId, order, store, record, isNew, found, redemptions, made: [], customer, draft };
    const isPlain = isNew && order.state !== 'VOIDED' && order.refunds.length === 0;
    // What stands may be another by now; what goes back must not miss one that was made while the order was written.
    if (!isPlain) redemptions.changed();
    if (order.state === 'PAID') for (const one of found) await this.#redeem(work, one, result);
    const { made } = work;
    const madeWithout = basketWithout(new Set(made.map(({ code }) => code)), customer);
    const isDone =
      isPlain &&
      result.linked.length === 0 &&
      (made.length === 0 ||
        (await repriceNewOrder(pool, store, { order: record, contentHash: content.contentHash, basket: madeWithout }, made)));
    if (!isDone) {
      if (isPlain) redemptions.changed();
      await this.#takeBack(work);
      const standingNow = await redemptions.codes();
      // Also where the same codes stand: with another amount, or as a crash left them.
      if (found.length + standing.size + standingNow.size > 0)
        await inTransaction(pool, (client) => repriceOrder(client, store, record, basketWithout(standingNow, customer)));
    }
    await this.#settle(work);
    return result;
  }

  /** An open check without what its vouchers gave, and their codes: on that it is decided what one more would give. Nothing is stored. */
  async basketOf({
    connectionId,
    storeId,
    order,
  }: IntakeInput): Promise<{ readonly draft: OrderDraft; readonly codes: readonly string[] }> {
    await this.#means.refreshCodes();
    const found = findCodes(order, this.#means.lookup);
    const draft = draftOf(connectionId, storeId, order, NOBODY, found);
    return { draft: { ...draft, customer: order.customer }, codes: found.map(({ hit }) => hit.code) };
  }

  async #redeem(work: Work, one: FoundCode, result: Mutable<IntakeResult>): Promise<void> {
    const { connectionId, store, record, redemptions, customer, draft } = work;
    const given = givenFor(one);
    const { code } = one.hit;
    const standing = (await redemptions.made(code)) ?? (await this.#redemptions.elsewhere(one.hit, record, store));
    if (standing && !standing.ours) {
      const linked = await this.#redemptions.link(standing, record);
      redemptions.changed();
      this.#means.written();
      if (!linked) return this.#redeem(work, one, result);
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
  async #takeBack(work: Work): Promise<void> {
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

  /** What the order earned, in line with what became of it; last, when it is known which of its discounts are vouchers. */
  async #settle({ connectionId, order, record, isNew, store }: Work): Promise<void> {
    const { issuing, clock } = this.#means;
    if (!(await issuing.concerns(record, isNew))) return;
    await issuing.within(store.id, async (client, plan) => {
      await lockOrder(client, record.source, record.externalId);
      const stored = await readOrder(client, record.source, record.externalId);
      // A newer revision brings its own.
      if (stored?.revision !== record.revision) return;
      const reason = order.state === 'VOIDED' ? 'order voided' : order.refunds.length > 0 ? 'refund' : 'order changed';
      const by = { actorId: connectionId, tillKey: connectionId, now: clock.now() };
      await issuing.settle(client, plan, {
        ...by,
        order: stored,
        store,
        paid: order.state === 'PAID',
        paidBefore: true,
        fresh: false,
        reason,
      });
    });
    this.#means.written();
  }

  /** A platform's customer is taken as far as it can be: a phone that is no number makes nobody. */
  async #customer(order: PlatformOrder): Promise<ResolvedCustomer> {
    if (order.customer === null) return NOBODY;
    try {
      return await this.#means.customers.resolve(order.customer, 'create', 'order.customer');
    } catch (error) {
      if (error instanceof HubError && error.code === 'BAD_USER_INPUT') return NOBODY;
      throw error;
    }
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K] };

const NOBODY: ResolvedCustomer = { id: null, given: false, unknownId: false };
