import type pg from 'pg';
import { inTransaction } from '../../src/database/transaction.ts';
import type { LedgerDraft, LedgerEventRecord } from '../../src/domain/ledger/ledger.types.ts';
import { writeEvents } from '../../src/domain/ledger/ledger-writer.ts';

/** An event of no consequence, of one second after the other. */
export const aDraft = (n: number, over: Partial<LedgerDraft> = {}): LedgerDraft => ({
  type: 'CUSTOM',
  at: new Date(Date.parse('2026-05-04T18:00:00.000Z') + n * 1_000).toISOString(),
  name: 'test.event',
  data: { n },
  ...over,
});

/** `count` events in one transaction, numbered from `first`. */
export const writeMany = (pool: pg.Pool, first: number, count: number, over: Partial<LedgerDraft> = {}): Promise<void> =>
  inTransaction(pool, (client) =>
    writeEvents(
      client,
      Array.from({ length: count }, (_, at) => aDraft(first + at, over)),
    ),
  );

/** Takes `count` events, then leaves. */
export async function take(events: AsyncIterable<LedgerEventRecord>, count: number): Promise<LedgerEventRecord[]> {
  const taken: LedgerEventRecord[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

export const positions = (events: readonly LedgerEventRecord[]): number[] => events.map((event) => event.position);
export const upTo = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
export const numbers = (events: readonly { readonly data: Readonly<Record<string, unknown>> }[]): unknown[] =>
  events.map((event) => event.data['n']);
