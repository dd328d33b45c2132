import type pg from 'pg';
import type { LedgerDraft } from './ledger.types.ts';

/** Whatever runs one statement inside the caller's transaction: a pg client, or the ORM's connection behind an adapter. */
export interface SqlRunner {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/**
 * The columns of `ledger_intake` as json_to_recordset reads them. The hot statement has the same list inside
 * (database/sql/write-batch.sql); `tx` and `id` come by default.
 */
const COLUMNS =
  'type, at, business_day, store_id, campaign_id, code, amount, currency, data, name, redemption_id, reversal_id, voucher_id, customer_id, order_source, order_external_id';
const TYPED_COLUMNS =
  'type text, at timestamptz, business_day date, store_id text, campaign_id text, code text, amount bigint, currency text, data jsonb, name text, ' +
  'redemption_id text, reversal_id text, voucher_id text, customer_id text, order_source text, order_external_id text';

/** The statement, or the part of one, that writes the events of which `place` is the JSON list of rows. */
export const insertEventsSql = (place: string): string =>
  `insert into ledger_intake (${COLUMNS}) select ${COLUMNS} from json_to_recordset(${place}::json) as event (${TYPED_COLUMNS})`;

const INSERT_EVENTS = insertEventsSql('$1');

/** An event as the row that json_to_recordset reads. */
export function eventRow(draft: LedgerDraft): Record<string, unknown> {
  return {
    type: draft.type,
    at: draft.at,
    business_day: draft.businessDay,
    store_id: draft.storeId,
    campaign_id: draft.campaignId,
    code: draft.code,
    amount: draft.amount,
    currency: draft.currency,
    data: draft.data,
    name: draft.name,
    redemption_id: draft.redemptionId,
    reversal_id: draft.reversalId,
    voucher_id: draft.voucherId,
    customer_id: draft.customerId,
    order_source: draft.orderSource,
    order_external_id: draft.orderExternalId,
  };
}

/**
 * Writes events in the caller's transaction, unsequenced; the sealer puts them in the book once it is committed. Whoever commits tells the
 * sealer: a transaction that tells it by itself keeps all others from committing meanwhile.
 */
export async function writeEvents(run: SqlRunner, drafts: readonly LedgerDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  await run.query(INSERT_EVENTS, [JSON.stringify(drafts.map(eventRow))]);
}

/** As `writeEvents`, for what happens so seldom that the transaction may tell the sealer by itself. */
export async function writeEventsAndTell(run: SqlRunner, drafts: readonly LedgerDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  await writeEvents(run, drafts);
  await run.query('notify valehub_intake', []);
}

/** One event, as `writeEvents`; returns its number at the intake, by which it is found once it is sealed. */
export async function insertEvent(client: pg.PoolClient, draft: LedgerDraft): Promise<number> {
  const { rows } = await client.query<{ id: number }>(`${INSERT_EVENTS} returning id`, [JSON.stringify([eventRow(draft)])]);
  return (rows[0] as { id: number }).id;
}
