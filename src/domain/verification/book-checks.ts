import { countOf, EVENTS, finding } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

/** A sealer that lives needs a second; hubs on several machines have several clocks. */
const SEALED_WITHIN = "interval '5 minutes'";

const advice =
  'Look into the log of the hub for the sealer. If the table was changed by hand, keep a copy of the database and compare it with the last backup.';

/** What each event of its kind happens to once only; null = as often as it likes. */
const ONCE = `case type
  when 'VOUCHER_REDEEMED' then redemption_id
  when 'REDEMPTION_REVERSED' then reversal_id
  when 'VOUCHER_REJECTED' then data ->> 'rejectionId'
  when 'VOUCHER_HELD' then concat(data ->> 'holdId', ' ', code)
  when 'HOLD_RELEASED' then concat(data ->> 'holdId', ' ', code)
  when 'VOUCHER_ISSUED' then code
  when 'VOUCHER_EXPIRED' then code
  when 'VOUCHER_CANCELLED' then code
  when 'ORDER_RECORDED' then data ->> 'orderId'
  when 'PAYMENT_LINKED' then redemption_id
  when 'REFUND_RECORDED' then coalesce(data ->> 'refundId', concat(order_source, ' ', data ->> 'refundExternalId'))
  when 'CUSTOMER_CREATED' then customer_id
  when 'CODES_GENERATED' then data ->> 'batchId' end`;

/** The ledger as a book of its own. */
export const bookChecks: readonly SqlCheck[] = [
  {
    name: 'sealed-once',
    kind: 'sql',
    promises: 'No event was sealed twice, and none that is sealed still waits.',
    advice,
    of: countOf(`${EVENTS} event`),
    sql: `${finding({
      table: 'ledger_event',
      id: "'intake ' || intake_id",
      position: 'max(position)',
      expected: "'once'",
      found: "count(*) || ' times' || case when count(position) < count(*) then ', one of them still waiting' else '' end",
    })} from ${EVENTS} event group by intake_id having count(*) > 1`,
  },
  {
    name: 'happened-once',
    kind: 'sql',
    promises: 'What can happen once is in the ledger once.',
    advice:
      'The same thing stands in the ledger twice. Compare both events with the row they are about; keep a copy before anything is mended.',
    of: countOf(`${EVENTS} event`),
    sql: `${finding({
      table: 'ledger_event',
      id: 'key',
      position: 'max(position)',
      expected: "'one ' || type",
      found: "count(*) || ' of them'",
    })} from (select type, position, ${ONCE} as key from ${EVENTS} event) event where key is not null group by type, key having count(*) > 1`,
  },
  {
    name: 'intake',
    kind: 'sql',
    promises: 'No event has waited to be sealed while later ones were.',
    advice:
      'The sealer passed this event over or stands still: restart the hub, and look again. The event is kept and is sealed when it runs.',
    of: countOf('ledger_intake'),
    sql: `${finding({
      table: 'ledger_intake',
      id: "type || ' ' || id",
      expected: "'sealed within a second of ' || at",
      found: "'waiting while the hub wrote until ' || newest",
    })} from ledger_intake, (select max(at) as newest from ${EVENTS} event) last where at < newest - ${SEALED_WITHIN}`,
  },
  {
    name: 'partitions',
    kind: 'sql',
    promises: 'Every part of the ledger is attached to it.',
    advice: 'Attach the partition again (alter table ledger_event attach partition ...), then look again.',
    of: "select count(*) as n from pg_class where relname ~ '^ledger_event_[0-9]{4}_[0-9]{2}$'",
    sql: `${finding({ table: 'pg_class', id: 'oid::regclass', expected: "'a partition of ledger_event'", found: "'a table of its own'" })}
      from pg_class where relname ~ '^ledger_event_[0-9]{4}_[0-9]{2}$' and relkind = 'r' and not relispartition and relnamespace = (select relnamespace from pg_class where oid = 'ledger_event'::regclass)`,
  },
  {
    name: 'readers',
    kind: 'sql',
    promises: 'Nobody has read further than the ledger reaches.',
    advice: 'The ledger is shorter than it was: workflows have seen events that are gone. Put the last backup beside it.',
    of: countOf('ledger_reader'),
    sql: `${finding({
      table: 'ledger_reader',
      id: 'name',
      position: 'reader.position',
      expected: "'at most ' || head.position",
      found: 'reader.position',
    })} from ledger_reader reader, ledger_head head where reader.position > head.position`,
  },
];
