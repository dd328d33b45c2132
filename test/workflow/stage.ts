import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { pino } from 'pino';
import type { Actor } from '../../src/domain/access/roles.ts';
import { type Hub, openHub } from '../../src/domain/hub.ts';
import { newId } from '../../src/domain/shared/ids.ts';
import { WorkflowService } from '../../src/domain/workflow/workflow.service.ts';
import type { WorkflowRunRecord } from '../../src/domain/workflow/workflow.types.ts';
import type { ActionJob, DeliveryPort, MessageJob, Settlement, Waiting } from '../../src/workflows/campaign-flow/ports.ts';
import { startCampaignWorker } from '../../src/workflows/campaign-worker.ts';
import { hubVouchers } from '../../src/workflows/hub-vouchers.ts';
import { createTestDatabase } from '../helpers/postgres.ts';
import { startTestTemporal, type TestTemporal } from '../helpers/temporal.ts';

export const marketing: Actor = { id: 'key_marketing', role: 'MARKETING', storeIds: null, connectionId: null, partnerId: null };
export const till: Actor = { ...marketing, id: 'key_till', role: 'ADMIN' };
const silent = pino({ level: 'silent' });

/** A platform in the test's own process: it takes or refuses, and remembers each key. */
export class Sink implements DeliveryPort {
  readonly messages: MessageJob[] = [];
  readonly actions: ActionJob[] = [];
  readonly refusals = new Map<string, Settlement>();
  /** Deliveries wait here until it is opened. */
  gate: Promise<void> = Promise.resolve();
  readonly #answers = new Map<string, Settlement>();

  message(job: MessageJob, waiting: Waiting): Promise<Settlement> {
    return this.#taken(job, waiting, () => this.messages.push(job));
  }

  action(job: ActionJob, waiting: Waiting): Promise<Settlement> {
    return this.#taken(job, waiting, () => this.actions.push(job));
  }

  async #taken(job: MessageJob | ActionJob, { signal }: Waiting, note: () => void): Promise<Settlement> {
    await Promise.race([this.gate, new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))]);
    const known = this.#answers.get(`${job.connectionId} ${job.key}`);
    if (known !== undefined) return known;
    note();
    const answer = this.refusals.get(job.connectionId) ?? { settled: 'DONE', outcome: { id: `m${this.messages.length}` } };
    this.#answers.set(`${job.connectionId} ${job.key}`, answer);
    return answer;
  }
}

export interface Stage {
  readonly hub: Hub;
  readonly workflows: WorkflowService;
  readonly temporal: TestTemporal;
  /** What a further process of this hub is started with. */
  readonly environment: Record<string, string>;
  readonly sink: Sink;
  /** `address`: another place for Temporal. */
  startWorker(options?: { address?: string }): { stop(): Promise<void> };
  /** `connector`: an installed one, for workers in processes of their own. Nothing is sent through it. */
  connection(name: string, connector?: string): Promise<string>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const [database, temporal, { code }] = await Promise.all([
    createTestDatabase(),
    startTestTemporal(),
    bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    }),
  ]);
  const secretKey = Buffer.alloc(32, 7);
  const hub = await openHub({ databaseUrl: database.url, secretKey, log: silent, attemptsPerMinute: 20 });
  const sink = new Sink();
  return {
    hub,
    temporal,
    environment: {
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporal.address,
      VALEHUB_TASK_QUEUE: temporal.taskQueue,
      VALEHUB_SECRET_KEY: secretKey.toString('base64'),
    },
    sink,
    workflows: new WorkflowService(hub),
    startWorker: ({ address = temporal.address } = {}) =>
      startCampaignWorker({
        hub,
        temporal: { ...temporal, address },
        vouchers: hubVouchers(hub),
        delivery: sink,
        log: silent,
        workflowCode: code,
      }),
    async connection(name, connector = 'sink') {
      const id = newId('connection', Date.now());
      await hub.database.pool.query(
        `insert into connection (id, connector_id, name, settings, status, facts, version, created_at, updated_at) values ($1, $3, $2, '{}', 'PAUSED', '{}', 1, now(), now())`,
        [id, name, connector],
      );
      return id;
    },
    async close() {
      await hub.close();
      await database.drop();
    },
  };
}

/** The first run of the workflow, from now on or already there, that is as wanted. */
export async function runThat(stage: Stage, workflowId: string, wanted: (run: WorkflowRunRecord) => boolean): Promise<WorkflowRunRecord> {
  const following = new AbortController();
  const changes = stage.workflows.followRuns(workflowId, following.signal);
  try {
    const { edges } = await stage.workflows.runs(workflowId, { first: 100 });
    const there = edges.find(({ node }) => wanted(node));
    if (there !== undefined) return there.node;
    for await (const run of changes) if (wanted(run)) return run;
    throw new Error('No run came to be as wanted.');
  } finally {
    following.abort();
  }
}

/** A workflow at work. */
export async function activated(stage: Stage, definition: { trigger: unknown; filter?: string; steps: unknown }): Promise<string> {
  const { id } = await stage.workflows.create(marketing, { name: 'Thank you', filter: null, ...definition });
  await stage.workflows.activate(marketing, id);
  return id;
}
