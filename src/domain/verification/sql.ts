/** Every event that is committed, sealed or waiting: in one snapshot each is in exactly one of the two. */
export const EVENTS = `(
  select position, type, at, business_day, store_id, campaign_id, code, amount, currency, data, name, redemption_id, reversal_id, voucher_id, customer_id, order_source, order_external_id, intake_id from ledger_event
  union all
  select null, type, at, business_day, store_id, campaign_id, code, amount, currency, data, name, redemption_id, reversal_id, voucher_id, customer_id, order_source, order_external_id, id from ledger_intake)`;

export const eventsOf = (...types: readonly string[]): string =>
  `(select * from ${EVENTS} event where type in (${types.map((type) => `'${type}'`).join(', ')}))`;

export const countOf = (table: string): string => `select count(*) as n from ${table}`;

/** What a finding looks like in SQL. Texts are SQL expressions. */
export interface FoundColumns {
  readonly table: string;
  readonly id: string;
  readonly position?: string;
  readonly expected: string;
  readonly found: string;
}

export const finding = ({ table, id, position = 'null', expected, found }: FoundColumns): string =>
  `select '${table}' as "table", (${id})::text as id, (${position})::bigint as position, (${expected})::text as expected, (${found})::text as found`;

/** What is compared: its name, how it should be, how it is (SQL expressions). */
export type Pair = readonly [name: string, expected: string, found: string];

/** The condition that any of them differs, and the texts that say which. */
export function differing(pairs: readonly Pair[]): { readonly where: string; readonly expected: string; readonly found: string } {
  const differs = ([, expected, found]: Pair) => `(${expected}) is distinct from (${found})`;
  const said = (pair: Pair, side: 1 | 2) => `case when ${differs(pair)} then '${pair[0]} ' || coalesce((${pair[side]})::text, 'none') end`;
  const list = (side: 1 | 2) => `concat_ws(', ', ${pairs.map((pair) => said(pair, side)).join(', ')})`;
  return { where: pairs.map(differs).join(' or '), expected: list(1), found: list(2) };
}

/** Two lists joined in full whose members must be there on both sides and say the same. */
export function agreeing(given: {
  readonly table: string;
  readonly id: string;
  readonly position?: string;
  /** `a full join b on ...` */
  readonly from: string;
  /** A column of each side that is null only where the side is missing, and what is missing then. */
  readonly expected: readonly [column: string, missing: string];
  readonly found: readonly [column: string, missing: string];
  readonly pairs: readonly Pair[];
}): string {
  const { where, expected, found } = differing(given.pairs);
  const [wanted, notWanted] = given.expected;
  const [seen, notSeen] = given.found;
  return `${finding({
    table: given.table,
    id: given.id,
    ...(given.position === undefined ? {} : { position: given.position }),
    expected: `case when ${wanted} is null then 'no ${notSeen}' when ${seen} is null then 'one ${notSeen}' else ${expected} end`,
    found: `case when ${wanted} is null then 'one ${notSeen}, and no ${notWanted}' when ${seen} is null then 'none' else ${found} end`,
  })} from ${given.from} where ${wanted} is null or ${seen} is null or ${where}`;
}

/** RFC 3339, UTC, milliseconds. */
export const instant = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
