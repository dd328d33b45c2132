import type pg from 'pg';
import type { CodePlace } from '../code/code.types.ts';
import type { VoucherState } from '../decision/decision.types.ts';
import type { Voucher } from './voucher.entity.ts';

/** A voucher's row; times in epoch ms. */
export interface VoucherRow extends CodePlace {
  readonly code: string;
  readonly campaignId: string;
  readonly status: Voucher['status'];
  readonly uses: number;
  readonly holds: number;
  readonly customerId: string | null;
  /** Under which version of its campaign it was issued; null = it was not. */
  readonly termsVersion: number | null;
  readonly validFrom: number | null;
  readonly validUntil: number | null;
}

const EPOCH_MS = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

export const VOUCHER_COLUMNS = `
  voucher.pattern_id as "patternId", voucher.idx as "index", voucher.code, voucher.campaign_id as "campaignId", voucher.status, voucher.uses, voucher.holds, voucher.customer_id as "customerId", voucher.terms_version as "termsVersion",
  ${EPOCH_MS('voucher.valid_from')} as "validFrom", ${EPOCH_MS('voucher.valid_until')} as "validUntil"`;

/** Those of the places that have a row, in no order. */
export async function readVouchers(pool: pg.Pool, places: readonly CodePlace[]): Promise<VoucherRow[]> {
  const { rows } = await pool.query<VoucherRow>({
    name: 'read-vouchers',
    text: `select ${VOUCHER_COLUMNS} from voucher join unnest($1::int[], $2::bigint[]) as place (pattern_id, idx) using (pattern_id, idx)`,
    values: [places.map(({ patternId }) => patternId), places.map(({ index }) => index)],
  });
  return rows;
}

/** Open holds by code, of those rows that say they have some. */
export async function readHolds(
  pool: pg.Pool,
  vouchers: readonly Pick<VoucherRow, 'code' | 'holds'>[],
  now: number,
): Promise<Map<string, VoucherState['holds'][number][]>> {
  const codes = vouchers.filter((voucher) => voucher.holds > 0).map((voucher) => voucher.code);
  const byCode = new Map<string, VoucherState['holds'][number][]>();
  if (codes.length === 0) return byCode;
  const { rows } = await pool.query<{ id: string; codes: string[]; expiresAt: number }>(
    `select id, codes, ${EPOCH_MS('expires_at')} as "expiresAt" from hold where status = 'ACTIVE' and expires_at > $1 and codes && $2 order by expires_at`,
    [new Date(now), codes],
  );
  for (const { id, codes: held, expiresAt } of rows) {
    for (const code of held) byCode.set(code, [...(byCode.get(code) ?? []), { id, expiresAt }]);
  }
  return byCode;
}

/** What was paid from gift cards and what of them is held, by the key of their counters. */
export async function readBalances(
  pool: pg.Pool,
  keys: readonly string[],
): Promise<ReadonlyMap<string, { readonly used: number; readonly held: number }>> {
  if (keys.length === 0) return new Map();
  const { rows } = await pool.query<{ key: string; used: number; held: number }>(
    'select key, used, held from counter where key = any($1::text[])',
    [keys],
  );
  return new Map(rows.map(({ key, ...state }) => [key, state]));
}
