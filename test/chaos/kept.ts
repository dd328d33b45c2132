/** What a platform keeps by its ids. What it does not have is asked for by mistake. */
export class Kept<T> {
  readonly #all = new Map<string, T>();

  set(id: string, one: T): void {
    this.#all.set(id, one);
  }

  of(id: string): T {
    const one = this.#all.get(id);
    if (one === undefined) throw new Error(`There is no order ${id}.`);
    return one;
  }
}

/** A stand-in's own reckoning of all its orders, made once until something happens: for each order by itself it would be made as often as there are orders. */
export class Reckoning<T extends { readonly id: string }> {
  readonly #reckon: () => readonly T[];
  #kept: Kept<T> | undefined;

  constructor(reckon: () => readonly T[]) {
    this.#reckon = reckon;
  }

  happened(): void {
    this.#kept = undefined;
  }

  of(id: string): T {
    if (this.#kept === undefined) {
      this.#kept = new Kept();
      for (const one of this.#reckon()) this.#kept.set(one.id, one);
    }
    return this.#kept.of(id);
  }
}
