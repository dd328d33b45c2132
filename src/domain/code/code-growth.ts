import type pg from 'pg';
import { instantText } from '../shared/clock.ts';
import { badInput } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { CodeService } from './code.service.ts';
import type { CodePlace } from './code.types.ts';
import { capacity, PATTERNS, type RandomPattern } from './random-pattern.ts';

type PatternRow = RandomPattern & { readonly id: number; readonly nextIndex: number };

/** The random pattern that a campaign's codes grow in: that of its newest batch; null = it has no such batch. */
export async function ownPattern(run: Pick<pg.Pool, 'query'>, campaignId: string): Promise<number | null> {
  const { rows } = await run.query<{ id: number }>(
    `select code_pattern.id from code_batch join code_pattern on code_pattern.id = pattern_id where campaign_id = $1 and kind = 'RANDOM' order by code_batch.created_at desc, code_batch.id desc limit 1`,
    [campaignId],
  );
  return rows[0]?.id ?? null;
}

/** The pattern for campaigns without one, made where it is missing. CONFLICT where its texts could be somebody else's. */
export const housePattern = (codes: Pick<CodeService, 'patternFor'>): Promise<number> =>
  codes.patternFor({ kind: 'random', pattern: PATTERNS.DV13 });

/**
 * One more code for a campaign, in the caller's transaction, already counted as given out. A batch that ends where the pattern does
 * is made longer, so that codes made one by one do not leave a batch each.
 */
export async function makeOneCode(client: pg.PoolClient, campaignId: string, patternId: number, now: number): Promise<CodePlace> {
  const { rows } = await client.query<PatternRow>(
    'select id, prefix, length, alphabet, check_character as "checkCharacter", next_index as "nextIndex" from code_pattern where id = $1 for update',
    [patternId],
  );
  const pattern = rows[0] as PatternRow;
  const index = pattern.nextIndex;
  if (index >= capacity(pattern))
    throw badInput({
      path: 'input.campaignId',
      message: 'All codes of the campaign and of its pattern are given out. Make more codes in a longer pattern.',
    });
  await client.query('update code_pattern set next_index = next_index + 1 where id = $1', [patternId]);
  const { rowCount } = await client.query(
    'update code_batch set count = count + 1, issue_cursor = issue_cursor + 1 where campaign_id = $1 and pattern_id = $2 and first_index + count = $3 and issue_cursor = count',
    [campaignId, patternId, index],
  );
  if (rowCount === 0) {
    await client.query(
      'insert into code_batch (id, campaign_id, pattern_id, first_index, count, issue_cursor, created_at) values ($1, $2, $3, $4, 1, 1, $5)',
      [newId('codeBatch', now), campaignId, patternId, index, instantText(now)],
    );
  }
  await client.query("notify valehub_terms, 'codes'");
  return { patternId, index };
}
