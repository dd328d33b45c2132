import type pg from 'pg';
import type { Keyring } from '../shared/keyring.ts';

/** What does not agree, and where. */
export interface Finding {
  readonly table: string;
  /** Of the row: its key as text. */
  readonly id: string;
  /** In the ledger, where it is about a sealed event. */
  readonly position: number | null;
  readonly expected: string;
  readonly found: string;
}

interface Promised {
  /** Stable, in kebab case: what a report and a test name it by. */
  readonly name: string;
  /** One sentence: what holds where it finds nothing. */
  readonly promises: string;
  /** What a person does about a finding. */
  readonly advice: string;
}

/** A check in one statement, which gives only what does not agree: "table", id, position, expected, found. */
export interface SqlCheck extends Promised {
  readonly kind: 'sql';
  readonly sql: string;
  /** A statement that gives how many things are looked at. */
  readonly of: string;
}

/** A check that reads row by row and reckons here. */
export interface StreamCheck extends Promised {
  readonly kind: 'stream';
  /** It needs the hub's secret, by which codes and voucher ids are computed. */
  readonly needsSecret: boolean;
  /** Gives how many things it looked at. */
  run(means: StreamMeans): Promise<number>;
}

export type Check = SqlCheck | StreamCheck;

export interface StreamMeans {
  readonly snapshot: Snapshot;
  /** null = not given; only checks that need it may ask. */
  readonly keyring: Keyring | null;
  readonly against: NotedHead | null;
  find(finding: Finding): void;
  /** How far it is, now and then. */
  progress(looked: number): void;
}

/** A head of the chain that somebody wrote down earlier. */
export interface NotedHead {
  readonly position: number;
  /** Lower-case hex. */
  readonly hash: string;
}

/** One moment of the database, read only. */
export interface Snapshot {
  rows<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Row by row in bounded memory. */
  stream<Row extends pg.QueryResultRow>(text: string): AsyncGenerator<Row>;
}

export interface CheckReport {
  readonly name: string;
  readonly promises: string;
  readonly advice: string;
  /** How many things were looked at. */
  readonly looked: number;
  /** How many findings there are in all. */
  readonly found: number;
  /** The first of them. */
  readonly findings: readonly Finding[];
  /** Why it could not be made; null = it was. */
  readonly skipped: string | null;
  readonly ms: number;
}

export interface BooksReport {
  /** Where the chain ended at that moment: what to note down for later. */
  readonly head: NotedHead;
  /** Events committed and not yet sealed. */
  readonly waiting: number;
  readonly checks: readonly CheckReport[];
  readonly found: number;
  readonly skipped: number;
}
