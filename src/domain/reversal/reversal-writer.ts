import type pg from 'pg';
import type { Actor } from '../access/roles.ts';
import { givenBack } from '../decision/counters.ts';
import type { AllocationShare, CounterUse } from '../decision/decision.types.ts';
import { type ReversalRequest, type ReversalSpread, type ReversibleRedemption, spreadReversal } from '../decision/reversal.ts';
import { writeEvents } from '../ledger/ledger-writer.ts';
import type { RedemptionRecord, ReversalRecord } from '../redemption/redemption.types.ts';
import { REDEMPTION_COLUMNS } from '../redemption/redemption-reader.ts';
import type { StoredBasket } from '../redemption/stored-basket.ts';
import { reversedKey } from '../rejection/rejection-count.ts';
import { businessDay } from '../shared/business-time.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { forbidden } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { LOCK_VOUCHERS } from '../voucher/voucher-lock.ts';

export type LockedRedemption = RedemptionRecord & {
  readonly taken: readonly CounterUse[];
  readonly basket: StoredBasket;
  readonly shares: readonly (AllocationShare & { readonly reversed: number; readonly place: number })[];
  /** Quantities returned by unit so far, by line. */
  readonly returned: Readonly<Record<string, string>>;
};

type Taken = Extract<ReversalSpread, { outcome: 'taken' }>;

export interface ReversalMeans {
  readonly clock: Clock;
  store(id: string): StoreTerms | undefined;
  voucherId(patternId: number, index: number): string;
}

/** The statements of a reversal, in the caller's transaction: the same rows, locked in the same order, as a redemption. */
export class ReversalWriter {
  readonly #means: ReversalMeans;

  constructor(means: ReversalMeans) {
    this.#means = means;
  }

  /** One redemption, or all of one redeem, locked with their vouchers. */
  async lock(
    client: pg.PoolClient,
    actor: Actor,
    by: { readonly redemptionId: string } | { readonly checkoutId: string },
  ): Promise<LockedRedemption[]> {
    const [column, value] = 'redemptionId' in by ? ['id', by.redemptionId] : ['checkout_id', by.checkoutId];
    const { rows: places } = await client.query<{ pattern_id: number; idx: number }>(
      `select pattern_id, idx from redemption where ${column} = $1`,
      [value],
    );
    await client.query(LOCK_VOUCHERS, [places.map((place) => place.pattern_id), places.map((place) => place.idx)]);
    const { rows } = await client.query<LockedRedemption>(
      `select ${REDEMPTION_COLUMNS}, taken, checkout.basket,
         (select coalesce(json_agg(json_build_object('lineId', line_id, 'unit', unit, 'taxRate', trim_scale(tax_rate)::text, 'amount', allocation.amount, 'reversed', returned, 'place', place) order by place), '[]')
          from allocation where redemption_id = redemption.id) as shares,
         (select coalesce(jsonb_object_agg(line, quantity), '{}') from
           (select line, trim_scale(sum(quantity::numeric))::text as quantity from reversal, jsonb_each_text(coalesce(units, '{}')) as unit (line, quantity) where redemption_id = redemption.id group by line) returned) as returned
       from redemption join checkout on checkout.id = checkout_id where redemption.${column} = $1 order by redemption.id for update of redemption`,
      [value],
    );
    for (const row of rows)
      if (actor.storeIds !== null && !actor.storeIds.includes(row.storeId))
        throw forbidden('This redemption is of a store that this key does not hold for.');
    return rows;
  }

  spread(redemption: LockedRedemption, request: ReversalRequest): ReversalSpread {
    const reversible: ReversibleRedemption = {
      kind: redemption.kind,
      currency: redemption.currency,
      amount: redemption.amount,
      reversed: redemption.reversed,
      allocations: redemption.shares,
      lines: redemption.basket.lines.map((line) => ({
        lineId: line.id,
        quantity: line.quantity,
        returned: redemption.returned[line.id] ?? '0',
      })),
    };
    if (redemption.undone) return { outcome: 'refused', reason: 'ALREADY_REVERSED', facts: {} };
    // A platform gave nothing for the code: there is no amount to take back, but the voucher.
    if (redemption.amount === 0 && request.by === 'whole')
      return { outcome: 'taken', amount: 0, allocations: [], returned: [], whole: true };
    return spreadReversal(reversible, request);
  }

  async write(
    client: pg.PoolClient,
    redemption: LockedRedemption,
    spread: Taken,
    reason: string,
    request: ReversalRequest,
  ): Promise<ReversalRecord> {
    const now = this.#means.clock.now();
    const at = instantText(now);
    const store = this.#means.store(redemption.storeId);
    if (!store) throw new Error(`Store ${redemption.storeId} is not in the snapshot.`);
    const record: ReversalRecord = {
      id: newId('reversal', now),
      redemptionId: redemption.id,
      at,
      businessDay: businessDay(now, store),
      storeId: redemption.storeId,
      reason,
      amount: spread.amount,
      currency: redemption.currency,
      allocations: spread.allocations,
    };
    const units =
      request.by === 'units' ? JSON.stringify(Object.fromEntries(spread.returned.map(({ lineId, quantity }) => [lineId, quantity]))) : null;
    await client.query(
      'insert into reversal (id, redemption_id, at, business_day, store_id, reason, amount, currency, allocations, units) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [
        record.id,
        record.redemptionId,
        at,
        record.businessDay,
        record.storeId,
        reason,
        record.amount,
        record.currency,
        JSON.stringify(record.allocations),
        units,
      ],
    );
    await client.query('update redemption set reversed = reversed + $2, undone = $3 where id = $1', [
      redemption.id,
      spread.amount,
      spread.whole,
    ]);
    await client.query(
      `update allocation set returned = returned + share.amount from json_to_recordset($2::json) as share ("lineId" text, unit int, amount bigint)
       where redemption_id = $1 and line_id = share."lineId" and allocation.unit = share.unit`,
      [redemption.id, JSON.stringify(spread.allocations)],
    );
    if (spread.whole) {
      await client.query(
        "update voucher set uses = uses - 1, status = case when status = 'REDEEMED' then 'ISSUED' else status end where pattern_id = $1 and idx = $2",
        [redemption.patternId, redemption.index],
      );
    }
    await giveBack(client, redemption, spread);
    await writeEvents(client, [
      {
        type: 'REDEMPTION_REVERSED',
        at,
        businessDay: record.businessDay,
        storeId: record.storeId,
        campaignId: redemption.campaignId,
        code: redemption.code,
        amount: record.amount,
        currency: record.currency,
        data: {
          reversalId: record.id,
          redemptionId: redemption.id,
          whole: spread.whole,
          order: { source: redemption.orderSource, externalId: redemption.orderExternalId },
        },
        redemptionId: redemption.id,
        reversalId: record.id,
        voucherId: this.#means.voucherId(redemption.patternId, redemption.index),
        customerId: redemption.customerId,
        orderSource: redemption.orderSource,
        orderExternalId: redemption.orderExternalId,
      },
    ]);
    return record;
  }
}

/** Amounts and budgets at once, redemptions when nothing is left. */
async function giveBack(client: pg.PoolClient, redemption: LockedRedemption, spread: Taken): Promise<void> {
  const moves = redemption.taken.flatMap(({ key, delta }) => {
    const kind = givenBack(key);
    if (kind === 'AMOUNT') return [{ key, used: -spread.amount }];
    return kind === 'USE' && spread.whole ? [{ key, used: -delta }] : [];
  });
  if (spread.whole) moves.push({ key: reversedKey(redemption.campaignId), used: 1 });
  await client.query(
    `insert into counter (key, used, held) select key, used, 0 from json_to_recordset($1::json) as move (key text, used bigint) order by key collate "C"
     on conflict (key) do update set used = counter.used + excluded.used`,
    [JSON.stringify(moves)],
  );
}
