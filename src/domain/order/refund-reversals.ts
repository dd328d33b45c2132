import type pg from 'pg';
import type { Actor } from '../access/roles.ts';
import type { ReversalRequest } from '../decision/reversal.ts';
import type { ReversalRecord } from '../redemption/redemption.types.ts';
import { lockOrder } from '../reversal/redeemed-order.ts';
import type { LockedRedemption, ReversalWriter } from '../reversal/reversal-writer.ts';
import { compareDecimals, isWholeDecimal, subtractDecimals } from '../shared/decimal.ts';
import type { OrderRecord } from './order.types.ts';
import type { RefundLine } from './refund.entity.ts';

// Which vouchers used on an order come back with a refund of it, in the refund's transaction.

/** Who asks was looked at before: the order is of one of their stores. */
const ANYONE: Actor = { id: '', role: 'ADMIN', storeIds: null, connectionId: null, partnerId: null };

/** On the order, or paid by it. */
const STANDING = `
  select redemption.id, redemption.pattern_id, redemption.idx from checkout join redemption on checkout_id = checkout.id
  where checkout.source = $1 and checkout.external_id = $2 and not undone
  union select id, pattern_id, idx from redemption where linked_order_id = $3 and not undone`;

/** Locks all vouchers that a refund could move, in the one order in which vouchers are. */
export async function lockVouchersAround(client: pg.PoolClient, { id, source, externalId }: OrderRecord): Promise<void> {
  await client.query(
    // Places first: an `or` of the two would read every voucher there is.
    `select 1 from voucher
     where (pattern_id, idx) in (select pattern_id, idx from (${STANDING}) standing union select pattern_id, idx from voucher earned where source_order_id = $3)
     order by pattern_id, idx for update`,
    [source, externalId, id],
  );
}

/** Whole where nothing of the order is left; else by the units that came back. A refund by amount takes nothing back of a voucher. */
export async function reverseFor(
  client: pg.PoolClient,
  writer: ReversalWriter,
  order: OrderRecord,
  refund: { readonly lines: readonly RefundLine[]; readonly whole: boolean },
  reason: string,
): Promise<ReversalRecord[]> {
  const { rows } = await client.query<{ id: string }>(
    `select standing.id from (${STANDING}) standing join redemption on redemption.id = standing.id order by checkout_id, step`,
    [order.source, order.externalId, order.id],
  );
  // All of them before the first counter moves: others lock in that order too.
  await lockOrder(
    client,
    rows.map(({ id }) => id),
  );
  const reversals: ReversalRecord[] = [];
  for (const { id } of rows) {
    const [redemption] = await writer.lock(client, ANYONE, { redemptionId: id });
    const request = redemption && requestFor(redemption, refund);
    if (!request) continue;
    const spread = await writer.settle(client, redemption, request);
    if (spread.outcome === 'taken') reversals.push(await writer.write(client, redemption, spread, reason, request));
  }
  return reversals;
}

function requestFor(
  redemption: LockedRedemption,
  { lines, whole }: { readonly lines: readonly RefundLine[]; readonly whole: boolean },
): ReversalRequest | null {
  if (whole) return { by: 'whole' };
  if (redemption.kind === 'TENDER') return null;
  const units = lines.flatMap(({ lineId, quantity }) => {
    const line = redemption.basket.lines.find((candidate) => candidate.id === lineId);
    if (!line || (isWholeDecimal(line.quantity) && !isWholeDecimal(quantity))) return [];
    // A till may have reversed some of them already.
    const open = subtractDecimals(line.quantity, redemption.returned[lineId] ?? '0');
    const most = compareDecimals(quantity, open) > 0 ? open : quantity;
    return compareDecimals(most, '0') > 0 ? [{ lineId, quantity: most }] : [];
  });
  return units.length === 0 ? null : { by: 'units', units };
}
