import type pg from 'pg';
import type { CodeService } from '../code/code.service.ts';
import type { CodePlace } from '../code/code.types.ts';
import { makeOneCode, ownPattern } from '../code/code-growth.ts';
import { maxUsesOf } from '../decision/counters.ts';
import type { CampaignTerms, CounterState, CounterUse } from '../decision/decision.types.ts';
import { instantText } from '../shared/clock.ts';
import { badInput } from '../shared/errors.ts';

// The statements by which vouchers get an owner, in the caller's transaction.

/** What is to be given, and to whom. */
export interface Grant {
  readonly campaign: CampaignTerms;
  readonly count: number;
  /** The pattern for new codes of a campaign none of whose batches has one; null = there is none. Asked where codes run out. */
  growth(): number | null;
  readonly customerId: string | null;
  /** RFC 3339; null = at once, and as long as the campaign. */
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly sourceOrderId: string | null;
  /** Epoch ms. */
  readonly now: number;
}

/** A pattern that another process made a moment ago: nothing was done; read the codes anew and try again. */
export class PatternUnread extends Error {}

/**
 * The counters with a ceiling, locked in one order, and `also` as they stand. Each has a row before it is locked: where nobody counted
 * yet there would be nothing to wait at, and two at once would both be the first.
 */
export async function lockCounters(
  client: pg.PoolClient,
  uses: readonly CounterUse[],
  also: readonly string[] = [],
): Promise<Map<string, CounterState>> {
  const keys = [...new Set(uses.flatMap((use) => (use.max === null ? [] : [use.key])))];
  await client.query(
    'insert into counter (key, used, held) select key, 0, 0 from unnest($1::text[]) as key order by key collate "C" on conflict do nothing',
    [keys],
  );
  const locked = await client.query<CounterRow>(
    'select key, used, held from counter where key = any($1::text[]) order by key collate "C" for update',
    [keys],
  );
  const rows = also.length === 0 ? locked.rows : [...locked.rows, ...(await readCounters(client, also))];
  return new Map(rows.map((row) => [row.key, { used: row.used, held: row.held, heldUntil: null }]));
}

interface CounterRow {
  readonly key: string;
  readonly used: number;
  readonly held: number;
}

const readCounters = async (client: pg.PoolClient, keys: readonly string[]): Promise<CounterRow[]> =>
  (await client.query<CounterRow>('select key, used, held from counter where key = any($1::text[])', [keys])).rows;

/** Counts what was decided under the lock. */
export async function countUses(client: pg.PoolClient, uses: readonly CounterUse[]): Promise<void> {
  const sums = new Map<string, number>();
  for (const { key, delta } of uses) sums.set(key, (sums.get(key) ?? 0) + delta);
  await client.query(
    `insert into counter (key, used, held) select key, delta, 0 from json_to_recordset($1::json) as use (key text, delta bigint) order by key collate "C"
     on conflict (key) do update set used = counter.used + excluded.used`,
    [JSON.stringify([...sums].map(([key, delta]) => ({ key, delta })))],
  );
}

/** The first codes of the campaign's batches that nobody touched, and then new ones in its pattern, in this order. */
export async function takeVouchers(
  client: pg.PoolClient,
  codes: Pick<CodeService, 'codeAt' | 'isSafe' | 'knows'>,
  grant: Grant,
): Promise<(CodePlace & { readonly code: string })[]> {
  const taken: (CodePlace & { readonly code: string })[] = [];
  while (taken.length < grant.count) {
    let places = await nextOfBatches(client, grant.campaign.id, grant.count - taken.length);
    if (places.length === 0) {
      const pattern = (await ownPattern(client, codes, grant.campaign.id)) ?? grant.growth();
      if (pattern === null) throw badInput({ path: 'input.campaignId', message: 'All codes of the campaign are given out: make more.' });
      places = [await makeOneCode(client, grant.campaign.id, pattern, grant.now)];
    }
    if (!places.every((place) => codes.knows(place))) throw new PatternUnread();
    const rows = places.map((place) => ({ ...place, code: codes.codeAt(place) }));
    const { rows: fresh } = await client.query<CodePlace>(
      `insert into voucher (pattern_id, idx, code, campaign_id, status, uses, max_uses, holds, customer_id, valid_from, valid_until, terms_version, source_order_id, created_at)
       select pattern_id, idx, code, $4, 'ISSUED', 0, $5, 0, $6, $7, $8, $9, $10, $11 from unnest($1::int[], $2::bigint[], $3::text[]) as place (pattern_id, idx, code)
       order by pattern_id, idx on conflict (pattern_id, idx) do nothing returning pattern_id as "patternId", idx as "index"`,
      [
        rows.map((row) => row.patternId),
        rows.map((row) => row.index),
        rows.map((row) => row.code),
        grant.campaign.id,
        maxUsesOf(grant.campaign, false),
        grant.customerId,
        grant.validFrom,
        grant.validUntil,
        grant.campaign.version,
        grant.sourceOrderId,
        instantText(grant.now),
      ],
    );
    // Some may have been used without being issued: the next ones then.
    const made = new Set(fresh.map((place) => `${place.patternId}:${place.index}`));
    taken.push(...rows.filter((row) => made.has(`${row.patternId}:${row.index}`)));
  }
  return taken;
}

/** Moves the cursor of the oldest batch that has codes left. Issuers wait for each other here, for the length of one commit. */
async function nextOfBatches(client: pg.PoolClient, campaignId: string, count: number): Promise<CodePlace[]> {
  const { rows } = await client.query<{ patternId: number; first: number; taken: number }>(
    `update code_batch batch set issue_cursor = least(batch.count, batch.issue_cursor + $2)
     from (select code_batch.id, first_index + issue_cursor as first, least(count - issue_cursor, $2) as taken
           from code_batch join code_pattern on code_pattern.id = pattern_id and kind <> 'SHARED'
           where campaign_id = $1 and issue_cursor < count order by code_batch.created_at, code_batch.id limit 1 for update of code_batch) open
     where batch.id = open.id
     returning pattern_id as "patternId", open.first, open.taken`,
    [campaignId, count],
  );
  const batch = rows[0];
  return batch ? Array.from({ length: batch.taken }, (_, at) => ({ patternId: batch.patternId, index: batch.first + at })) : [];
}
