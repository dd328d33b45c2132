import type pg from 'pg';
import { instantText } from '../shared/clock.ts';
import { badInput } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { CodeService } from './code.service.ts';
import type { CodePlace } from './code.types.ts';
import { capacity, PATTERNS, type RandomPattern } from './random-pattern.ts';

type PatternRow = RandomPattern & { readonly id: number; readonly nextIndex: number; readonly kept: number | null };

/** The random pattern that a campaign's codes grow in: that of its newest batch; null = it has no such batch, or one more could be guessed. */
export async function ownPattern(
  run: Pick<pg.Pool, 'query'>,
  codes: Pick<CodeService, 'isSafe'>,
  campaignId: string,
): Promise<number | null> {
  const { rows } = await run.query<Omit<PatternRow, 'kept'>>(
    `select code_pattern.id, prefix, length, alphabet, check_character as "checkCharacter", next_index as "nextIndex"
     from code_batch join code_pattern on code_pattern.id = pattern_id where campaign_id = $1 and kind = 'RANDOM' order by code_batch.created_at desc, code_batch.id desc limit 1`,
    [campaignId],
  );
  const newest = rows[0];
  return newest && codes.isSafe(newest, newest.nextIndex + 1) ? newest.id : null;
}

/** The pattern for campaigns without one, made where it is missing. CONFLICT where its texts could be somebody else's. */
export const housePattern = (codes: Pick<CodeService, 'patternFor'>): Promise<number> => codes.patternFor(PATTERNS.DV13);

/** The first batch of a campaign keeps so many places of its pattern, each further one twice as many as the one before. */
const FIRST_KEPT = 16;
const MOST_KEPT = 4_096;
/** A batch keeps at most this part of what is left: small patterns are not used up by places that nobody needs. */
const PART_KEPT = 100_000;

/**
 * One more code for a campaign, in the caller's transaction, already counted as given out: the next place that is kept for the campaign,
 * else the first of the next ones. Campaigns that take turns in one pattern would leave a batch for each code otherwise, and all batches
 * are in memory.
 */
export async function makeOneCode(client: pg.PoolClient, campaignId: string, patternId: number, now: number): Promise<CodePlace> {
  const index = (await nextKept(client, campaignId, patternId)) ?? (await keepMore(client, campaignId, patternId, now));
  await client.query("notify valehub_terms, 'codes'");
  return { patternId, index };
}

async function nextKept(client: pg.PoolClient, campaignId: string, patternId: number): Promise<number | null> {
  const { rows } = await client.query<{ index: number }>(
    `update code_batch set count = count + 1, issue_cursor = issue_cursor + 1, changed = pg_current_xact_id()
     where id = (select id from code_batch where campaign_id = $1 and pattern_id = $2 and count < kept order by id limit 1 for update)
     returning first_index + count - 1 as index`,
    [campaignId, patternId],
  );
  return rows[0]?.index ?? null;
}

async function keepMore(client: pg.PoolClient, campaignId: string, patternId: number, now: number): Promise<number> {
  const { rows } = await client.query<PatternRow>(
    `select id, prefix, length, alphabet, check_character as "checkCharacter", next_index as "nextIndex",
       (select max(kept) from code_batch where campaign_id = $2 and pattern_id = code_pattern.id) as kept
     from code_pattern where id = $1 for update`,
    [patternId, campaignId],
  );
  const pattern = rows[0] as PatternRow;
  const index = pattern.nextIndex;
  const room = capacity(pattern) - index;
  if (room <= 0)
    throw badInput({
      path: 'input.campaignId',
      message: 'All codes of the campaign and of its pattern are given out. Make more codes in a longer pattern.',
    });
  const wanted = pattern.kept === null ? FIRST_KEPT : Math.min(2 * pattern.kept, MOST_KEPT);
  const kept = Math.max(1, Math.min(wanted, Math.floor(room / PART_KEPT)));
  await client.query('update code_pattern set next_index = next_index + $2 where id = $1', [patternId, kept]);
  await client.query(
    'insert into code_batch (id, campaign_id, pattern_id, first_index, count, kept, issue_cursor, created_at) values ($1, $2, $3, $4, 1, $5, 1, $6)',
    [newId('codeBatch', now), campaignId, patternId, index, kept, instantText(now)],
  );
  return index;
}
