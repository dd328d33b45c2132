import type { Logger } from 'pino';
import type { Hub } from '../domain/hub.ts';
import { RunContexts } from '../domain/workflow/run-context.ts';
import { RunJournal } from '../domain/workflow/run-journal.ts';
import { backfillActivities } from './backfill/activities.ts';
import { createActivities } from './campaign-flow/activities.ts';
import type { AllocatePort, DeliveryPort } from './campaign-flow/ports.ts';
import { openRunStarter, type TemporalPlace } from './client.ts';
import { feedActivities } from './feed-run/activities.ts';
import { FeedWaiter } from './feed-waiter.ts';
import { type OfferedFeed, startFeedWork } from './feed-work.ts';
import { startHeartbeat } from './heartbeat.ts';
import { startLeader } from './leader.ts';
import { startTemporalWorker } from './temporal-worker.ts';
import { startTriggers } from './trigger-work.ts';

export interface CampaignWorkerMeans {
  readonly hub: Pick<Hub, 'database' | 'listener' | 'clock' | 'stores' | 'campaigns' | 'customers' | 'codes' | 'vouchers'>;
  readonly temporal: TemporalPlace;
  readonly vouchers: AllocatePort;
  readonly delivery: DeliveryPort;
  /** What the feeds of an installed connector are; left out: none are read. */
  readonly feedsOf?: ((connectorId: string) => readonly OfferedFeed[]) | undefined;
  readonly log: Logger;
  readonly workflowCode?: string | undefined;
}

/** Everything that makes workflows run: triggers and the interpreter. Starts whether or not Temporal can be reached. */
export function startCampaignWorker({ hub, temporal, vouchers, delivery, feedsOf = () => [], log, workflowCode }: CampaignWorkerMeans): {
  stop(): Promise<void>;
} {
  const {
    database: { pool, url },
    listener,
    clock,
  } = hub;
  const sources = {
    pool,
    stores: hub.stores,
    campaigns: hub.campaigns,
    customers: hub.customers,
    codes: hub.codes,
    vouchers: hub.vouchers,
  };
  const waiter = new FeedWaiter({ pool, listener, clock, feedsOf });
  const activities = {
    ...createActivities({ contexts: new RunContexts(sources), journal: new RunJournal(pool, clock), vouchers, delivery }),
    ...feedActivities(waiter),
    ...backfillActivities(waiter),
  };
  const starter = openRunStarter(temporal);
  const heartbeat = startHeartbeat({ pool, clock, taskQueue: temporal.taskQueue, log });
  const worker = startTemporalWorker({ ...temporal, activities, log, workflowCode, onState: heartbeat.atWork });
  const leader = startLeader({
    url,
    log,
    lead: async () => {
      const parts = [
        startTriggers({ pool, listener, sources, starter, clock, log }),
        startFeedWork({ pool, listener, temporal, feedsOf, log }),
      ];
      return async () => {
        for (const part of parts) await part.stop();
      };
    },
  });
  return {
    async stop() {
      await leader.stop();
      await worker.stop();
      await heartbeat.stop();
      await starter.close();
    },
  };
}
