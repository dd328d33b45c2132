import { durationMs } from '@valehub/connector-kit';
import { verbsOf } from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { builtInConnectors, loadConnectors } from './connectors/registry/registry.ts';
import type { Hub } from './domain/hub.ts';
import { openOwnHub } from './own-hub.ts';
import { startCampaignWorker } from './workflows/campaign-worker.ts';
import { hubVouchers } from './workflows/hub-vouchers.ts';
import { JobWaiter } from './workflows/job-waiter.ts';
import { OutboxDelivery } from './workflows/outbox-delivery.ts';

export interface WorkerDeps {
  config: Config;
  databaseUrl: string;
  temporalAddress: string;
  log: Logger;
  /** The process's own, closed by whoever opened it; where there is none, one is opened and closed with the worker. */
  hub?: Hub;
}

/** Runs the workflows. Needs the database at once; Temporal may come later, and may go and come back. */
export async function startWorker(deps: WorkerDeps): Promise<{ stop(): Promise<void> }> {
  const { config, temporalAddress, log } = deps;
  const hub = deps.hub ?? (await openOwnHub(deps));
  const { pool } = hub.database;
  const registry = await loadConnectors({ builtIn: builtInConnectors(), further: config.connectors ?? [], log });
  const waiter = new JobWaiter({ pool, listener: hub.listener, log });
  const delivery = new OutboxDelivery({
    pool,
    clock: hub.clock,
    waiter,
    async offerOf(connectionId) {
      const connectorId = await connectorOf(hub, connectionId);
      const installed = connectorId === null ? undefined : registry.get(connectorId);
      if (installed === undefined) return null;
      const { connector } = installed;
      return { verbs: new Set(verbsOf(connector).map(({ name }) => name)), channels: connector.roles['messages.send']?.channels ?? [] };
    },
  });
  const worker = startCampaignWorker({
    hub,
    temporal: { address: temporalAddress, namespace: config.temporalNamespace, taskQueue: config.taskQueue },
    vouchers: hubVouchers(hub),
    delivery,
    feedsOf: (connectorId) =>
      Object.entries(registry.get(connectorId)?.connector.feeds ?? {}).map(([name, { every, partition }]) => ({
        name,
        everyMs: durationMs(every),
        byLocation: partition === 'location',
      })),
    log,
  });
  return {
    async stop() {
      await worker.stop();
      await waiter.stop();
      if (!deps.hub) await hub.close();
    },
  };
}

async function connectorOf(hub: Hub, connectionId: string): Promise<string | null> {
  const { rows } = await hub.database.pool.query<{ connectorId: string }>(
    'select connector_id as "connectorId" from connection where id = $1',
    [connectionId],
  );
  return rows[0]?.connectorId ?? null;
}
