import type { Failure } from '@valehub/connector-kit';

export const WORKFLOW_STATUSES = ['DRAFT', 'ACTIVE', 'PAUSED', 'STOPPED'] as const;
export type WorkflowStatus = (typeof WORKFLOW_STATUSES)[number];

export const RUN_STATUSES = ['RUNNING', 'WAITING', 'AWAITING_APPROVAL', 'COMPLETED', 'FAILED', 'COMPENSATED', 'CANCELLED'] as const;
export type WorkflowRunStatus = (typeof RUN_STATUSES)[number];

/** WAITING: begun and not yet settled. */
export const STEP_STATUSES = ['WAITING', 'COMPLETED', 'SKIPPED', 'FAILED'] as const;
export type WorkflowStepStatus = (typeof STEP_STATUSES)[number];

export const STEP_KINDS = ['wait', 'allocate', 'deliver', 'branch', 'call'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export const TRIGGER_EVENTS = ['VOUCHER_REDEEMED', 'ORDER_RECORDED', 'VOUCHER_ISSUED'] as const;

/** Why a step failed: the connectors' table, and REFUSED (no voucher was given), EXPRESSION (a value was not there or of another kind), GONE (what the step names is no more). */
export const STEP_FAILURES = [
  'BAD_INPUT',
  'BAD_CREDENTIALS',
  'FORBIDDEN_SCOPE',
  'NOT_FOUND',
  'CONFLICT',
  'RATE_LIMITED',
  'QUOTA_SPENT',
  'PLATFORM_DOWN',
  'TIMEOUT',
  'BAD_REPLY',
  'CURSOR_LOST',
  'TARGET_GONE',
  'NOT_SUPPORTED',
  'REFUSED',
  'EXPRESSION',
] as const satisfies readonly (Failure['code'] | 'REFUSED' | 'EXPRESSION')[];
export type StepFailureCode = (typeof STEP_FAILURES)[number];

export interface StepFailure {
  readonly code: StepFailureCode;
  /** For a person; holds nothing personal. */
  readonly message: string;
}

/** What a step has given, as `steps.<id>` and the run's list show it. Any JSON. */
export type StepDetail = Readonly<Record<string, unknown>>;

/** One version of a workflow, as stored. */
export interface WorkflowRecord {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly status: WorkflowStatus;
  readonly trigger: unknown;
  readonly filter: string | null;
  readonly steps: unknown;
  readonly createdAt: string;
}

export interface WorkflowRunRecord {
  readonly id: string;
  readonly workflowId: string;
  readonly version: number;
  readonly status: WorkflowRunStatus;
  readonly startedAt: string;
  readonly steps: readonly WorkflowStepRecord[];
}

export interface WorkflowStepRecord {
  readonly stepId: string;
  readonly kind: StepKind;
  readonly status: WorkflowStepStatus;
  readonly detail: StepDetail | null;
  /** When it came into this status. */
  readonly at: string;
}
