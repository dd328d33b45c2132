import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { systemClock } from '../../src/domain/shared/clock.ts';
import { workerIsAtWork } from '../../src/domain/workflow/worker-health.ts';
import { WorkflowService } from '../../src/domain/workflow/workflow.service.ts';
import { startHeartbeat } from '../../src/workflows/heartbeat.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';
import { marketing } from './stage.ts';

let server: TestDatabase;
let database: Database;
let workflows: WorkflowService;
let now = Date.parse('2026-05-04T10:00:00Z');
const clock = { now: () => now };
const trigger = { on: 'VOUCHER_ISSUED' };
const steps = [{ id: 'a', wait: { duration: 'PT1S' }, when: null }];

beforeAll(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url);
  workflows = new WorkflowService({ database, clock, listener: null });
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const created = (name: string) => workflows.create(marketing, { name, trigger, filter: null, steps });

describe('a workflow', () => {
  it('is stored as a draft and shown as it was handed in', async () => {
    const { id, ...rest } = await created('Thanks');
    expect(rest).toEqual({
      name: 'Thanks',
      version: 1,
      status: 'DRAFT',
      trigger,
      filter: null,
      steps,
      createdAt: '2026-05-04T10:00:00.000Z',
    });
    expect(await workflows.get(id)).toEqual({ id, ...rest });
    expect(await workflows.get('wfl_nobody')).toBeNull();
  });

  it('is refused with every fault, those of its name and of the ids that it names too', async () => {
    const draft = { name: ' ', trigger: { on: 'NEVER' }, filter: 'x', steps: [{ id: 'a', wait: {} }] };
    await expect(workflows.create(marketing, draft)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      faults: [{ path: 'input.name' }, { path: 'trigger.on' }, { path: 'filter' }, { path: 'steps[0].wait' }],
    });
    const unknown = [
      { id: 'a', allocate: { campaignId: 'cmp_nobody', customer: 'customer.id' } },
      {
        id: 'b',
        branch: {
          if: 'true',
          then: [{ id: 'c', deliver: { to: 'customer.email', text: 'x', channels: [{ connectionId: 'con_nobody' }] } }],
        },
      },
    ];
    await expect(workflows.create(marketing, { name: 'x', trigger, filter: null, steps: unknown })).rejects.toMatchObject({
      faults: [{ path: 'steps[0].allocate.campaignId' }, { path: 'steps[1].branch.then[0].deliver.channels[0].connectionId' }],
    });
  });

  it('is activated and paused, again and again, but never paused before it was active', async () => {
    const { id } = await created('Moves');
    await expect(workflows.pause(marketing, id)).rejects.toMatchObject({ code: 'CONFLICT' });
    for (const [move, status] of [
      ['activate', 'ACTIVE'],
      ['activate', 'ACTIVE'],
      ['pause', 'PAUSED'],
      ['pause', 'PAUSED'],
      ['activate', 'ACTIVE'],
    ] as const) {
      expect(await workflows[move](marketing, id)).toMatchObject({ status, version: 1 });
    }
    await expect(workflows.activate(marketing, 'wfl_nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('gets a new version with each change', async () => {
    const { id } = await created('Changes');
    const changed = await workflows.update(marketing, id, { name: 'Changed', trigger, filter: 'event.position > 1', steps });
    expect(changed).toMatchObject({ id, name: 'Changed', version: 2, status: 'DRAFT', filter: 'event.position > 1' });
    await expect(workflows.update(marketing, id, { name: 'x', trigger, filter: null, steps: [] })).rejects.toMatchObject({
      faults: [{ path: 'steps' }],
    });
    expect(await workflows.get(id)).toMatchObject({ version: 2 });
  });
});

describe('the list of workflows', () => {
  it('is paged newest first, without holes or doubles', async () => {
    now += 60_000;
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await created(`L${n}`)).id);
    const first = await workflows.list({ first: 2 });
    const second = await workflows.list({ first: 2, after: first.pageInfo.endCursor });
    const third = await workflows.list({ first: 1, after: second.pageInfo.endCursor });
    expect([first, second, third].flatMap(({ edges }) => edges.map(({ node }) => node.id))).toEqual(ids.toSorted().reverse());
    expect([first.pageInfo.hasNextPage, first.pageInfo.hasPreviousPage, second.pageInfo.hasPreviousPage]).toEqual([true, false, true]);
    expect((await workflows.list({ first: 0 })).edges).toEqual([]);
  });

  it('refuses pages that are too long and cursors of something else', async () => {
    await expect(workflows.list({ first: 1_001 })).rejects.toMatchObject({ faults: [{ path: 'first' }] });
    await expect(workflows.list({ first: -1 })).rejects.toMatchObject({ faults: [{ path: 'first' }] });
    await expect(workflows.list({ first: 1, after: 'bm9uc2Vuc2U' })).rejects.toMatchObject({ faults: [{ path: 'after' }] });
    const { pageInfo } = await workflows.list({ first: 1 });
    await expect(workflows.runs('wfl_x', { first: 1, after: pageInfo.endCursor })).rejects.toMatchObject({ faults: [{ path: 'after' }] });
  });
});

describe('the health of workers', () => {
  it('is known from a worker that takes tasks of the queue, until it stops', async () => {
    const { pool } = database;
    const heartbeat = startHeartbeat({ pool, clock: systemClock, taskQueue: 'mine', log: pino({ level: 'silent' }) });
    expect(await workerIsAtWork(pool, systemClock, 'mine')).toBe(false);
    heartbeat.atWork(true);
    while (!(await workerIsAtWork(pool, systemClock, 'mine')));
    expect(await workerIsAtWork(pool, systemClock, 'other')).toBe(false);
    expect(await workerIsAtWork(pool, { now: () => Date.now() + 60_000 }, 'mine')).toBe(false);
    await heartbeat.stop();
    expect(await workerIsAtWork(pool, systemClock, 'mine')).toBe(false);
  });
});
