import { CancellationScope, isCancellation, proxyActivities, sleep } from '@temporalio/workflow';
import type { CampaignActivities, CampaignFlowInput, Done, Failure, PlannedStep, RunEnd } from './messages.ts';

/** What these throw is the hub's own trouble (no database, no worker): it passes, and the run waits for it. */
const FOREVER = { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;
const { beginStep, endWait, failStep, undoStep, finishRun } = proxyActivities<CampaignActivities>({
  startToCloseTimeout: '15 seconds',
  retry: FOREVER,
});
/** A platform may be down for hours, and a message parked for a person for days; a worker that died is noticed by its heartbeat. */
const { act } = proxyActivities<CampaignActivities>({ startToCloseTimeout: '30 days', heartbeatTimeout: '10 seconds', retry: FOREVER });

/** The failure that ended the list early, and whether what was allocated is to be taken back. */
type Ending = { readonly failure: Failure; readonly compensate: boolean } | undefined;

/** Plays one run of a workflow definition, step by step. */
export async function campaignFlow({ runId, steps }: CampaignFlowInput): Promise<void> {
  /** Newest last. A step is put here before its deed, so that a deed in doubt is undone too. */
  const undo: string[] = [];

  async function playAll(list: readonly PlannedStep[]): Promise<Ending> {
    for (const step of list) {
      const ending = await play(step);
      if (ending !== undefined) return ending;
    }
    return undefined;
  }

  async function play(step: PlannedStep): Promise<Ending> {
    const ref = { runId, stepId: step.id };
    const begun = await beginStep(ref);
    switch (begun.next) {
      case 'SKIP':
        return undefined;
      case 'FAIL':
        return failed(step, begun.failure);
      case 'ENTER':
        return playAll(step[begun.taken]);
      case 'SLEEP':
        await sleep(Math.max(0, begun.until - Date.now()));
        await endWait(ref);
        return undefined;
      case 'ACT': {
        if (step.kind === 'allocate') undo.push(step.id);
        const outcome = await tried(step);
        return outcome.done ? undefined : failed(step, outcome.failure);
      }
    }
  }

  async function tried(step: PlannedStep): Promise<Done> {
    const { retry } = step;
    let pause = retry?.delayMs ?? 0;
    for (let attempt = 1; ; attempt++) {
      const outcome = await act({ runId, stepId: step.id, attempt });
      if (outcome.done || retry === null || attempt >= retry.attempts || !retry.on.includes(outcome.failure.code)) return outcome;
      await sleep(Math.min(pause, retry.maxDelayMs));
      pause = Math.min(pause * retry.backoff, retry.maxDelayMs);
    }
  }

  async function failed(step: PlannedStep, failure: Failure): Promise<Ending> {
    await failStep({ runId, stepId: step.id, failure });
    return step.onFailure === 'CONTINUE' ? undefined : { failure, compensate: step.onFailure === 'COMPENSATE' };
  }

  async function end(): Promise<RunEnd> {
    const ending = await playAll(steps);
    if (ending === undefined) return { status: 'COMPLETED' };
    if (!ending.compensate) return { status: 'FAILED', failure: ending.failure };
    for (const stepId of undo.toReversed()) await undoStep({ runId, stepId });
    return { status: 'COMPENSATED', failure: ending.failure };
  }

  try {
    await finishRun({ runId, end: await end() });
  } catch (fault) {
    // Somebody cancelled it in Temporal: the row has to say so.
    if (isCancellation(fault)) await CancellationScope.nonCancellable(() => finishRun({ runId, end: { status: 'CANCELLED' } }));
    throw fault;
  }
}
