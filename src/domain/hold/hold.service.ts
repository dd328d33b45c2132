import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import { checkTtl, refuseFaults } from '../redemption/preparation.ts';
import type { HoldAnswer, HoldRecord } from '../redemption/redemption.types.ts';
import { readHold } from '../redemption/redemption-reader.ts';
import { writeRejections } from '../rejection/rejection-writer.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { forbidden, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { ReleaseReason } from './hold.types.ts';
import type { HoldKeeper } from './hold-keeper.ts';
import { HOLD_COLUMNS, holdRecord, overSince, type StoredHold } from './hold-record.ts';

/** However often it is extended, a hold ends this long after it began. */
const LONGEST_MS = 4 * 3_600_000;

/** What is done to a hold after it was made. */
export class HoldService {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #keeper: HoldKeeper;

  constructor(pool: pg.Pool, clock: Clock, keeper: HoldKeeper) {
    this.#pool = pool;
    this.#clock = clock;
    this.#keeper = keeper;
  }

  /** Its end is set to now + ttl, at most four hours after it began; refused where it is over. */
  async extend(actor: Actor, id: string, ttlSeconds: number): Promise<HoldAnswer> {
    refuseFaults(checkTtl(ttlSeconds, 'ttlSeconds'));
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (client) => {
      const hold = await lockHold(client, actor, id);
      if (hold.status !== 'ACTIVE' || hold.expiresAt <= now) {
        const rejection = {
          id: newId('rejection', now),
          at: instantText(now),
          action: 'HOLD' as const,
          code: null,
          reason: 'HOLD_EXPIRED' as const,
          failures: [{ reason: 'HOLD_EXPIRED' as const, facts: overSince(hold) }],
          nearestBasket: null,
          campaignId: null,
          storeId: hold.storeId,
          customerId: null,
          orderSource: hold.source,
          orderExternalId: hold.externalId,
        };
        await writeRejections(client, [rejection], actor.id);
        return { kind: 'refused', rejections: [rejection], replayed: false };
      }
      const expiresAt = Math.min(now + ttlSeconds * 1_000, hold.createdAt + LONGEST_MS);
      await client.query('update hold set expires_at = to_timestamp($2::double precision / 1000) where id = $1', [id, expiresAt]);
      await writeAudit(client, {
        at: now,
        actorId: actor.id,
        operation: 'extendHold',
        subjectId: id,
        before: { expiresAt: instantText(hold.expiresAt) },
        after: { expiresAt: instantText(expiresAt) },
      });
      return {
        kind: 'held',
        hold: holdRecord({ ...hold, expiresAt }, now),
        replayed: false,
      };
    });
  }

  /** Frees what it set aside; one that is over already is returned as it is. */
  async release(actor: Actor, id: string, reason: ReleaseReason | null): Promise<HoldRecord> {
    const now = this.#clock.now();
    return inTransaction(this.#pool, async (client) => {
      const hold = await lockHold(client, actor, id);
      if (hold.status === 'ACTIVE') await this.#keeper.close(client, [hold], hold.expiresAt <= now ? 'EXPIRED' : 'RELEASED', reason);
      const record = (await readHold(client, id, now)) as HoldRecord;
      const before = { status: hold.status };
      const after = { status: record.status, ...(reason && record.status === 'RELEASED' && hold.status === 'ACTIVE' && { reason }) };
      await writeAudit(client, { at: now, actorId: actor.id, operation: 'releaseHold', subjectId: id, before, after });
      return record;
    });
  }
}

async function lockHold(client: pg.PoolClient, actor: Actor, id: string): Promise<StoredHold> {
  const { rows } = await client.query<StoredHold>(`select ${HOLD_COLUMNS} from hold where id = $1 for update`, [id]);
  const hold = rows[0];
  if (!hold) throw notFound('hold', id);
  if (actor.storeIds !== null && !actor.storeIds.includes(hold.storeId))
    throw forbidden('This hold is of a store that this key does not hold for.');
  return hold;
}
