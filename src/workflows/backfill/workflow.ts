import { CancellationScope, continueAsNew, isCancellation, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { BackfillActivities, BackfillInput } from './messages.ts';

const FOREVER = { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;
/** A window may have to wait for the platform, for the day's own work, and for as long as the connection is paused. */
const { readWindow } = proxyActivities<BackfillActivities>({
  startToCloseTimeout: '365 days',
  heartbeatTimeout: '10 seconds',
  retry: FOREVER,
});
const { cancelBackfill } = proxyActivities<BackfillActivities>({ startToCloseTimeout: '15 seconds', retry: FOREVER });

/** Has the past read, window by window. Where it stands lies in the database, so that it may begin anew at any time. */
export async function backfill(input: BackfillInput): Promise<void> {
  try {
    while (await readWindow(input)) {
      if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof backfill>(input);
    }
  } catch (fault) {
    if (isCancellation(fault)) await CancellationScope.nonCancellable(() => cancelBackfill(input));
    throw fault;
  }
}
