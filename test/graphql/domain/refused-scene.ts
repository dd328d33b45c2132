import type { PublicReason, ReasonCode } from '../../../src/domain/shared/reasons.ts';
import type { Desk, Input } from './desk.ts';

/** What is asked where a rule refuses: codes on an order. */
export interface Asked {
  readonly codes: readonly string[];
  readonly order: Input;
  readonly tillId?: string;
  /** Of which code the refusal is; the first unless said. */
  readonly index?: number;
}

export interface RefusedScene {
  readonly reason: ReasonCode;
  readonly when?: string;
  readonly set: (desk: Desk) => Promise<Asked>;
  readonly es: string;
  readonly en: string;
  readonly publicReason: PublicReason;
  readonly retryable: boolean;
  /** Members that are not null, but for the message. */
  readonly nearest?: Input;
  readonly nearestEn?: string;
  /** Placed after now, which the public may not do. */
  readonly aheadOfNow?: true;
}
