import type pg from 'pg';
import type { Decision } from '../decision/decision.types.ts';
import { Batcher } from './batcher.ts';
import { type JudgeMeans, judge, tellsOfHolds } from './judge.ts';
import type { Prepared } from './prepared.ts';
import { outlookOf } from './prospect.ts';
import { placesOf, readState } from './state-reader.ts';
import { decideUntilKnown } from './until-known.ts';

const BATCH = 64;

/** Decides without taking anything. Those who ask while a look is away share the next one, so that a rush costs little more than one. */
export class Looker {
  readonly #pool: pg.Pool;
  readonly #means: JudgeMeans;
  readonly #batcher: Batcher<Prepared, Decision>;

  constructor(pool: pg.Pool, means: JudgeMeans) {
    this.#pool = pool;
    this.#means = means;
    this.#batcher = new Batcher((items) => this.#lookAll(items), BATCH);
  }

  look(prepared: Prepared): Promise<Decision> {
    return this.#batcher.submit(prepared);
  }

  async #lookAll(items: readonly Prepared[]): Promise<readonly Decision[]> {
    const places = placesOf(items, []);
    const { decisions } = await decideUntilKnown({
      run: this.#pool,
      means: this.#means,
      outlook: outlookOf(items, this.#means),
      read: (counterKeys) => readState(this.#pool, items, places, counterKeys),
      decide: (base) => {
        const asked = base.copy();
        const decisions = items.map((item) => {
          const { decision } = judge(item, asked, this.#means);
          if (!decision) throw new Error('A validation is always decided.');
          return decision;
        });
        return { asked, decisions, tells: decisions.some(({ outcomes }) => outcomes.some(tellsOfHolds)) };
      },
    });
    return decisions;
  }
}
