import type pg from 'pg';
import type { CodePlace } from '../code/code.types.ts';

/** Where a voucher comes from. */
export interface VoucherOrigin {
  /** The order that earned it. */
  readonly sourceOrderId: string | null;
  /** The version of its campaign under which it was issued; null = it was not. */
  readonly termsVersion: number | null;
}

const NOBODYS: VoucherOrigin = { sourceOrderId: null, termsVersion: null };

/** In the order of the places; of a voucher that nobody touched, nothing is known. */
export async function readOrigins(run: Pick<pg.Pool, 'query'>, places: readonly CodePlace[]): Promise<VoucherOrigin[]> {
  const { rows } = await run.query<CodePlace & VoucherOrigin>(
    `select pattern_id as "patternId", idx as "index", source_order_id as "sourceOrderId", terms_version as "termsVersion"
     from voucher join unnest($1::int[], $2::bigint[]) as place (pattern_id, idx) using (pattern_id, idx)`,
    [places.map((place) => place.patternId), places.map((place) => place.index)],
  );
  const found = new Map(rows.map((row) => [`${row.patternId}:${row.index}`, row]));
  return places.map((place) => found.get(`${place.patternId}:${place.index}`) ?? NOBODYS);
}
