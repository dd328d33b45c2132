import type pg from 'pg';
import { inTransaction, isUniqueViolation } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { auditBurntKey, auditReversal } from '../audit/reversal-audit.ts';
import { checkIdempotencyKey } from '../decision/check-basket.ts';
import type { FailureFacts } from '../decision/decision.types.ts';
import type { ReversalRequest } from '../decision/reversal.ts';
import { refuseFaults } from '../redemption/preparation.ts';
import type { StoredAnswer } from '../redemption/recorder.ts';
import type { RejectionRecord, ReversalRecord, ReverseAnswer, ReverseCommand } from '../redemption/redemption.types.ts';
import { readRejections, readReversals } from '../redemption/redemption-reader.ts';
import { writeRejections } from '../rejection/rejection-writer.ts';
import { sha256 } from '../shared/canonical.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { normaliseDecimal } from '../shared/decimal.ts';
import { badInput, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import type { LockedRedemption, ReversalWriter } from './reversal-writer.ts';

type StoredReversal =
  | { readonly kind: 'reversed'; readonly reversalIds: readonly string[] }
  | { readonly kind: 'refused'; readonly rejectionIds: readonly string[] };

/** Stands for a redeem that was undone before it arrived: no input has this hash. */
const BURNT = 'burnt';
const TRIES = 5;

/** Takes back what a redemption gave, whole, by unit or by amount, once for each key. */
export class ReversalService {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #writer: ReversalWriter;
  readonly #written: () => void;

  constructor(pool: pg.Pool, clock: Clock, writer: ReversalWriter, written: () => void) {
    this.#pool = pool;
    this.#clock = clock;
    this.#writer = writer;
    this.#written = written;
  }

  async reverse(actor: Actor, command: ReverseCommand): Promise<ReverseAnswer> {
    const request = requestOf(command);
    const hash = sha256(JSON.stringify([command.redemptionId, command.redeemKey, request, command.reason]));
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await inTransaction(this.#pool, (client) => this.#once(client, actor, command, request, hash));
        this.#written();
        return answer;
      } catch (error) {
        // A twin of this key, or the redeem it undoes, was committed a moment ago: look again.
        if (!isUniqueViolation(error) || attempt === TRIES) throw error;
      }
    }
  }

  async #once(
    client: pg.PoolClient,
    actor: Actor,
    command: ReverseCommand,
    request: ReversalRequest,
    hash: string,
  ): Promise<ReverseAnswer> {
    const { rows } = await client.query<{ input_hash: string; answer: StoredReversal }>(
      "select input_hash, answer from idempotency where scope = 'reverse' and key = $1",
      [command.idempotencyKey],
    );
    const known = rows[0];
    if (known)
      return known.input_hash === hash
        ? this.#again(client, known.answer)
        : this.#refuse(client, actor, command, null, null, 'IDEMPOTENCY_KEY_REUSED', {});
    return command.redeemKey === null
      ? this.#one(client, actor, command, request, hash)
      : this.#all(client, actor, command, command.redeemKey, hash);
  }

  /** One redemption, as asked. */
  async #one(client: pg.PoolClient, actor: Actor, command: ReverseCommand, request: ReversalRequest, hash: string): Promise<ReverseAnswer> {
    const id = command.redemptionId as string;
    const [redemption] = await this.#writer.lock(client, actor, { redemptionId: id });
    if (!redemption) throw notFound('redemption', id);
    const spread = await this.#writer.settle(client, redemption, request);
    if (spread.outcome === 'fault') throw badInput(...spread.faults);
    if (spread.outcome === 'refused') return this.#refuse(client, actor, command, redemption, hash, spread.reason, spread.facts);
    const reversal = await this.#writer.write(client, redemption, spread, command.reason, request);
    await auditReversal(client, actor, redemption, reversal);
    await this.#keep(client, command, hash, { kind: 'reversed', reversalIds: [reversal.id] });
    return { kind: 'reversed', reversals: [reversal], replayed: false };
  }

  /** All that the redeem with that key did; where nothing arrived yet, the key is burnt so that nothing can arrive any more. */
  async #all(client: pg.PoolClient, actor: Actor, command: ReverseCommand, redeemKey: string, hash: string): Promise<ReverseAnswer> {
    const { rows } = await client.query<{ answer: StoredAnswer }>("select answer from idempotency where scope = 'redeem' and key = $1", [
      redeemKey,
    ]);
    const reversals: ReversalRecord[] = [];
    if (!rows[0]) {
      await client.query("insert into idempotency (scope, key, input_hash, answer, created_at) values ('redeem', $1, $2, $3, $4)", [
        redeemKey,
        BURNT,
        '{"kind":"refused","rejectionIds":[]}',
        instantText(this.#clock.now()),
      ]);
      await auditBurntKey(client, actor, this.#clock.now(), redeemKey);
    } else if (rows[0].answer.kind === 'redeemed') {
      for (const redemption of await this.#writer.lock(client, actor, { checkoutId: rows[0].answer.checkoutId })) {
        const spread = await this.#writer.settle(client, redemption, { by: 'whole' });
        if (spread.outcome !== 'taken') continue;
        const reversal = await this.#writer.write(client, redemption, spread, command.reason, { by: 'whole' });
        await auditReversal(client, actor, redemption, reversal);
        reversals.push(reversal);
      }
    }
    await this.#keep(client, command, hash, { kind: 'reversed', reversalIds: reversals.map((reversal) => reversal.id) });
    return { kind: 'reversed', reversals, replayed: false };
  }

  async #keep(client: pg.PoolClient, command: ReverseCommand, hash: string, answer: StoredReversal): Promise<void> {
    await client.query("insert into idempotency (scope, key, input_hash, answer, created_at) values ('reverse', $1, $2, $3, $4)", [
      command.idempotencyKey,
      hash,
      JSON.stringify(answer),
      instantText(this.#clock.now()),
    ]);
  }

  async #again(client: pg.PoolClient, answer: StoredReversal): Promise<ReverseAnswer> {
    return answer.kind === 'reversed'
      ? { kind: 'reversed', reversals: await readReversals(client, 'id', answer.reversalIds), replayed: true }
      : { kind: 'refused', rejections: await readRejections(client, answer.rejectionIds), replayed: true };
  }

  async #refuse(
    client: pg.PoolClient,
    actor: Actor,
    command: ReverseCommand,
    redemption: LockedRedemption | null,
    hash: string | null,
    reason: ReasonCode,
    facts: FailureFacts,
  ): Promise<ReverseAnswer> {
    const now = this.#clock.now();
    const rejection: RejectionRecord = {
      id: newId('rejection', now),
      at: instantText(now),
      action: 'REVERSE',
      code: redemption?.code ?? null,
      reason,
      failures: [{ reason, facts }],
      nearestBasket: null,
      campaignId: redemption?.campaignId ?? null,
      storeId: redemption?.storeId ?? null,
      customerId: redemption?.customerId ?? null,
      orderSource: redemption?.orderSource ?? null,
      orderExternalId: redemption?.orderExternalId ?? null,
    };
    await writeRejections(client, [rejection], actor.id);
    if (hash !== null) await this.#keep(client, command, hash, { kind: 'refused', rejectionIds: [rejection.id] });
    return { kind: 'refused', rejections: [rejection], replayed: false };
  }
}

function requestOf(command: ReverseCommand): ReversalRequest {
  const faults = checkIdempotencyKey(command.idempotencyKey);
  const partial = command.units !== null || command.amount !== null;
  if ((command.redemptionId === null) === (command.redeemKey === null))
    faults.push({ path: 'input', message: 'Give either redemptionId or redeemKey, exactly one of them.' });
  if (command.redeemKey !== null) faults.push(...checkIdempotencyKey(command.redeemKey, 'input.redeemKey'));
  if (command.redeemKey !== null && partial)
    faults.push({ path: 'input.redeemKey', message: 'A redeem is undone whole by its key: give neither units nor amount.' });
  if (command.units !== null && command.amount !== null)
    faults.push({ path: 'input.amount', message: 'Give either units or amount, not both.' });
  if (command.amount !== null && !(command.amount > 0))
    faults.push({ path: 'input.amount', message: 'The amount to take back is above zero, in minor units.' });
  if (command.units?.length === 0)
    faults.push({ path: 'input.units', message: 'Name at least one line, or leave units out to take back all.' });
  refuseFaults(faults);
  if (command.amount !== null) return { by: 'amount', amount: command.amount };
  if (command.units !== null)
    return { by: 'units', units: command.units.map(({ lineId, quantity }) => ({ lineId, quantity: normaliseDecimal(quantity) })) };
  return { by: 'whole' };
}
