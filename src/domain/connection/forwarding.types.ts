import type { PlainRecord } from './connection.types.ts';

export interface ForwardingDraft {
  readonly connectionId: string;
  readonly verb: string;
  readonly events: readonly string[];
  readonly filter: string | null;
  readonly settings: unknown;
  /** From the first event of the book; else from now on. */
  readonly fromStart: boolean;
}

/** Undefined = unchanged. */
export interface ForwardingPatch {
  readonly events?: readonly string[] | undefined;
  readonly filter?: string | null | undefined;
  readonly settings?: unknown;
  readonly paused?: boolean | undefined;
}

export interface ForwardingRecord {
  readonly id: string;
  readonly connectionId: string;
  readonly verb: string;
  readonly events: readonly string[];
  readonly filter: string | null;
  readonly settings: PlainRecord;
  readonly position: number;
  /** Of the whole book, whatever it wants of it. */
  readonly behind: number;
  readonly paused: boolean;
}
