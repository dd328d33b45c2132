import { Client, Connection, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { CAMPAIGN_FLOW, type CampaignFlowInput } from './campaign-flow/messages.ts';

/** Starts runs at Temporal. */
export interface RunStarter {
  /** Once a run: one that was started before is left as it is. Rejects while Temporal cannot be reached. */
  start(input: CampaignFlowInput): Promise<void>;
  close(): Promise<void>;
}

export interface TemporalPlace {
  /** host:port */
  readonly address: string;
  readonly namespace: string;
  readonly taskQueue: string;
}

const DEADLINE_MS = 5_000;

/** Connects at the first start; the connection mends itself. */
export function openRunStarter({ address, namespace, taskQueue }: TemporalPlace): RunStarter {
  const connection = Connection.lazy({ address, connectTimeout: DEADLINE_MS });
  const client = new Client({ connection, namespace });
  return {
    async start(input) {
      try {
        await connection.withDeadline(Date.now() + DEADLINE_MS, () =>
          // An id is good once, also after its run has ended.
          client.workflow.start(CAMPAIGN_FLOW, {
            taskQueue,
            workflowId: input.runId,
            args: [input],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
          }),
        );
      } catch (fault) {
        if (!(fault instanceof WorkflowExecutionAlreadyStartedError)) throw fault;
      }
    },
    close: () => connection.close(),
  };
}
