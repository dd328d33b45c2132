import type { CodeOutcome } from './decision.types.ts';
import type { Gift } from './incentive.ts';
import type { Queued, Turn } from './order-of-application.ts';

/** What was there when a voucher's turn came. */
export interface Before {
  /** By unit. */
  readonly due: readonly number[];
  /** What the incentive gives on it, before limits and combining were asked; null where there is nothing to reckon. */
  readonly gift: Gift | null;
}

/** Looks on while a decision is made, so that it can be explained. It is told and never asked: with it or without, the answer is the same. */
export interface Watch {
  /** In order of application. */
  queued(queue: readonly Queued[]): void;
  turned(turn: Turn, outcome: CodeOutcome, before: Before): void;
}
