import type { Step } from '../../domain/workflow/definition.schema.ts';
import { lengthOf } from '../../domain/workflow/workflow.rules.ts';
import { kindOf } from './activities.ts';
import type { PlannedStep } from './messages.ts';

/** What the interpreter is given of a definition: its shape, without texts and expressions. */
export function planOf(steps: readonly Step[]): PlannedStep[] {
  return steps.map((step) => ({
    id: step.id,
    kind: kindOf(step),
    onFailure: step.onFailure,
    retry:
      step.retry === undefined
        ? null
        : {
            attempts: step.retry.attempts,
            delayMs: lengthOf(step.retry.delay),
            backoff: step.retry.backoff,
            maxDelayMs: lengthOf(step.retry.maxDelay),
            on: step.retry.on,
          },
    then: planOf(step.branch?.then ?? []),
    else: planOf(step.branch?.else ?? []),
  }));
}
