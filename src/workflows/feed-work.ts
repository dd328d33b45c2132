import { Client, Connection, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Listener } from '../database/listener.ts';
import { FEEDS_CHANNEL, READABLE } from '../domain/feed/feed-queue.ts';
import { BACKFILL, type BackfillInput } from './backfill/messages.ts';
import type { TemporalPlace } from './client.ts';
import { FeedSchedules, type WantedFeed } from './feed-schedules.ts';
import { SteadyLoop } from './steady-loop.ts';

/** A feed as the connector declares it. */
export interface OfferedFeed {
  readonly name: string;
  readonly everyMs: number;
  readonly byLocation: boolean;
}

export interface FeedWorkMeans {
  readonly pool: pg.Pool;
  readonly listener: Listener;
  readonly temporal: TemporalPlace;
  readonly log: Logger;
  /** None where the connector is not installed. */
  readonly feedsOf: (connectorId: string) => readonly OfferedFeed[];
}

const DEADLINE_MS = 10_000;
const LOOK_EVERY_MS = 30_000;
/** Connections are changed in bursts. */
const GATHER_MS = 200;

/** Keeps Temporal in line with the database: a schedule for each feed of each connection, a workflow for each back-fill that is running. */
export function startFeedWork({ pool, listener, temporal, log, feedsOf }: FeedWorkMeans): { stop(): Promise<void> } {
  const connection = Connection.lazy({ address: temporal.address, connectTimeout: DEADLINE_MS });
  const client = new Client({ connection, namespace: temporal.namespace });
  const schedules = new FeedSchedules({ client, taskQueue: temporal.taskQueue });
  const within = <T>(work: () => Promise<T>): Promise<T> => connection.withDeadline(Date.now() + DEADLINE_MS, work);

  async function wanted(): Promise<readonly WantedFeed[]> {
    const { rows } = await pool.query<{ id: string; connectorId: string }>(
      `select id, connector_id as "connectorId" from connection where status in ${READABLE} order by id`,
    );
    return rows.flatMap(({ id, connectorId }) =>
      feedsOf(connectorId).map(({ name, everyMs }) => ({ connectionId: id, feed: name, everyMs })),
    );
  }

  /** One that Temporal has lost begins anew where the database says it stands. */
  async function startBackfills(): Promise<void> {
    const { rows } = await pool.query<{ id: string }>(`select id from backfill where state = 'RUNNING'`);
    for (const { id } of rows) {
      const input: BackfillInput = { id };
      try {
        await within(() =>
          client.workflow.start(BACKFILL, {
            taskQueue: temporal.taskQueue,
            workflowId: `${temporal.taskQueue}/backfill/${id}`,
            args: [input],
          }),
        );
      } catch (fault) {
        if (!(fault instanceof WorkflowExecutionAlreadyStartedError)) throw fault;
      }
    }
  }

  const scheduling = new SteadyLoop({
    name: 'scheduling feeds at Temporal',
    work: async () => {
      const all = await wanted();
      await within(() => schedules.settle(all));
      return false;
    },
    everyMs: LOOK_EVERY_MS,
    gatherMs: GATHER_MS,
    log,
  });
  const starting = new SteadyLoop({
    name: 'starting back-fills at Temporal',
    work: async () => {
      await startBackfills();
      return false;
    },
    everyMs: LOOK_EVERY_MS,
    gatherMs: GATHER_MS,
    log,
  });
  const silence = [
    listener.on('valehub_connections', () => scheduling.wake()),
    listener.on(FEEDS_CHANNEL, (payload) => {
      if (payload.startsWith('bfl_')) starting.wake();
    }),
    listener.onReconnect(() => {
      scheduling.wake();
      starting.wake();
    }),
  ];
  return {
    async stop() {
      for (const stop of silence) stop();
      await scheduling.stop();
      await starting.stop();
      await connection.close();
    },
  };
}
