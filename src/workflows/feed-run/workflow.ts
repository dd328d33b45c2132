import { proxyActivities } from '@temporalio/workflow';
import type { FeedActivities, FeedRunEnd, FeedRunInput } from './messages.ts';

/** What this throws is the hub's own trouble (no database, no worker): it passes. A worker that died is noticed by its heartbeat. */
const { readFeed } = proxyActivities<FeedActivities>({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/** One reading of a feed. While it lasts, its schedule starts no other. */
export async function feedRun(input: FeedRunInput): Promise<FeedRunEnd> {
  return readFeed(input);
}
