import { countOf, EVENTS, eventsOf, finding } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

const ANSWER = "answer ->> 'kind'";

const listed = (member: string): string =>
  `jsonb_array_elements_text(case when jsonb_typeof(answer -> '${member}') = 'array' then answer -> '${member}' else '[]' end)`;

/** What an answer leads to, and the rows that must each have exactly one answer. */
const LEADS = `
  select 'checkout' as thing, answer ->> 'checkoutId' as id, scope, key from idempotency where answer ? 'checkoutId'
  union all select 'hold', answer ->> 'holdId', scope, key from idempotency where answer ? 'holdId'
  union all select 'reversal', ${listed('reversalIds')}, scope, key from idempotency
  union all select 'rejection', ${listed('rejectionIds')}, scope, key from idempotency
  union all select 'code_batch', answer ->> 'batchId', scope, key from idempotency where answer ? 'batchId'
  union all select 'refund', answer ->> 'refundId', scope, key from idempotency where answer ? 'refundId'
  union all select 'reversal', jsonb_array_elements_text(reversal_ids), 'refund', id from refund where external_id is null`;
const THINGS = `
  select 'checkout' as thing, id, true as there, true as wanted, redeem_key as made_by from checkout
  union all select 'hold', id, true, true, null from hold
  union all select 'reversal', id, true, true, null from reversal
  union all select 'rejection', id, true, action in ('REDEEM', 'HOLD') and reason <> 'IDEMPOTENCY_KEY_REUSED' and not (action = 'HOLD' and code is null), null from rejection
  union all select 'code_batch', id, true, false, null from code_batch
  union all select 'refund', id, true, external_id is null, null from refund`;

const advice =
  'The key is what makes a request happen once: without it a till that asks again is served again. Put the row back as it is in the last backup.';

/** Keys and what was answered under them. */
export const keyChecks: readonly SqlCheck[] = [
  {
    name: 'keys',
    kind: 'sql',
    promises: 'Every redeem, hold, reversal and refusal stands under one key, and every key leads to what it was answered with.',
    advice,
    of: countOf('idempotency'),
    sql: `${finding({
      table: 'idempotency',
      id: "concat(thing, ' ', id)",
      expected:
        "case when there is null then 'what ' || scope || ' ' || key || ' leads to' else 'one key' || coalesce(', ' || made_by, '') end",
      found:
        "case when there is null or times is null then 'none' else times || case times when 1 then ' key, ' else ' keys, ' end || scope || ' ' || key end",
    })} from (select thing, id, count(*) as times, min(scope) as scope, min(key) as key from (${LEADS}) lead group by 1, 2) led full join (${THINGS}) made using (thing, id)
      where there is null or (wanted and times is null) or times > 1 or key <> made_by`,
  },
  {
    name: 'other-keys',
    kind: 'sql',
    promises: 'Every issued voucher, recorded order, refund and custom event that a key stands for is there.',
    advice,
    of: countOf("idempotency where scope in ('issueVoucher', 'orderRecorded', 'refund', 'recordEvent')"),
    sql: `${finding({ table: 'idempotency', id: "'issueVoucher ' || key", expected: "concat('a voucher at ', answer ->> 'patternId', ':', answer ->> 'index')", found: "'none'" })}
      from idempotency left join voucher on pattern_id = (answer ->> 'patternId')::int and idx = (answer ->> 'index')::bigint where scope = 'issueVoucher' and ${ANSWER} = 'issued' and voucher.code is null
      union all ${finding({ table: 'idempotency', id: "'orderRecorded ' || coalesce(key, event.data ->> 'orderId')", position: 'event.position', expected: "case when key is null then 'a key' else 'an ORDER_RECORDED event' end", found: "'none'" })}
      from (select key from idempotency where scope = 'orderRecorded') known full join ${eventsOf('ORDER_RECORDED')} event on event.data ->> 'orderId' = key where key is null or event.type is null
      union all ${finding({ table: 'idempotency', id: "'refund ' || coalesce(key, event.data ->> 'refundExternalId')", position: 'event.position', expected: "case when key is null then 'a key' else 'a REFUND_RECORDED event' end", found: "'none'" })}
      from (select key from idempotency where scope = 'refund') known full join (select * from ${eventsOf('REFUND_RECORDED')} event where data ->> 'refundExternalId' is not null) event on concat(event.order_source, ':', event.data ->> 'refundExternalId') = key where key is null or event.type is null
      union all ${finding({ table: 'idempotency', id: "'recordEvent ' || key", expected: "concat('event ', answer ->> 'intakeId', ' of the intake')", found: "'none'" })}
      from idempotency left join (select intake_id from ${EVENTS} event where type = 'CUSTOM') event on event.intake_id = (answer ->> 'intakeId')::bigint where scope = 'recordEvent' and event.intake_id is null`,
  },
];
