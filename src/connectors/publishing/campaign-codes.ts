import type pg from 'pg';
import type { CodeService } from '../../domain/code/code.service.ts';
import type { CampaignCodes } from './plan.rules.ts';

interface Batch {
  readonly patternId: number;
  readonly firstIndex: number;
  readonly count: number;
  readonly shared: boolean;
}

/** Codes that may be handed to a platform: not used up, not stopped. */
const USABLE = `select idx from voucher where pattern_id = $1 and idx >= $2 and idx < $3 and status not in ('CREATED', 'ISSUED')`;

/** The codes of a campaign in their order, however many batches they came in. */
export class CampaignCodeList {
  readonly #pool: pg.Pool;
  readonly #codes: Pick<CodeService, 'codesFrom' | 'codeAt' | 'refresh'>;

  constructor(pool: pg.Pool, codes: Pick<CodeService, 'codesFrom' | 'codeAt' | 'refresh'>) {
    this.#pool = pool;
    this.#codes = codes;
  }

  async about(campaignId: string): Promise<CampaignCodes> {
    const batches = await this.#batches(campaignId);
    const sample = batches.flatMap(({ patternId, firstIndex, count }) => [
      this.#codes.codeAt({ patternId, index: firstIndex }),
      this.#codes.codeAt({ patternId, index: firstIndex + count - 1 }),
    ]);
    return {
      total: batches.reduce((sum, { count }) => sum + count, 0),
      shared: batches.some(({ shared }) => shared),
      longest: Math.max(0, ...sample.map((code) => code.length)),
      sample,
    };
  }

  /** Up to `count` places from `from` on; those that are used up are left out. */
  async slice(campaignId: string, from: number, count: number): Promise<readonly string[]> {
    const codes: string[] = [];
    let begin = 0;
    for (const batch of await this.#batches(campaignId)) {
      const first = Math.max(from, begin);
      const last = Math.min(from + count, begin + batch.count);
      if (first < last) codes.push(...(await this.#usable(batch, first - begin, last - first)));
      begin += batch.count;
    }
    return codes;
  }

  async #usable({ patternId, firstIndex }: Batch, offset: number, count: number): Promise<readonly string[]> {
    const index = firstIndex + offset;
    const { rows } = await this.#pool.query<{ idx: number }>(USABLE, [patternId, index, index + count]);
    const gone = new Set(rows.map(({ idx }) => idx));
    return this.#codes.codesFrom({ patternId, index }, count).filter((_code, at) => !gone.has(index + at));
  }

  async #batches(campaignId: string): Promise<readonly Batch[]> {
    const { rows } = await this.#pool.query<Batch>(
      `select pattern_id as "patternId", first_index as "firstIndex", count, code_pattern.kind = 'SHARED' as shared
       from code_batch join code_pattern on code_pattern.id = pattern_id where campaign_id = $1 and kept is null order by code_batch.created_at, code_batch.id`,
      [campaignId],
    );
    if (rows.length > 0) await this.#codes.refresh();
    return rows;
  }
}
