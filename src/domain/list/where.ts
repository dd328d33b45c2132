import { isGiven, isStorable } from '../shared/input-checks.ts';

/** Conditions of a statement that grows with what a filter holds. Left out and null add none. */
export class Where {
  readonly values: unknown[];
  readonly #conditions: string[] = [];

  /** `values`: those of the statement around, for a part of it. */
  constructor(values: unknown[] = []) {
    this.values = values;
  }

  /** `?` stands for the value. */
  and(condition: string, value: unknown): this {
    if (typeof value === 'string' && !isStorable(value)) return this.raw('false');
    return this.raw(
      condition.replace(
        '?',
        this.place(Array.isArray(value) ? value.filter((entry) => typeof entry !== 'string' || isStorable(entry)) : value),
      ),
    );
  }

  /** As `and`, unless the value is left out. */
  given(condition: string, value: unknown): this {
    return isGiven(value) ? this.and(condition, value) : this;
  }

  raw(condition: string): this {
    this.#conditions.push(condition);
    return this;
  }

  /** Where a further value stands in the statement. */
  place(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  toString(): string {
    return this.#conditions.length === 0 ? 'true' : this.#conditions.map((condition) => `(${condition})`).join(' and ');
  }
}
