import type { Failure } from '@valehub/connector-kit';
import type { JobStatus, NoticeReason, NoticeState } from './connection.types.ts';

/** One thing that a platform said, and what became of it. */
export interface NoticeRecord {
  readonly id: string;
  readonly topic: string;
  readonly account: string | null;
  readonly location: string | null;
  readonly state: NoticeState;
  readonly reason: NoticeReason | null;
  readonly attempts: number;
  readonly nextAt: string;
  readonly lastError: string | null;
  readonly settledAt: string | null;
}

/** A request of a platform as it came. */
export interface DeliveryRecord {
  readonly id: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** As text; what is no UTF-8 is shown with replacement characters. */
  readonly body: string;
  readonly receivedAt: string;
  readonly notices: readonly NoticeRecord[];
}

export interface JobRecord {
  readonly id: string;
  readonly verb: string;
  readonly key: string;
  readonly status: JobStatus;
  readonly attempts: number;
  readonly inDoubt: boolean;
  readonly failure: Failure | null;
  readonly createdAt: string;
  readonly nextAt: string;
  readonly settledAt: string | null;
}

/** What came in for a connection; or at an App's address, for whatever account, connected or not. */
export type DeliveriesOf = { readonly connectionId: string } | { readonly appId: string };

export interface DeliveryFilter {
  readonly states?: readonly NoticeState[] | null | undefined;
  readonly topics?: readonly string[] | null | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

export interface JobFilter {
  readonly statuses?: readonly JobStatus[] | null | undefined;
  readonly verbs?: readonly string[] | null | undefined;
}

/** What waits at a connection. */
export interface HealthRecord {
  readonly noticesWaiting: number;
  readonly noticesParked: number;
  readonly jobsWaiting: number;
  readonly jobsParked: number;
  /** The oldest thing that waits, in or out; null = nothing waits. */
  readonly waitingSince: string | null;
  readonly circuitOpenUntil: string | null;
}
