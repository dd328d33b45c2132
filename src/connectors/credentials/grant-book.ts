import type { Clock } from '../../domain/shared/clock.ts';
import type { Grant, GrantStore } from './grant-store.ts';

/** Grants as they are used, kept in memory for as long as `freshMs`. */
export class GrantBook {
  readonly #store: GrantStore;
  readonly #clock: Clock;
  readonly #freshMs: number;
  readonly #known = new Map<string, { readonly grant: Grant; readonly readAtMs: number }>();

  constructor(options: { readonly store: GrantStore; readonly clock: Clock; readonly freshMs: number }) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#freshMs = options.freshMs;
  }

  async get(id: string): Promise<Grant> {
    const known = this.#known.get(id);
    if (known !== undefined && Math.abs(this.#clock.now() - known.readAtMs) < this.#freshMs) return known.grant;
    return this.fresh(id);
  }

  async fresh(id: string): Promise<Grant> {
    const grant = await this.#store.find(id);
    if (grant === undefined) throw new Error(`There is no grant ${id}.`);
    this.#known.set(id, { grant, readAtMs: this.#clock.now() });
    return grant;
  }

  /** The newest that anybody in this process has seen. */
  newest(held: Grant): Grant {
    const known = this.#known.get(held.id)?.grant;
    return known !== undefined && known.version > held.version ? known : held;
  }

  /** Of all grants where none is named. */
  forget(id?: string): void {
    if (id === undefined) this.#known.clear();
    else this.#known.delete(id);
  }
}
