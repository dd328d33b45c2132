import type { WorkflowRunRecord } from '../domain/workflow/workflow.types.ts';
import type { Context } from './context.ts';

interface Subscribing {
  readonly args: { readonly workflowId?: string | null };
  readonly context: Context;
}

export function followWorkflowRuns({ args, context }: Subscribing): AsyncIterable<WorkflowRunRecord> {
  return context.services.workflows.followRuns(args.workflowId ?? null, context.signal);
}
