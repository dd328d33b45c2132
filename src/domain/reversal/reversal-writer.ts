import type pg from 'pg';
import type { Actor } from '../access/roles.ts';
import type { ReversalPolicy } from '../campaign/campaign.types.ts';
import { givenBack } from '../decision/counters.ts';
import type { AllocationShare, CampaignTerms, CounterUse, PricedBasket } from '../decision/decision.types.ts';
import { priceBasket } from '../decision/price.ts';
import { restOf, standingOnRest } from '../decision/rest.ts';
import { type ReversalRequest, type ReversalSpread, type ReversibleRedemption, spreadReversal } from '../decision/reversal.ts';
import { returnedWith, type Settled, settleReturn, standingAfter } from '../decision/reversal-policy.ts';
import { writeEvents } from '../ledger/ledger-writer.ts';
import type { RedemptionRecord, ReversalRecord } from '../redemption/redemption.types.ts';
import { REDEMPTION_COLUMNS } from '../redemption/redemption-reader.ts';
import type { StoredBasket } from '../redemption/stored-basket.ts';
import type { StoredInputs } from '../redemption/stored-inputs.ts';
import { reversedKey } from '../rejection/rejection-count.ts';
import { businessDay } from '../shared/business-time.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { forbidden } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { LOCK_VOUCHERS } from '../voucher/voucher-lock.ts';
import { lockOrder, RETURNED, readOrderAround, readRedeemedTerms } from './redeemed-order.ts';
import { writeReversal, writeShares } from './reversal-rows.ts';
import { giveVoucherBack } from './voucher-back.ts';

export type LockedRedemption = RedemptionRecord & {
  readonly taken: readonly CounterUse[];
  /** The place of its redeem among those of its order. */
  readonly sequence: number;
  readonly storeVersion: number | null;
  /** The versions it was decided by, where they are not that of its campaign alone. */
  readonly inputs: Pick<StoredInputs, 'mains' | 'promises'> | null;
  readonly basket: StoredBasket;
  /** As they lie now, with what moved. */
  readonly shares: readonly (AllocationShare & { readonly reversed: number })[];
  /** Quantities returned by unit so far, by line. */
  readonly returned: Readonly<Record<string, string>>;
};

export interface ReversalMeans {
  readonly clock: Clock;
  store(id: string): StoreTerms | undefined;
  /** For what was redeemed before versions of campaigns were kept. */
  campaign(id: string): CampaignTerms | undefined;
  voucherId(patternId: number, index: number): string;
}

/** What a reversal does, with the policy that it went by and the order as it leaves it. */
type TakenBack = Settled & { readonly policy: ReversalPolicy | null; readonly priced: PricedBasket };
type Settlement = TakenBack | Exclude<ReversalSpread, { outcome: 'taken' }>;

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
    const { rows: places } = await client.query<{ id: string; pattern_id: number; idx: number }>(
      `select id, pattern_id, idx from redemption where ${column} = $1`,
      [value],
    );
    await client.query(LOCK_VOUCHERS, [places.map((place) => place.pattern_id), places.map((place) => place.idx)]);
    await lockOrder(
      client,
      places.map(({ id }) => id),
    );
    const { rows } = await client.query<LockedRedemption>(
      `select ${REDEMPTION_COLUMNS}, taken, sequence, store_version as "storeVersion", checkout.inputs, checkout.basket, ${RETURNED},
         (select coalesce(json_agg(json_build_object('lineId', line_id, 'unit', unit, 'taxRate', trim_scale(tax_rate)::text, 'amount', allocation.amount + moved, 'reversed', returned) order by place), '[]')
          from allocation where redemption_id = redemption.id) as shares
       from redemption join checkout on checkout.id = checkout_id where redemption.${column} = $1 order by step`,
      [value],
    );
    for (const row of rows)
      if (actor.storeIds !== null && !actor.storeIds.includes(row.storeId))
        throw forbidden('This redemption is of a store that this key does not hold for.');
    return rows;
  }

  /** What is taken back, to the unit, and what the campaign's policy makes of it. */
  async settle(client: pg.PoolClient, redemption: LockedRedemption, request: ReversalRequest): Promise<Settlement> {
    if (redemption.undone) return { outcome: 'refused', reason: 'ALREADY_REVERSED', facts: {} };
    const reversible = reversibleOf(redemption);
    // A platform gave nothing for the code: there is no amount to take back, but the voucher.
    const spread: ReversalSpread =
      redemption.amount === 0 && request.by === 'whole'
        ? { outcome: 'taken', amount: 0, allocations: [], returned: [], whole: true }
        : spreadReversal(reversible, request);
    if (spread.outcome !== 'taken') return spread;
    const order = await readOrderAround(client, redemption, this.#storeOf(redemption));
    const terms = request.by === 'units' ? await readRedeemedTerms(client, redemption, this.#means.campaign(redemption.campaignId)) : null;
    const settled = terms ? settleReturn(reversible, spread, terms, order) : { ...spread, moved: [] };
    const rest = restOf(order.basket, returnedWith(reversible, settled));
    const standing = [...standingOnRest(rest, [...order.before, ...order.after]), standingAfter(reversible, settled, rest)];
    return { ...settled, policy: terms?.reversalPolicy ?? null, priced: priceBasket(rest.basket, order.store, standing) };
  }

  #storeOf({ storeId }: LockedRedemption): StoreTerms {
    const store = this.#means.store(storeId);
    if (!store) throw new Error(`Store ${storeId} is not in the snapshot.`);
    return store;
  }

  async write(
    client: pg.PoolClient,
    redemption: LockedRedemption,
    spread: TakenBack,
    reason: string,
    request: ReversalRequest,
  ): Promise<ReversalRecord> {
    const now = this.#means.clock.now();
    const at = instantText(now);
    const record: ReversalRecord = {
      id: newId('reversal', now),
      redemptionId: redemption.id,
      at,
      businessDay: businessDay(now, this.#storeOf(redemption)),
      storeId: redemption.storeId,
      reason,
      amount: spread.amount,
      currency: redemption.currency,
      allocations: spread.allocations,
      moved: spread.moved,
      policy: spread.policy,
      priced: spread.priced,
    };
    await writeReversal(client, record, request.by === 'units' ? spread.returned : null);
    await client.query('update redemption set reversed = reversed + $2, undone = $3 where id = $1', [
      redemption.id,
      spread.amount,
      spread.whole,
    ]);
    await writeShares(client, redemption.id, spread);
    await giveVoucherBack(client, redemption, spread);
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
          ...(spread.policy && { policy: spread.policy }),
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
async function giveBack(client: pg.PoolClient, redemption: LockedRedemption, spread: TakenBack): Promise<void> {
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

const reversibleOf = (redemption: LockedRedemption): ReversibleRedemption => ({
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
});
