import type pg from 'pg';
import { arrayLiteral } from '../../database/array-literal.ts';
import type { LedgerEventRecord } from './ledger.types.ts';
import { encodeCursor } from './ledger-cursor.ts';
import { chainHash } from './ledger-hash.ts';

/** How many events are sealed together at most. */
export const SEAL_AT_MOST = 2_000;

/**
 * Events whose transaction can no longer be overtaken: everything older than the oldest transaction that still runs.
 * `tx >= xmax` on a visible row means that it was restored from another cluster's dump, so it is long committed.
 * $1, $2: tx and id of the last one sealed, none older can come: without them each look would step over all that was deleted since the last vacuum.
 */
const READ_INTAKE = `
  select tx, id, restored, type, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, business_day as "businessDay", store_id as "storeId", campaign_id as "campaignId", code, amount, currency, data, name,
         redemption_id as "redemptionId", reversal_id as "reversalId", voucher_id as "voucherId", customer_id as "customerId", order_source as "orderSource", order_external_id as "orderExternalId"
  from (
    (select *, false as restored from ledger_intake where (tx, id) > ($1::xid8, $2::bigint) and tx < pg_snapshot_xmin(pg_current_snapshot()) order by tx, id limit ${SEAL_AT_MOST})
    union all
    (select *, true as restored from ledger_intake where tx >= pg_snapshot_xmax(pg_current_snapshot()) order by tx, id limit ${SEAL_AT_MOST})
  ) settled
  order by tx, id
  limit ${SEAL_AT_MOST}`;

/** What waits at the intake after `last`, in order, and where to look on from; `last` undefined = from the beginning. */
export async function readIntake(client: pg.PoolClient, last: Place = { tx: '0', id: 0 }): Promise<{ events: IntakeEvent[]; last: Place }> {
  const { rows } = await client.query<IntakeEvent>({ name: 'ledger-read-intake', text: READ_INTAKE, values: [last.tx, last.id] });
  return { events: rows, last: rows.findLast((event) => !event.restored) ?? last };
}

/** From the intake into the book, the head moved and everybody told, in one statement: all of it or nothing. */
const APPEND = `
  with gone as (
    delete from ledger_intake intake using unnest($1::xid8[], $2::bigint[], $3::bigint[], $4::text[], $5::text[]) as chained (tx, id, position, hash, previous_hash)
    where intake.tx = chained.tx and intake.id = chained.id
    returning intake.*, chained.position, chained.hash, chained.previous_hash
  ), sealed as (
    insert into ledger_event (intake_id, position, hash, previous_hash, at, type, business_day, store_id, campaign_id, code, amount, currency, data, name,
                              redemption_id, reversal_id, voucher_id, customer_id, order_source, order_external_id)
    select id, position, hash, previous_hash, at, type, business_day, store_id, campaign_id, code, amount, currency, data, name,
           redemption_id, reversal_id, voucher_id, customer_id, order_source, order_external_id
    from gone order by position
    returning 1
  ), moved as (
    update ledger_head set position = $6, hash = $7 where id = 1 and position = $8 and hash = $9 returning 1
  )
  select case when (select count(*) from sealed) <> cardinality($2::bigint[]) or not exists (select from moved) then refuse_batch('ledger') end,
         pg_notify('valehub_ledger', $6::bigint::text)`;

/** An event at the intake, as the book will say it. */
export type IntakeEvent = Omit<LedgerEventRecord, 'cursor' | 'position' | 'hash' | 'previousHash'> & {
  readonly tx: string;
  readonly id: number;
  readonly restored: boolean;
};

/** Of an event at the intake. */
export type Place = Pick<IntakeEvent, 'tx' | 'id'>;

interface Head {
  readonly position: number;
  readonly hash: string;
}

/** Seals the events in this order after `head` and gives them back as readers get them. Throws where the chain ends elsewhere: two sealers are at work. */
export async function appendToBook(client: pg.PoolClient, head: Head, intake: readonly IntakeEvent[]): Promise<LedgerEventRecord[]> {
  const sealed: LedgerEventRecord[] = [];
  let end = head;
  for (const event of intake) {
    const line = inChain(end, event);
    sealed.push(line);
    end = line;
  }
  await client.query({
    name: 'ledger-append',
    text: APPEND,
    values: [
      arrayLiteral(intake.map((event) => event.tx)),
      arrayLiteral(intake.map((event) => event.id)),
      arrayLiteral(sealed.map((event) => event.position)),
      arrayLiteral(sealed.map((event) => event.hash)),
      arrayLiteral(sealed.map((event) => event.previousHash)),
      end.position,
      end.hash,
      head.position,
      head.hash,
    ],
  });
  return sealed;
}

function inChain(end: Head, event: IntakeEvent): LedgerEventRecord {
  const { type, at, businessDay, storeId, campaignId, code, amount, currency, data, name } = event;
  const { redemptionId, reversalId, voucherId, customerId, orderSource, orderExternalId } = event;
  const position = end.position + 1;
  const money = amount === null || currency === null ? null : { currency, minor: amount };
  const hash = chainHash(end.hash, { position, type, at, businessDay, storeId, campaignId, code, amount: money, data });
  const content = { type, at, businessDay, storeId, campaignId, code, amount, currency, data, name };
  const links = { redemptionId, reversalId, voucherId, customerId, orderSource, orderExternalId };
  return { cursor: encodeCursor(position), position, hash, previousHash: end.hash, ...content, ...links };
}
