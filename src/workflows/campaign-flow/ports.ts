import type { Plain } from '@valehub/connector-kit';
import type { StepFailure } from '../../domain/workflow/workflow.types.ts';

// What the activities need of the rest of the hub. worker.ts hands it in; tests hand in stand-ins.

export interface AllocateCommand {
  readonly idempotencyKey: string;
  readonly runId: string;
  readonly campaignId: string;
  readonly customerId: string;
  /** RFC 3339 */
  readonly validUntil: string | null;
}

/** `refused`: the reason, e.g. LIMIT_CUSTOMER, and its text for staff. */
export type AllocateAnswer =
  | { readonly voucher: { readonly id: string; readonly code: string; readonly validUntil: string | null } }
  | { readonly refused: { readonly reason: string; readonly message: string } };

export interface AllocatePort {
  /** The same key gives the same voucher. */
  allocate(command: AllocateCommand): Promise<AllocateAnswer>;
  /** Gives false where it can no longer be cancelled, e.g. because it was redeemed. One that is cancelled already is fine. */
  cancel(voucherId: string, reason: string, runId: string): Promise<boolean>;
}

export type MessageChannel = 'EMAIL' | 'SMS' | 'PUSH' | 'CHAT';

interface Job {
  readonly connectionId: string;
  /** The same connection and key are the same message, however often it is handed in. */
  readonly key: string;
  readonly runId: string;
  readonly stepId: string;
}

export interface MessageJob extends Job {
  /** null = what the connection is for */
  readonly channel: MessageChannel | null;
  readonly to: string;
  /** null = the connection's own */
  readonly subject: string | null;
  /** For a heading where there is no subject. */
  readonly workflowName: string;
  readonly text: string | null;
  readonly templateId: string | null;
  readonly fields: Readonly<Record<string, Plain>>;
  readonly customerId: string | null;
  readonly storeId: string | null;
}

export interface ActionJob extends Job {
  readonly action: string;
  readonly input: Readonly<Record<string, Plain>>;
}

export type Settlement =
  | { readonly settled: 'DONE'; readonly outcome: Plain; readonly channel?: MessageChannel }
  | { readonly settled: 'REFUSED'; readonly failure: StepFailure };

/** Asks the waiting to end (the job stays), and is told when a person has to decide, because nobody knows whether the platform did it. */
export interface Waiting {
  readonly signal: AbortSignal;
  readonly inDoubt: (failure: StepFailure) => Promise<void>;
}

/** Leaving the hub: through the outbox. Both resolve once the platform has taken or refused it, which may be hours later. */
export interface DeliveryPort {
  message(job: MessageJob, waiting: Waiting): Promise<Settlement>;
  action(job: ActionJob, waiting: Waiting): Promise<Settlement>;
}
