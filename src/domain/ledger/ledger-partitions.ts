import type { SqlRunner } from './ledger-writer.ts';

/** The book is partitioned by month of `at`; a month's partition is made when its first event is sealed. */
export class LedgerPartitions {
  readonly #known = new Set<string>();

  /** `at` in RFC 3339, UTC. Runs inside the sealer's transaction, whose lock keeps others out. */
  async ensure(run: SqlRunner, instants: readonly string[]): Promise<void> {
    for (const month of new Set(instants.map((at) => at.slice(0, 7)))) {
      if (this.#known.has(month)) continue;
      const [year, number] = month.split('-').map(Number) as [number, number];
      const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
      await run.query(
        `create table if not exists ledger_event_${month.replace('-', '_')} partition of ledger_event for values from ('${month}-01T00:00:00Z') to ('${next}-01T00:00:00Z')`,
        [],
      );
      this.#known.add(month);
    }
  }

  /** After a rollback nothing is certain. */
  forget(): void {
    this.#known.clear();
  }
}
