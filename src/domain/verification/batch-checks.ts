import { agreeing, countOf, eventsOf, finding } from './sql.ts';
import type { SqlCheck } from './verification.types.ts';

const advice =
  'Codes are computed from these ranges. Put the row back as it is in the last backup; the ledger has each batch that was asked for.';

/** Which codes there are, and which of them were given out. */
export const batchChecks: readonly SqlCheck[] = [
  {
    name: 'batches',
    kind: 'sql',
    promises: 'No code belongs to two batches, and random ones take up their pattern without a gap.',
    advice,
    of: countOf('code_batch'),
    sql: `${finding({
      table: 'code_batch',
      id: 'id',
      expected: "'codes from ' || reached || ' on'",
      found: "'codes from ' || first_index || ' to ' || first_index + count - 1",
    })} from (select id, first_index, count, pattern_id, max(first_index + coalesce(kept, count)) over (partition by pattern_id order by first_index, id rows between unbounded preceding and 1 preceding) as reached from code_batch) batch
      where first_index < reached
      union all ${finding({ table: 'code_pattern', id: 'code_pattern.id', expected: "coalesce(sum(coalesce(kept, count)), 0) || ' places given to batches'", found: "next_index || ' taken'" })}
      from code_pattern left join code_batch on pattern_id = code_pattern.id where kind = 'RANDOM' group by code_pattern.id having next_index <> coalesce(sum(coalesce(kept, count)), 0)
      union all ${finding({ table: 'code_batch', id: 'id', expected: "'at most ' || kept || ' codes'", found: 'count' })} from code_batch where count > kept
      union all ${finding({ table: 'code_batch', id: 'code_batch.id', expected: "'a pattern and a campaign'", found: "concat_ws(' and ', case when code_pattern.id is null then 'no pattern' end, case when campaign.id is null then 'no campaign' end)" })}
      from code_batch left join code_pattern on code_pattern.id = pattern_id left join campaign on campaign.id = campaign_id where code_pattern.id is null or campaign.id is null`,
  },
  {
    name: 'batches-asked-for',
    kind: 'sql',
    promises: 'Every batch that the ledger tells of is there with as many codes, for the same campaign.',
    advice,
    of: `select count(*) as n from ${eventsOf('CODES_GENERATED')} event`,
    sql: agreeing({
      table: 'code_batch',
      id: "coalesce(code_batch.id, event.data ->> 'batchId')",
      position: 'event.position',
      from: `${eventsOf('CODES_GENERATED')} event left join code_batch on code_batch.id = event.data ->> 'batchId'`,
      expected: ['event.type', 'CODES_GENERATED event'],
      found: ['code_batch.id', 'batch'],
      pairs: [
        ['codes', "(event.data ->> 'count')::bigint", "least(code_batch.count, (event.data ->> 'count')::bigint)"],
        ['campaign', 'event.campaign_id', 'code_batch.campaign_id'],
      ],
    }),
  },
  {
    name: 'issue-cursors',
    kind: 'sql',
    promises: 'Every code before a batch’s cursor was given out or used, and none that was issued lies behind it.',
    advice: 'Set the cursor to the number of codes from the front that have a voucher: else a code is passed over, or looked at twice.',
    of: countOf('code_batch'),
    sql: `with told as (select code from ${eventsOf('VOUCHER_ISSUED')} event)
      ${finding({ table: 'code_batch', id: 'id', expected: "issue_cursor || ' vouchers before the cursor'", found: 'count(voucher.code)' })}
      from (select code_batch.* from code_batch join code_pattern on code_pattern.id = pattern_id where kind <> 'SHARED') batch left join voucher on voucher.pattern_id = batch.pattern_id and idx >= first_index and idx < first_index + issue_cursor
      group by id, issue_cursor having count(voucher.code) <> issue_cursor
      union all ${finding({ table: 'code_batch', id: 'batch.id', expected: "'0 to ' || count", found: "'a cursor at ' || issue_cursor" })} from code_batch batch where issue_cursor < 0 or issue_cursor > count
      union all ${finding({ table: 'code_batch', id: 'batch.id', expected: "'all ' || count || ' given out, as they were made for it'", found: "'a cursor at ' || issue_cursor" })} from code_batch batch where kept is not null and issue_cursor < count
      union all ${finding({ table: 'code_batch', id: 'batch.id', expected: "'a cursor beyond ' || voucher.code || ', which was issued'", found: "'at ' || issue_cursor" })}
      from code_batch batch join voucher on voucher.pattern_id = batch.pattern_id and idx >= first_index + issue_cursor and idx < first_index + count join told on told.code = voucher.code`,
  },
];
