import type pg from 'pg';
import { inTransaction } from '../../database/transaction.ts';
import type { LedgerDraft } from '../ledger/ledger.types.ts';
import { writeEventsAndTell } from '../ledger/ledger-writer.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { LOCK_VOUCHERS } from '../voucher/voucher-lock.ts';
import type { HeldContent, ReleaseReason } from './hold.types.ts';

export interface OpenHold {
  readonly id: string;
  readonly codes: readonly string[];
  readonly source: string;
  readonly externalId: string;
  readonly storeId: string;
  readonly content: HeldContent;
}

const COLUMNS = 'id, codes, source, external_id as "externalId", store_id as "storeId", content';
const AT_ONCE = 100;

/** Ends holds: by themselves when their time is over, or because somebody lets go. What they set aside is free in the same commit. */
export class HoldKeeper {
  readonly #pool: pg.Pool;
  readonly #clock: Clock;
  readonly #voucherId: (patternId: number, index: number) => string;

  constructor(pool: pg.Pool, clock: Clock, voucherId: (patternId: number, index: number) => string) {
    this.#pool = pool;
    this.#clock = clock;
    this.#voucherId = voucherId;
  }

  /** Ends all that is due; cheap where nothing is. Who finds others at it waits for them: what they give back is free when this resolves. */
  async expireDue(): Promise<void> {
    const now = this.#clock.now();
    while (await this.#isAnyDue(now)) {
      await inTransaction(this.#pool, async (client) => {
        const { rows } = await client.query<OpenHold>(
          `select ${COLUMNS} from hold where status = 'ACTIVE' and expires_at <= to_timestamp($1::double precision / 1000) order by id limit ${AT_ONCE} for update`,
          [now],
        );
        await this.close(client, rows, 'EXPIRED');
      });
    }
  }

  async #isAnyDue(now: number): Promise<boolean> {
    const { rows } = await this.#pool.query({
      name: 'holds-due',
      text: "select from hold where status = 'ACTIVE' and expires_at <= to_timestamp($1::double precision / 1000) limit 1",
      values: [now],
    });
    return rows.length > 0;
  }

  /** In the caller's transaction, on holds it has locked: gives back vouchers, then counters, each in key order. */
  async close(
    client: pg.PoolClient,
    holds: readonly OpenHold[],
    status: 'EXPIRED' | 'RELEASED',
    reason: ReleaseReason | null = null,
  ): Promise<void> {
    if (holds.length === 0) return;
    const vouchers = holds.flatMap((hold) => hold.content.vouchers);
    const places = [vouchers.map((voucher) => voucher.patternId), vouchers.map((voucher) => voucher.index)];
    await client.query(LOCK_VOUCHERS, places);
    await client.query(
      `update voucher set holds = voucher.holds - given.times
       from (select pattern_id, idx, count(*)::int as times from unnest($1::int[], $2::bigint[]) as given (pattern_id, idx) group by 1, 2) given
       where voucher.pattern_id = given.pattern_id and voucher.idx = given.idx`,
      places,
    );
    const uses = holds.flatMap((hold) => hold.content.counters);
    await client.query(
      `with given as materialized (select key, sum(delta) as delta from unnest($1::text[], $2::bigint[]) as use (key, delta) group by key),
            locked as materialized (select counter.key from counter join given using (key) order by counter.key collate "C" for update of counter)
       update counter set held = held - given.delta from given where counter.key = given.key and (select count(*) from locked) >= 0`,
      [uses.map((use) => use.key), uses.map((use) => use.delta)],
    );
    await client.query('update hold set status = $2 where id = any($1::text[])', [holds.map((hold) => hold.id), status]);
    await writeEventsAndTell(
      client,
      holds.flatMap((hold) => this.#events(hold, status, reason)),
    );
  }

  #events(hold: OpenHold, status: 'EXPIRED' | 'RELEASED', reason: ReleaseReason | null): LedgerDraft[] {
    return hold.content.vouchers.map((voucher) => ({
      type: 'HOLD_RELEASED',
      at: instantText(this.#clock.now()),
      businessDay: hold.content.businessDay,
      storeId: hold.storeId,
      campaignId: voucher.campaignId,
      code: voucher.code,
      data: { holdId: hold.id, because: status, ...(reason && status === 'RELEASED' && { reason }) },
      voucherId: this.#voucherId(voucher.patternId, voucher.index),
      orderSource: hold.source,
      orderExternalId: hold.externalId,
    }));
  }
}
