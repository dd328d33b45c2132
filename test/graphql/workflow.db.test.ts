import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { type Stage, setStage } from './stage.ts';

let hub: TestHub;
let stage: Stage;

beforeAll(async () => {
  hub = await startTestHub();
  stage = await setStage(hub);
});
afterAll(async () => {
  await hub.stop();
});

const CREATE = 'mutation ($input: WorkflowInput!) { createWorkflow(input: $input) { id name version status trigger filter steps } }';

const definition = () => ({
  name: 'Thanks',
  trigger: { on: 'VOUCHER_REDEEMED' },
  filter: 'event.amount.minor > 100',
  steps: [{ id: 'gift', allocate: { campaignId: stage.campaignId, customer: 'customer.id' } }],
});

test('a definition reads back as it was put in, and moves from draft to active to paused', async () => {
  const { createWorkflow: made } = await hub.ask(CREATE, { input: definition() });
  expect(made).toEqual({ id: expect.any(String), version: 1, status: 'DRAFT', ...definition() });
  expect((await hub.ask('mutation ($id: ID!) { activateWorkflow(id: $id) { status } }', { id: made.id })).activateWorkflow.status).toBe(
    'ACTIVE',
  );
  const till = await hub.keyFor('TILL', { storeIds: [stage.storeId] });
  const list = async (key?: string) =>
    (
      await hub.ask('{ workflows { edges { node { id runs { edges { cursor } } } } } }', {}, key === undefined ? {} : { key })
    ).workflows.edges.map(({ node }: { node: { id: string } }) => node.id);
  expect(await list()).toEqual([made.id]);
  expect(await list(till)).toEqual([made.id]);
  expect((await hub.ask('mutation ($id: ID!) { pauseWorkflow(id: $id) { status } }', { id: made.id })).pauseWorkflow.status).toBe('PAUSED');
  expect(await list(till)).toEqual([]);
});

test('a faulty definition is told all its faults with their paths', async () => {
  const { data, errors } = await hub.graphql(CREATE, {
    input: {
      ...definition(),
      filter: 'event.amount.minor >',
      steps: [
        { id: 'a', wait: {} },
        { id: 'a', branch: { if: 'true', then: [{ id: 'b', wait: { duration: 'soon' } }] } },
      ],
    },
  });
  expect(data).toBeNull();
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  const paths = errors?.[0]?.extensions.faults?.map(({ path }) => path) ?? [];
  expect(paths).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/filter$/),
      expect.stringContaining('steps[0].wait'),
      expect.stringContaining('steps[1].branch.then[0].wait'),
    ]),
  );
});

test('runs are told whenever they move, of one workflow or of all', async () => {
  const { pool } = hub.hub.database;
  const { createWorkflow: mine } = await hub.ask(CREATE, { input: definition() });
  const { createWorkflow: other } = await hub.ask(CREATE, { input: definition() });
  const client = createClient({
    url: `${hub.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${hub.adminKey}` },
    retryAttempts: 0,
  });
  const runs = client.iterate<{ workflowRuns: unknown }>({
    query:
      'subscription ($workflowId: ID) { workflowRuns(workflowId: $workflowId) { id status version workflow { id name } steps { stepId kind status detail } } }',
    variables: { workflowId: mine.id },
  });
  const first = runs.next();
  // What is asked on the same socket afterwards is answered once the subscription stands.
  await client.iterate({ query: '{ __typename }' }).next();
  const move = async (id: string, workflowId: string, status: string): Promise<void> => {
    await pool.query(
      'insert into workflow_run (id, workflow_id, version, status, event_position, event_at, started_at) values ($1, $2, 1, $3, 1, now(), now()) on conflict (id) do update set status = excluded.status',
      [id, workflowId, status],
    );
    await pool.query("select pg_notify('valehub_workflow', $1)", [`run:${id}`]);
  };
  await move('run_other', other.id, 'RUNNING');
  await move('run_mine', mine.id, 'RUNNING');
  expect((await first).value.data.workflowRuns).toEqual({
    id: 'run_mine',
    status: 'RUNNING',
    version: 1,
    workflow: { id: mine.id, name: 'Thanks' },
    steps: [],
  });
  await pool.query(
    "insert into workflow_step (run_id, step_id, place, kind, status, detail, began_at, at) values ('run_mine', 'gift', 0, 'allocate', 'COMPLETED', '{\"code\": \"X\"}', now(), now())",
  );
  await move('run_mine', mine.id, 'COMPLETED');
  expect((await runs.next()).value.data.workflowRuns).toMatchObject({
    status: 'COMPLETED',
    steps: [{ stepId: 'gift', kind: 'allocate', status: 'COMPLETED', detail: { code: 'X' } }],
  });
  const { workflows } = await hub.ask(
    '{ workflows(first: 10) { edges { node { id runs { edges { node { id status workflow { id } } } } } } } }',
  );
  expect(workflows.edges.find(({ node }: { node: { id: string } }) => node.id === mine.id).node.runs.edges).toEqual([
    { node: { id: 'run_mine', status: 'COMPLETED', workflow: { id: mine.id } } },
  ]);
  await client.dispose();
});

test('CONNECTOR and PUBLIC keys may not follow them', async () => {
  for (const role of ['PUBLIC', 'CONNECTOR', 'TILL'] as const) {
    const key = await hub.keyFor(role, role === 'TILL' ? { storeIds: [stage.storeId] } : {});
    const client = createClient({
      url: `${hub.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
    });
    const errors = await new Promise((resolve) =>
      client.subscribe(
        { query: 'subscription { workflowRuns { id } }' },
        { next: ({ errors: faults }) => resolve(faults), error: resolve, complete: () => undefined },
      ),
    );
    expect(errors).toEqual([expect.objectContaining({ extensions: { code: 'FORBIDDEN' } })]);
    await client.dispose();
  }
});
