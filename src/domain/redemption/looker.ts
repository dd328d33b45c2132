import type pg from 'pg';
import type { Decision } from '../decision/decision.types.ts';
import { Batcher } from './batcher.ts';
import { type JudgeMeans, judge, meetStrangers, tellsOfHolds } from './judge.ts';
import type { Prepared } from './prepared.ts';
import { outlookOf } from './prospect.ts';
import { placesOf, readEnds, readState } from './state-reader.ts';

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

  async #lookAll(items: readonly Prepared[]): Promise<Decision[]> {
    const wanted = [...outlookOf(items, this.#means).missing];
    let state = await readState(this.#pool, items, placesOf(items, []), wanted);
    for (;;) {
      const decisions = items.map((item) => {
        const { decision } = judge(item, state, this.#means);
        if (!decision) throw new Error('A validation is always decided.');
        return decision;
      });
      if (state.missing.size === 0 && state.unread.length === 0 && state.strangers.size === 0) {
        if (state.untold.size === 0 || !decisions.some(({ outcomes }) => outcomes.some(tellsOfHolds))) return decisions;
        await readEnds(this.#pool, state);
        continue;
      }
      await this.#means.readTerms(state.unread.splice(0));
      await meetStrangers(this.#pool, state.strangers, state, this.#means);
      state.strangers.clear();
      if (state.missing.size === 0) continue;
      wanted.push(...state.missing);
      const { facts } = state;
      state = await readState(this.#pool, items, placesOf(items, []), wanted);
      for (const [item, known] of facts) state.facts.set(item, known);
    }
  }
}
