import type pg from 'pg';
import { loadSql } from '../../database/sql.ts';
import type { AppliedVoucher } from '../decision/decision.types.ts';
import type { Prepared } from './prepared.ts';
import { type CheckoutRow, DecisionState, type HoldState, idempotencyKey, type StoredKey, type VoucherRow, voucherKey } from './state.ts';

type Runner = Pick<pg.Pool, 'query'>;

const READ_STATE = loadSql('read-state');

interface StateRow {
  vouchers: (Omit<VoucherRow, 'stored'> & { patternId: number; index: number })[];
  checkouts: {
    source: string;
    externalId: string;
    sequence: number;
    groups: string[];
    exclusive: boolean;
    lockedDiscounts: Record<string, number> | null;
    redemptions: (AppliedVoucher & { code: string; undone: boolean; card: boolean; group: string | null })[];
  }[];
  holds: HoldState[];
  keys: (StoredKey & { scope: string; key: string })[];
  counters: CounterRow[];
}

interface CounterRow {
  key: string;
  used: number;
  held: number;
}

export interface Places {
  readonly patternIds: number[];
  readonly indices: number[];
}

/** Every voucher that these requests could move: those named, and those in holds they use up or replace. */
export function placesOf(prepared: readonly Prepared[], holds: Iterable<HoldState>): Places {
  const places = new Map<string, [number, number]>();
  for (const { codes } of prepared)
    for (const code of codes) if (code.found === 'code') places.set(voucherKey(code.patternId, code.index), [code.patternId, code.index]);
  for (const hold of holds)
    for (const voucher of hold.content.vouchers)
      places.set(voucherKey(voucher.patternId, voucher.index), [voucher.patternId, voucher.index]);
  return { patternIds: [...places.values()].map(([patternId]) => patternId), indices: [...places.values()].map(([, index]) => index) };
}

/**
 * What the requests are decided on, in one snapshot and one round trip; the holds on their vouchers in a second. `counterKeys`: those that
 * are known to be asked for. One that nobody touched stands at nothing.
 */
export async function readState(
  run: Runner,
  prepared: readonly Prepared[],
  places: Places,
  counterKeys: readonly string[],
): Promise<DecisionState> {
  const keyed = prepared.filter((one) => one.key !== '');
  const { rows } = await run.query<StateRow>({
    name: 'read-state',
    text: READ_STATE,
    values: [
      places.patternIds,
      places.indices,
      prepared.map((one) => one.order.source),
      prepared.map((one) => one.order.externalId),
      keyed.map((one) => one.scope),
      keyed.map((one) => one.key),
      prepared.flatMap((one) => one.holdId ?? []),
      counterKeys,
    ],
  });
  const state = new DecisionState();
  const row = rows[0] as StateRow;
  for (const { patternId, index, ...voucher } of row.vouchers)
    state.vouchers.set(voucherKey(patternId, index), { stored: true, ...voucher });
  for (const checkout of row.checkouts)
    state.checkoutsOf(checkout.source, checkout.externalId).splice(checkout.sequence, 1, checkoutRow(checkout));
  for (const hold of row.holds) state.holds.set(hold.id, hold);
  for (const { scope, key, ...stored } of row.keys) state.keys.set(idempotencyKey(scope, key), stored);
  for (const list of state.checkouts.values()) list.sort((a, b) => a.sequence - b.sequence);
  for (const key of counterKeys) state.counters.set(key, { used: 0, held: 0, heldUntil: null });
  for (const { key, used, held } of row.counters) {
    state.counters.set(key, { used, held, heldUntil: null });
    if (held > 0) state.untold.add(key);
  }
  await readHoldsOn(run, state, heldCodes(prepared, state));
  return state;
}

/** Only what still stands of an earlier redeem counts: a voucher that was taken back may come again. */
function checkoutRow(checkout: StateRow['checkouts'][number]): CheckoutRow {
  const standing = checkout.redemptions.filter((redemption) => !redemption.undone);
  return {
    sequence: checkout.sequence,
    codes: standing.map((redemption) => redemption.code),
    voucherCount: standing.length,
    tendered: standing.some((redemption) => redemption.kind === 'TENDER' && !redemption.card),
    groups: standing.length > 0 ? checkout.groups.filter((group) => stands(group, checkout)) : [],
    exclusive: standing.length > 0 && checkout.exclusive,
    lockedDiscounts: standing.some((redemption) => redemption.kind === 'ORDER_DISCOUNT') ? checkout.lockedDiscounts : null,
    applied: standing.map(({ kind, amount, allocations }) => ({ kind, amount, allocations })),
  };
}

/** A group is free once the voucher that took it was taken back, whatever else of the redeem stands. */
function stands(group: string, { redemptions }: StateRow['checkouts'][number]): boolean {
  const takers = redemptions.filter((redemption) => redemption.group === group);
  return takers.length === 0 || takers.some((redemption) => !redemption.undone);
}

/** Of those that the vouchers' rows say are held. */
const heldCodes = (items: readonly Prepared[], state: DecisionState): string[] =>
  items.flatMap((item) =>
    item.codes.flatMap((code) =>
      code.found === 'code' && (state.vouchers.get(voucherKey(code.patternId, code.index))?.holds ?? 0) > 0 ? [code.code] : [],
    ),
  );

/** The holds a voucher's row counts, for the message that says until when. */
async function readHoldsOn(run: Runner, state: DecisionState, codes: readonly string[]): Promise<void> {
  if (codes.length === 0) return;
  const { rows } = await run.query<Omit<HoldState, 'expiresAt' | 'createdAt'> & { expiresAt: number; createdAt: number }>(
    `select id, status, codes, source, external_id as "externalId", store_id as "storeId", content,
            floor(extract(epoch from expires_at) * 1000)::bigint as "expiresAt", floor(extract(epoch from created_at) * 1000)::bigint as "createdAt"
     from hold where status = 'ACTIVE' and codes && $1::text[]`,
    [codes],
  );
  for (const hold of rows) if (!state.holds.has(hold.id)) state.holds.set(hold.id, hold);
}

/** Until when what is held of counters is held. It goes through all open holds of the hub, so only who has to tell of it asks. */
export async function readEnds(run: Runner, state: DecisionState): Promise<void> {
  const { rows } = await run.query<{ key: string; until: number }>({
    name: 'ends-of-holds',
    text: `select use ->> 'key' as key, floor(extract(epoch from max(expires_at)) * 1000)::bigint as until
     from hold, jsonb_array_elements(content -> 'counters') use
     where status = 'ACTIVE' and use ->> 'key' = any($1::text[]) group by 1`,
    values: [[...state.untold]],
  });
  for (const { key, until } of rows) {
    const counter = state.counters.get(key);
    if (counter) counter.heldUntil = until;
  }
  state.untold.clear();
}
