import type { Plain } from '@valehub/connector-kit';
import type pg from 'pg';
import { storableJson } from '../../domain/connection/storable.ts';

/** Which question: a platform asks the same one again under the same key. */
export interface QuestionId {
  readonly connectionId: string;
  readonly question: string;
  readonly repeatKey: string;
}

export type Claim = { readonly answer: Plain } | 'MINE' | 'UNDER_WAY';

/** Answers by the platform's own id of the question, so that a repeat is answered as the first was. */
export class AnswerStore {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Takes the question for this process until `untilMs`; one whose process died is free again then. */
  async claim({ connectionId, question, repeatKey }: QuestionId, nowMs: number, untilMs: number): Promise<Claim> {
    const { rows } = await this.#pool.query<{ mine: boolean; answered: boolean; answer: Plain }>(
      `with claimed as (
         insert into question_answer as known (connection_id, question, repeat_key, asked_at, claimed_until) values ($1, $2, $3, $4, $5)
         on conflict (connection_id, question, repeat_key) do update set claimed_until = excluded.claimed_until
           where known.answered_at is null and known.claimed_until <= $4
         returning 1)
       select exists (select from claimed) as mine, answered_at is not null as answered, answer
       from (values (1)) as one left join question_answer on connection_id = $1 and question = $2 and repeat_key = $3`,
      [connectionId, question, repeatKey, new Date(nowMs), new Date(untilMs)],
    );
    const [row] = rows;
    if (row?.mine) return 'MINE';
    return row?.answered ? { answer: row.answer } : 'UNDER_WAY';
  }

  async keep({ connectionId, question, repeatKey }: QuestionId, answer: Plain, nowMs: number): Promise<void> {
    await this.#pool.query(
      'update question_answer set answer = $4::jsonb, answered_at = $5 where connection_id = $1 and question = $2 and repeat_key = $3',
      [connectionId, question, repeatKey, storableJson(answer), new Date(nowMs)],
    );
  }

  /** Free for another try at once. */
  async letGo({ connectionId, question, repeatKey }: QuestionId): Promise<void> {
    await this.#pool.query(
      'delete from question_answer where connection_id = $1 and question = $2 and repeat_key = $3 and answered_at is null',
      [connectionId, question, repeatKey],
    );
  }
}
