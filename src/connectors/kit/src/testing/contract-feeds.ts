import assert from 'node:assert/strict';
import type { DayWindow, TimeWindow } from '../feeds.ts';
import type { Fact } from '../notices.ts';
import { type Ran, runChoices, runFeed, runFeedStart } from '../run.ts';
import { type Bench, onBench } from './bench.ts';
import { assertSecretFree, type ContractTest, expectedCode, HASTY_MS, PATIENT_MS, type Subject, settled } from './contract-test.ts';
import type { FeedSample } from './samples.ts';
import type { StandInReply } from './stand-in.ts';

const MOST_PAGES = 100;
const STATUSES = [400, 401, 403, 404, 429, 500, 503] as const;
const RETRY_AFTER = { 'retry-after': '7' };

type At = TimeWindow | DayWindow | { readonly cursor: string };

const onPage = (at: FeedSample['at'], next: string | undefined): At => {
  if (next === undefined) return at as At;
  return 'cursor' in at ? { cursor: next } : ({ ...at, page: next } as At);
};

/** All pages; stops at the first failure. */
async function walk(subject: Subject, { ctx }: Bench, sample: FeedSample): Promise<Ran<readonly Fact[]>> {
  const facts: Fact[] = [];
  let next: string | undefined;
  for (let pages = 0; ; pages += 1) {
    assert.ok(pages < MOST_PAGES, `${sample.feed} has no last page`);
    const ran = await runFeed(subject.connector, ctx, sample.feed, onPage(sample.at, next));
    if (!ran.ok) return ran;
    facts.push(...ran.value.facts);
    if (!ran.value.more) return { ok: true, value: facts };
    assert.ok(ran.value.next !== undefined, 'there is more, and nothing says where');
    assert.notEqual(ran.value.next, next, 'the next page is this one');
    next = ran.value.next;
  }
}

const on = <T>(subject: Subject, replies: readonly StandInReply[], deadlineMs: number, use: (bench: Bench) => Promise<T>): Promise<T> =>
  onBench(subject.connector, subject.samples, deadlineMs, async (bench) => {
    bench.standIn.answer(replies);
    return use(bench);
  });

const checkWalked = (subject: Subject, sample: FeedSample): Promise<void> =>
  on(subject, sample.replies, PATIENT_MS, async (bench) => {
    const facts = settled(await walk(subject, bench, sample));
    assert.deepEqual(
      facts.map((fact) => fact.kind),
      sample.facts,
    );
    sample.check?.(facts);
    assertSecretFree({ facts, reports: bench.reports }, bench.secrets, 'a fact or a report');
  });

async function checkFailures(subject: Subject, sample: FeedSample): Promise<void> {
  for (const status of STATUSES) {
    await on(subject, [{ status, headers: RETRY_AFTER, body: {} }], PATIENT_MS, async (bench) => {
      const ran = await walk(subject, bench, sample);
      const code = expectedCode(subject.connector, status, RETRY_AFTER, bench.ctx.now());
      assert.equal(ran.ok ? 'no failure' : ran.failure.code, code, `at ${status}`);
      assertSecretFree(ran, bench.secrets, 'a failure');
    });
  }
  const hung = await on(subject, [{ instead: 'HANG' }], HASTY_MS, (bench) => walk(subject, bench, sample));
  assert.equal(hung.ok ? 'no failure' : hung.failure.code, 'TIMEOUT');
  const garbage = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Welcome</html>' };
  const read = await on(subject, [garbage], PATIENT_MS, (bench) => walk(subject, bench, sample));
  assert.equal(read.ok ? 'no failure' : read.failure.code, 'BAD_REPLY', 'HTML was taken for a page');
  const [first] = sample.replies;
  if (first?.body === undefined || typeof first.body === 'string') return;
  const half = JSON.stringify(first.body);
  const cut = { ...first, headers: { 'content-type': 'application/json' }, body: half.slice(0, Math.floor(half.length / 2)) };
  const broken = await on(subject, [cut], PATIENT_MS, (bench) => walk(subject, bench, sample));
  assert.equal(broken.ok ? 'no failure' : broken.failure.code, 'BAD_REPLY', 'half a page was taken for a whole one');
}

async function checkCursor(subject: Subject, sample: FeedSample): Promise<void> {
  const { first, lost } = sample;
  if (first) {
    const cursor = await on(subject, first.replies, PATIENT_MS, async ({ ctx }) =>
      settled(await runFeedStart(subject.connector, ctx, sample.feed, undefined)),
    );
    assert.equal(cursor, first.cursor);
  }
  if (lost) {
    const ran = await on(subject, lost, PATIENT_MS, (bench) => walk(subject, bench, sample));
    assert.equal(ran.ok ? 'no failure' : ran.failure.code, 'CURSOR_LOST');
  }
}

const checkChoices = (subject: Subject, { name, replies, values }: NonNullable<Subject['samples']['choices']>[number]): Promise<void> =>
  on(subject, replies, PATIENT_MS, async ({ ctx }) => {
    const choices = settled(await runChoices(subject.connector, ctx, name));
    assert.deepEqual(
      choices.map(({ value }) => value),
      values,
    );
  });

export const feedTests = (subject: Subject): ContractTest[] => [
  ...(subject.samples.feeds ?? []).flatMap((sample, index): ContractTest[] => {
    const of = `feeds.${sample.feed} (sample ${index + 1})`;
    return [
      { name: `${of} walks its pages to the end`, run: () => checkWalked(subject, sample) },
      { name: `${of} maps every fault to the table`, run: () => checkFailures(subject, sample) },
      ...('cursor' in sample.at
        ? [{ name: `${of} begins, and knows a cursor that is lost`, run: () => checkCursor(subject, sample) }]
        : []),
    ];
  }),
  ...(subject.samples.choices ?? []).map((sample) => ({
    name: `the choices ${sample.name} are read live`,
    run: () => checkChoices(subject, sample),
  })),
];
