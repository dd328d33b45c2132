import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { type Cuttable, openProxy } from '../helpers/proxy.ts';
import { activated, marketing, openStage, type Stage } from './stage.ts';

let stage: Stage;
let proxy: Cuttable;
let client: Client;
let worker: { stop(): Promise<void> };

beforeAll(async () => {
  stage = await openStage();
  proxy = await openProxy(stage.temporal.address);
  // Past the proxy: the test sees the server all the time.
  client = new Client({ connection: await Connection.connect({ address: stage.temporal.address }) });
  worker = stage.startWorker({ address: proxy.address });
}, 60_000);
afterAll(async () => {
  await worker.stop();
  await proxy.cut();
  await client.connection.close();
  await stage.close();
});

const happens = (n: number) =>
  stage.hub.events.record(marketing, { idempotencyKey: `e${n}`, name: 'e', storeId: null, customer: null, data: { n } });

/** Waits until the workflow's runs are as wanted. */
async function runsThat(workflowId: string, wanted: (statuses: string[]) => boolean): Promise<string[]> {
  const following = new AbortController();
  const changes = stage.workflows.followRuns(workflowId, following.signal);
  const ids = async () => {
    const { edges } = await stage.workflows.runs(workflowId, { first: 1_000 });
    return wanted(edges.map(({ node }) => node.status)) ? edges.map(({ node }) => node.id).reverse() : undefined;
  };
  try {
    const there = await ids();
    if (there !== undefined) return there;
    for await (const _ of changes) {
      const found = await ids();
      if (found !== undefined) return found;
    }
    throw new Error('The runs never came to be as wanted.');
  } finally {
    following.abort();
  }
}

describe('while Temporal is away', () => {
  it('events go on, and every run starts once, in order, when it is back', async () => {
    const id = await activated(stage, {
      trigger: { on: 'CUSTOM', name: 'e' },
      filter: 'event.data.n % 2 == 0',
      steps: [
        { id: 'a', wait: { duration: 'PT1S' } },
        { id: 'b', when: 'false', wait: { duration: 'P1D' } },
      ],
    });
    // Cut in the middle of a burst: some starts are under way, and it is not known whether they came through.
    const burst = Array.from({ length: 40 }, (_, n) => happens(n));
    await Promise.any(burst);
    await proxy.cut();
    await Promise.all(burst);
    for (let n = 40; n < 60; n++) await happens(n);
    await runsThat(id, (statuses) => statuses.length === 30);
    const { rows } = await stage.hub.database.pool.query<{ count: number }>(
      'select count(*)::int as count from workflow_run where workflow_id = $1 and dispatched_at is null',
      [id],
    );
    expect(rows[0]?.count).toBeGreaterThanOrEqual(10);

    await proxy.mend();
    const runs = await runsThat(id, (statuses) => statuses.length === 30 && statuses.every((status) => status === 'COMPLETED'));
    await Promise.all(runs.map((run) => client.workflow.getHandle(run).result()));
    const executions = await Promise.all(runs.map((run) => client.workflow.getHandle(run).describe()));
    expect(executions.map(({ status: { name } }) => name)).toEqual(runs.map(() => 'COMPLETED'));
    const starts = executions.map(({ startTime }) => startTime.getTime());
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    const { rows: steps } = await stage.hub.database.pool.query(
      'select step_id as "stepId", status, count(*)::int as count from workflow_step group by 1, 2 order by 1',
    );
    expect(steps).toEqual([
      { stepId: 'a', status: 'COMPLETED', count: 30 },
      { stepId: 'b', status: 'SKIPPED', count: 30 },
    ]);
  }, 90_000);

  it('a run that Temporal took, but that was never noted as taken, does not start twice', async () => {
    const id = await activated(stage, { trigger: { on: 'CUSTOM', name: 'e' }, steps: [{ id: 'a', wait: { duration: 'PT1S' } }] });
    await happens(900);
    const [run = ''] = await runsThat(id, (statuses) => statuses[0] === 'COMPLETED');
    const handle = client.workflow.getHandle(run);
    await handle.result();
    const { runId } = await handle.describe();
    await stage.hub.database.pool.query('update workflow_run set dispatched_at = null where id = $1', [run]);
    await happens(901);
    await runsThat(id, (statuses) => statuses.length === 2 && statuses.every((status) => status === 'COMPLETED'));
    const { rows } = await stage.hub.database.pool.query('select from workflow_run where id = $1 and dispatched_at is not null', [run]);
    expect(rows).toHaveLength(1);
    expect((await handle.describe()).runId).toBe(runId);
  }, 30_000);

  it('a worker starts all the same, and works when it comes', async () => {
    await worker.stop();
    await proxy.cut();
    worker = stage.startWorker({ address: proxy.address });
    const id = await activated(stage, { trigger: { on: 'CUSTOM', name: 'e' }, steps: [{ id: 'a', wait: { duration: 'PT1S' } }] });
    await happens(1_000);
    await runsThat(id, (statuses) => statuses.length === 1);
    await proxy.mend();
    await runsThat(id, (statuses) => statuses[0] === 'COMPLETED');
  }, 60_000);
});
