import type pg from 'pg';
import { inTransaction, isUniqueViolation } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import type { CodeService } from '../code/code.service.ts';
import { checkIdempotencyKey, checkText } from '../decision/check-basket.ts';
import type { FailureFacts } from '../decision/decision.types.ts';
import { refuseFaults } from '../redemption/preparation.ts';
import type { RejectionRecord } from '../redemption/redemption.types.ts';
import { readRejections, readReversals } from '../redemption/redemption-reader.ts';
import { writeRejections } from '../rejection/rejection-writer.ts';
import type { ReversalWriter } from '../reversal/reversal-writer.ts';
import { businessDay } from '../shared/business-time.ts';
import { sha256 } from '../shared/canonical.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { badInput, conflict, forbidden, type InputFault, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import type { StoreService } from '../store/store.service.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { lockEarned, readRefunds, takeBack } from './earned-vouchers.ts';
import type { OrderRecord } from './order.types.ts';
import { lockOrder, readOrder, readOrdersById } from './order-writer.ts';
import { sumRefund } from './refund.rules.ts';
import type { RefundAnswer, RefundCommand, RefundRecord } from './refund.types.ts';
import { lockVouchersAround, reverseFor } from './refund-reversals.ts';
import { readRefundRecords, writeRefund } from './refund-rows.ts';

type StoredRefund =
  | { readonly kind: 'refunded'; readonly refundId: string }
  | { readonly kind: 'refused'; readonly rejectionIds: readonly string[] };

export interface RefundMeans {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly stores: StoreService;
  readonly campaigns: CampaignService;
  readonly codes: CodeService;
  readonly reversals: ReversalWriter;
  written(): void;
}

const MAX_LINES = 500;
const MAX_REASON = 500;
const TRIES = 5;

/** Gives money of a recorded order back: its redemptions are reversed by what came back, and what it no longer earns is taken back. Once for each key. */
export class RefundService {
  readonly #means: RefundMeans;

  constructor(means: RefundMeans) {
    this.#means = means;
  }

  async refund(actor: Actor, command: RefundCommand): Promise<RefundAnswer> {
    refuseFaults(checkCommand(command));
    const { idempotencyKey: _, ...asked } = command;
    const hash = sha256(
      JSON.stringify([asked.orderId, asked.externalId && asked.source, asked.externalId, asked.amount, asked.lines, asked.reason]),
    );
    const found = await this.#find(command);
    const store = await this.#storeFor(actor, found);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await inTransaction(this.#means.pool, (client) => this.#once(client, actor, command, found, store, hash));
        this.#means.written();
        return answer;
      } catch (error) {
        // A twin of this key was committed a moment ago: look again.
        if (!isUniqueViolation(error) || attempt === TRIES) throw error;
      }
    }
  }

  /** Of these orders, in the order in which they were made. */
  refundsOf(orderIds: readonly string[]): Promise<RefundRecord[]> {
    return readRefundRecords(this.#means.pool, 'order_id', orderIds);
  }

  async #find({ orderId, source, externalId }: RefundCommand): Promise<OrderRecord> {
    const { pool } = this.#means;
    const order = orderId === null ? await readOrder(pool, source, externalId ?? '') : (await readOrdersById(pool, [orderId]))[0];
    if (!order) throw notFound('order', orderId ?? externalId ?? '');
    return order;
  }

  async #storeFor(actor: Actor, order: OrderRecord): Promise<StoreTerms> {
    if (actor.storeIds !== null && !actor.storeIds.includes(order.storeId))
      throw forbidden('This order is of a store that this key does not hold for.');
    const store = await this.#means.stores.get(order.storeId);
    if (!store) throw notFound('store', order.storeId);
    return store;
  }

  async #once(
    client: pg.PoolClient,
    actor: Actor,
    command: RefundCommand,
    found: OrderRecord,
    store: StoreTerms,
    hash: string,
  ): Promise<RefundAnswer> {
    await lockOrder(client, found.source, found.externalId);
    const { rows } = await client.query<{ input_hash: string; answer: StoredRefund }>(
      "select input_hash, answer from idempotency where scope = 'refundOrder' and key = $1",
      [command.idempotencyKey],
    );
    const order = (await readOrder(client, found.source, found.externalId)) ?? found;
    if (rows[0])
      return rows[0].input_hash === hash
        ? this.#again(client, rows[0].answer)
        : this.#refuse(client, actor, command, order, null, 'IDEMPOTENCY_KEY_REUSED', {});
    await refusePlatforms(client, order);
    const before = await readRefunds(client, order.id);
    const sum = sumRefund(order, store, before, command);
    if (sum.outcome === 'fault') throw badInput(...sum.faults);
    if (order.state === 'VOIDED') return this.#refuse(client, actor, command, order, hash, 'ALREADY_REVERSED', {});
    if (sum.outcome === 'refused') return this.#refuse(client, actor, command, order, hash, sum.reason, sum.facts);
    const now = this.#means.clock.now();
    await lockVouchersAround(client, order);
    const reversals = await reverseFor(client, this.#means.reversals, order, sum, command.reason);
    const why = { reason: command.reason, actorId: actor.id, now };
    const back = await takeBack(client, this.#means, order, await lockEarned(client, order.id), [...before, sum].map(asFacts), why);
    const refund: RefundRecord = {
      id: newId('refund', now),
      orderId: order.id,
      externalId: null,
      at: instantText(now),
      businessDay: businessDay(now, store),
      storeId: store.id,
      amount: sum.amount,
      currency: order.priced.currency,
      lines: sum.lines,
      whole: sum.whole,
      reason: command.reason,
      actorId: actor.id,
      reversalIds: reversals.map(({ id }) => id),
      ...back,
    };
    await writeRefund(client, order, refund);
    const { orderId, amount, currency, lines, whole, reason, reversalIds } = refund;
    const after = { orderId, amount: { minor: amount, currency }, lines, whole, reason, reversalIds };
    await writeAudit(client, { at: now, actorId: actor.id, operation: 'refundOrder', subjectId: refund.id, before: null, after });
    await this.#keep(client, command, hash, { kind: 'refunded', refundId: refund.id });
    return { kind: 'refunded', order, refund, reversals, replayed: false };
  }

  async #keep(client: pg.PoolClient, command: RefundCommand, hash: string, answer: StoredRefund): Promise<void> {
    await client.query("insert into idempotency (scope, key, input_hash, answer, created_at) values ('refundOrder', $1, $2, $3, $4)", [
      command.idempotencyKey,
      hash,
      JSON.stringify(answer),
      instantText(this.#means.clock.now()),
    ]);
  }

  async #again(client: pg.PoolClient, answer: StoredRefund): Promise<RefundAnswer> {
    if (answer.kind === 'refused')
      return { kind: 'refused', rejections: await readRejections(client, answer.rejectionIds), replayed: true };
    const [refund] = await readRefundRecords(client, 'id', [answer.refundId]);
    const [order] = refund ? await readOrdersById(client, [refund.orderId]) : [];
    if (!refund || !order) throw new Error(`Refund ${answer.refundId} is gone.`);
    const reversals = await readReversals(client, 'id', refund.reversalIds);
    const inOrder = refund.reversalIds.flatMap((id) => reversals.find((reversal) => reversal.id === id) ?? []);
    return { kind: 'refunded', order, refund, reversals: inOrder, replayed: true };
  }

  async #refuse(
    client: pg.PoolClient,
    actor: Actor,
    command: RefundCommand,
    order: OrderRecord,
    hash: string | null,
    reason: ReasonCode,
    facts: FailureFacts,
  ): Promise<RefundAnswer> {
    const now = this.#means.clock.now();
    const rejection: RejectionRecord = {
      id: newId('rejection', now),
      at: instantText(now),
      action: 'REVERSE',
      code: null,
      reason,
      failures: [{ reason, facts }],
      nearestBasket: null,
      campaignId: null,
      storeId: order.storeId,
      customerId: order.customerId,
      orderSource: order.source,
      orderExternalId: order.externalId,
    };
    await writeRejections(client, [rejection], actor.id);
    if (hash !== null) await this.#keep(client, command, hash, { kind: 'refused', rejectionIds: [rejection.id] });
    return { kind: 'refused', rejections: [rejection], replayed: false };
  }
}

/** It would come back from there, as a refund of its own, and be given twice. */
async function refusePlatforms(client: pg.PoolClient, { source }: OrderRecord): Promise<void> {
  const { rows } = await client.query<{ name: string }>('select name from connection where id = $1', [source]);
  if (rows[0])
    throw conflict(`This order is ${rows[0].name}'s: refund it at the till it was paid at. The platform tells the hub of it by itself.`);
}

const asFacts = ({ amount, lines, whole }: Pick<RefundRecord, 'amount' | 'lines' | 'whole'>) => ({ amount, lines: [...lines], whole });

function checkCommand({ idempotencyKey, orderId, externalId, amount, lines, reason }: RefundCommand): InputFault[] {
  const faults = checkIdempotencyKey(idempotencyKey);
  const tell = (path: string, message: string): void => void faults.push({ path, message });
  if ((orderId === null) === (externalId === null)) tell('input', 'Give either orderId or externalId, exactly one of them.');
  if (amount !== null && (!Number.isSafeInteger(amount) || amount < 0 || (amount === 0 && lines === null)))
    tell('input.amount', 'The amount to give back is above zero, in minor units; leave it out for all that is left.');
  if (lines !== null && (lines.length === 0 || lines.length > MAX_LINES))
    tell('input.lines', `Name 1 to ${MAX_LINES} lines, or leave lines out to give back an amount or all.`);
  checkText(reason, MAX_REASON, 'input.reason', tell);
  return faults;
}
