import { inTransaction } from '../../database/transaction.ts';
import type { CustomerService } from '../customer/customer.service.ts';
import type { ResolvedCustomer } from '../customer/customer.types.ts';
import { checkBasket } from '../decision/check-basket.ts';
import { refuseFaults } from '../redemption/preparation.ts';
import type { CodeHit } from '../redemption/prepared.ts';
import type { OrderDraft } from '../redemption/redemption.types.ts';
import { sha256 } from '../shared/canonical.ts';
import { HubError, notFound } from '../shared/errors.ts';
import type { StoreService } from '../store/store.service.ts';
import { findCodes } from './code-finder.ts';
import { isGone, rememberGone } from './gone-orders.ts';
import type { GoneOrder, IntakeInput, IntakeResult, PlatformOrder } from './order.types.ts';
import { repriceNewOrder, repriceOrder } from './order-pricing.ts';
import { lockOrder, readOrder, writeNewOrder, writeOrder } from './order-writer.ts';
import { draftOf } from './platform-draft.ts';
import { type Outcome, PlatformVouchers, type PlatformVouchersMeans, type Work } from './platform-vouchers.ts';
import type { TillIssuing } from './till-issuing.ts';

export interface IntakeMeans extends PlatformVouchersMeans {
  readonly stores: StoreService;
  readonly customers: CustomerService;
  readonly issuing: TillIssuing;
  lookup(code: string): CodeHit;
  /** A code that another process made a moment ago must be found: where one is missed, its redemption would be taken back. */
  refreshCodes(): Promise<void>;
}

/**
 * Takes a platform's order in: records it, and redeems, links or reverses what it says of the hub's vouchers. Every step has a key of its own,
 * so that the same order, however often and in whatever order it comes, and after a crash at any point, ends in the same state.
 */
export class OrderIntake {
  readonly #means: IntakeMeans;
  readonly #vouchers: PlatformVouchers;

  constructor(means: IntakeMeans) {
    this.#means = means;
    this.#vouchers = new PlatformVouchers(means);
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
    const redemptions = this.#vouchers.of(connectionId, order.externalId);
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
    if (!isNew && order.state !== 'VOIDED' && (await isGone(pool, connectionId, order)))
      return this.intake({ connectionId, storeId, order: { ...order, state: 'VOIDED' } });
    if (isNew) redemptions.nothing();
    const standing = await redemptions.codes();
    const known = { ...content, basket: basketWithout(standing, customer) };
    const { order: record, changed } = isNew
      ? { order: written, changed: true }
      : await inTransaction(pool, (client) => writeOrder(client, store, known, clock.now()));
    this.#means.written();
    const result: Outcome = { orderId: record.id, changed, redeemed: [], linked: [], refused: [] };
    // What is stored is newer: its own steps are done or under way.
    if (!changed && record.revision !== order.revision) return result;
    const draft = basketWithout(new Set(found.map((one) => one.hit.code)), customer);
    const work: Work = { connectionId, order, store, record, isNew, found, redemptions, made: [], customer, draft };
    const isPlain = isNew && order.state !== 'VOIDED' && order.refunds.length === 0;
    // What stands may be another by now; what goes back must not miss one that was made while the order was written.
    if (!isPlain) redemptions.changed();
    if (order.state === 'PAID') for (const one of found) await this.#vouchers.redeem(work, one, result);
    const { made } = work;
    const madeWithout = basketWithout(new Set(made.map(({ code }) => code)), customer);
    const isDone =
      isPlain &&
      result.linked.length === 0 &&
      (made.length === 0 ||
        (await repriceNewOrder(pool, store, { order: record, contentHash: content.contentHash, basket: madeWithout }, made)));
    if (!isDone) {
      if (isPlain) redemptions.changed();
      await this.#vouchers.takeBack(work);
      const standingNow = await redemptions.codes();
      // Also where the same codes stand: with another amount, or as a crash left them.
      if (found.length + standing.size + standingNow.size > 0)
        await inTransaction(pool, (client) => repriceOrder(client, store, record, basketWithout(standingNow, customer)));
    }
    await this.#settle(work);
    return result;
  }

  /** The platform has it no more. What is told of it before may come later: then it is known to be gone. */
  async gone(order: GoneOrder): Promise<void> {
    const { pool, clock } = this.#means;
    const { connectionId, externalId, revision, fetchedAt } = order;
    const known = await readOrder(pool, connectionId, externalId);
    if (known === null) return rememberGone(pool, order, clock.now());
    if (known.state === 'VOIDED') return;
    const { basket } = known;
    await this.intake({
      connectionId,
      storeId: known.storeId,
      order: {
        externalId,
        revision: revision ?? (known.revision === null ? fetchedAt : Math.max(known.revision + 1, fetchedAt)),
        state: 'VOIDED',
        placedAt: known.placedAt,
        currency: basket.currency,
        pricesIncludeTax: basket.pricesIncludeTax,
        channel: basket.channel,
        customer: null,
        lines: basket.lines,
        payments: known.payments,
        discounts: [],
        texts: [],
        refunds: [],
      },
    });
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

const NOBODY: ResolvedCustomer = { id: null, given: false, unknownId: false };
