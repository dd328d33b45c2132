import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestClock } from '../helpers/basics.ts';
import { startTestHub, type TestHub } from '../helpers/hub.ts';
import { order, REDEEM, type Stage, setStage } from './stage.ts';

// How the lines are found and paged through; what stands in them is for audit.db.test.ts.

interface Line {
  readonly id: string;
  readonly at: string;
  readonly actorId: string;
  readonly operation: string;
  readonly subjectId: string | null;
}

type Filter = Readonly<Record<string, unknown>>;

const clock = new TestClock();
let hub: TestHub;
let stage: Stage;
/** Two tills and the admin, each of whom did something in each of these moments. */
const moments: string[] = [];
let whole: Line[];
let tills: string[];
let admin: string;

beforeAll(async () => {
  hub = await startTestHub({ clock });
  stage = await setStage(hub);
  const keys = [await hub.keyFor('TILL', { storeIds: [stage.storeId] }), await hub.keyFor('TILL', { storeIds: [stage.storeId] })];
  const codes = [...stage.codes];
  const redeem = async (key: string | undefined, count: number): Promise<string> => {
    const input = { idempotencyKey: `redeem ${codes.length}`, codes: codes.splice(0, count), order: order(stage.storeId) };
    const { redeem: answer } = await hub.ask(REDEEM, { input }, { key: key as string });
    return answer.redemptions[0].id;
  };
  const somethings: string[] = [];
  for (let moment = 0; moment < 4; moment += 1) {
    clock.tick();
    moments.push(new Date(clock.now()).toISOString());
    // Several of one moment, some with two vouchers: within it they are in no order but that of their ids.
    for (const count of [2, 1, 2, 1]) somethings.push(await redeem(keys[0], count));
    somethings.push(await redeem(keys[1], 1));
    await hub.ask('mutation ($id: ID!) { updateStore(id: $id, input: { name: "Triana again" }) { id } }', { id: stage.storeId });
    await hub.ask('mutation ($id: ID!) { updateStore(id: $id, input: { name: "Triana" }) { id } }', { id: stage.storeId });
  }
  whole = (await page({}, 1_000)).lines;
  const actorOf = (subjectId: string | undefined) => whole.find((line) => line.subjectId === subjectId)?.actorId as string;
  tills = [actorOf(somethings[0]), actorOf(somethings[4])];
  admin = actorOf(stage.campaignId);
});
afterAll(async () => {
  await hub.stop();
});

async function page(filter: Filter, first: number, after: string | null = null): Promise<{ lines: Line[]; next: string | null }> {
  const { auditLines } = await hub.ask(
    `query ($filter: AuditFilter, $first: Int, $after: String) {
      auditLines(filter: $filter, first: $first, after: $after) {
        edges { node { id at actorId operation subjectId } } pageInfo { hasNextPage endCursor }
      }
    }`,
    { filter, first, after },
  );
  const { hasNextPage, endCursor } = auditLines.pageInfo;
  return { lines: auditLines.edges.map(({ node }: { node: Line }) => node), next: hasNextPage ? endCursor : null };
}

async function paged(filter: Filter, first: number): Promise<Line[]> {
  const all: Line[] = [];
  for (let after: string | null = null; ; ) {
    const { lines, next } = await page(filter, first, after);
    all.push(...lines);
    if (next === null) return all;
    // A page that promises another is full.
    expect(lines).toHaveLength(first);
    after = next;
  }
}

test('there are all that were made, newest first', () => {
  expect(whole.filter(({ operation }) => operation === 'redeem')).toHaveLength(4 * 7);
  expect(whole.filter(({ operation }) => operation === 'updateStore')).toHaveLength(4 * 2);
  expect(new Set(whole.map(({ id }) => id)).size).toBe(whole.length);
  const times = whole.map(({ at }) => at);
  expect(times).toEqual([...times].sort().reverse());
});

test.each([1, 2, 3, 7, 25])('they come whole and once by pages of %d', async (first) => {
  expect(await paged({}, first)).toEqual(whole);
});

test.each([1, 2, 3, 7, 25])('those of some actors come whole and once by pages of %d, however many are of one moment', async (first) => {
  const [one, other] = tills as [string, string];
  for (const actorIds of [[one], [other], [one, other], [other, one, other], [admin, other], [admin, 'key_nobody']]) {
    const theirs = whole.filter(({ actorId }) => actorIds.includes(actorId));
    expect(theirs.length).toBeGreaterThan(3);
    expect(await paged({ actorIds }, first)).toEqual(theirs);
  }
});

test('they are found by subject, operation and time, alone and together', async () => {
  const [one, other] = tills as [string, string];
  const [, from, , to] = moments as [string, string, string, string];
  const within = whole.filter(({ at }) => at >= from && at < to);
  const line = within.find(({ actorId }) => actorId === one) as Line;
  expect((await page({ subjectId: line.subjectId }, 10)).lines).toEqual([line]);
  expect((await page({ subjectId: line.subjectId, actorIds: [one] }, 10)).lines).toEqual([line]);
  expect((await page({ subjectId: line.subjectId, actorIds: [other] }, 10)).lines).toEqual([]);
  expect(await paged({ from, to }, 5)).toEqual(within);
  expect(await paged({ from, to, actorIds: [one] }, 5)).toEqual(within.filter(({ actorId }) => actorId === one));
  expect(await paged({ actorIds: [one], operations: ['hold'] }, 5)).toEqual([]);
  expect(await paged({ actorIds: [admin], operations: ['updateStore'] }, 5)).toEqual(
    whole.filter(({ operation }) => operation === 'updateStore'),
  );
  expect(await paged({ actorIds: [] }, 5)).toEqual([]);
  expect(await paged({ actorIds: ['\u0000'] }, 5)).toEqual([]);
});

test.each([
  ['a cursor of another list', { after: 'WyJ4Il0' }],
  ['a page too large', { first: 1001 }],
])('refuses %s', async (_what, variables) => {
  const { errors } = await hub.graphql(
    'query ($first: Int, $after: String) { auditLines(first: $first, after: $after) { edges { cursor } } }',
    variables,
  );
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: Object.keys(variables)[0] });
});
