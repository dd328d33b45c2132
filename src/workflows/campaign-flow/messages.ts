// What goes between the hub, the interpreter and its activities. Temporal keeps these for the life of a run and beyond, so they hold ids
// and the shape of the definition, and nothing of a person: expressions and texts are worked out in activities, from the database.

/** The name under which the interpreter is registered. */
export const CAMPAIGN_FLOW = 'campaignFlow';

export interface CampaignFlowInput {
  readonly runId: string;
  /** The version's steps; a run stays on them. */
  readonly steps: readonly PlannedStep[];
}

/** As much of a step as decides what comes next. */
export interface PlannedStep {
  readonly id: string;
  readonly kind: 'wait' | 'allocate' | 'deliver' | 'branch' | 'call';
  readonly onFailure: 'STOP' | 'CONTINUE' | 'COMPENSATE';
  readonly retry: RetryPlan | null;
  /** Of a branch. */
  readonly then: readonly PlannedStep[];
  readonly else: readonly PlannedStep[];
}

export interface RetryPlan {
  /** In all, the first included. */
  readonly attempts: number;
  readonly delayMs: number;
  readonly backoff: number;
  readonly maxDelayMs: number;
  /** The failure codes that are tried again. */
  readonly on: readonly string[];
}

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export interface StepRef {
  readonly runId: string;
  readonly stepId: string;
}

/** What a step that was begun wants done. */
export type Next =
  | { readonly next: 'SKIP' }
  | { readonly next: 'ACT' }
  /** `until`: epoch ms */
  | { readonly next: 'SLEEP'; readonly until: number }
  | { readonly next: 'ENTER'; readonly taken: 'then' | 'else' }
  | { readonly next: 'FAIL'; readonly failure: Failure };

/** The outcome of a deed. Expected refusals are values; only what the hub itself cannot do now is thrown, and tried again until it can. */
export type Done = { readonly done: true } | { readonly done: false; readonly failure: Failure };

export type RunEnd =
  | { readonly status: 'COMPLETED' | 'CANCELLED' }
  | { readonly status: 'FAILED' | 'COMPENSATED'; readonly failure: Failure };

export interface ActInput extends StepRef {
  /** 1 for the first; the definition's retries, not Temporal's. */
  readonly attempt: number;
}

/** What the interpreter has done for it. Each may be called again with the same input after a crash and then does nothing twice. */
export interface CampaignActivities {
  /** Works out `when`, how long to wait, and which branch to take. */
  beginStep(step: StepRef): Promise<Next>;
  /** Allocates, delivers or calls. Runs for as long as the platform takes. */
  act(input: ActInput): Promise<Done>;
  endWait(step: StepRef): Promise<void>;
  failStep(input: StepRef & { readonly failure: Failure }): Promise<void>;
  /** Takes back what an allocate step gave, if it gave anything. */
  undoStep(step: StepRef): Promise<void>;
  finishRun(input: { readonly runId: string; readonly end: RunEnd }): Promise<void>;
}
