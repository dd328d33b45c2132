import assert from 'node:assert/strict';
import type { Failure } from '../failure.ts';
import { runFetch, runVerb } from '../run.ts';
import { allSecretNames } from '../settings.ts';
import { findVerb } from '../verb-table.ts';
import type { Outcome, Verb } from '../verbs.ts';
import { type Bench, FIRST_TOKEN, jobsOf, onBench, SECOND_TOKEN } from './bench.ts';
import { assertSecretFree, type ContractTest, expectedCode, HASTY_MS, PATIENT_MS, type Subject, settled } from './contract-test.ts';
import type { FetchSample, VerbSample } from './samples.ts';
import type { StandInReply } from './stand-in.ts';

const STATUSES = [400, 401, 403, 404, 409, 429, 500, 503] as const;
const RETRY_AFTER = { 'retry-after': '7' };

function verbOf(subject: Subject, sample: VerbSample): Verb<unknown, unknown> {
  const found = findVerb(subject.connector, sample.verb);
  assert.ok(found, `there is no verb ${sample.verb}`);
  for (const input of sample.inputs) assert.ok(found.input.safeParse(input).success, `an input of the sample is none of ${sample.verb}`);
  return found.verb as Verb<unknown, unknown>;
}

async function outcomesOf(subject: Subject, { ctx }: Bench, sample: VerbSample): Promise<readonly Outcome<unknown>[]> {
  const jobs = jobsOf(sample);
  const verb = verbOf(subject, sample);
  const size = verb.batch?.max ?? 1;
  const outcomes: Outcome<unknown>[] = [];
  for (let from = 0; from < jobs.length; from += size) {
    let state: Parameters<typeof runVerb>[3];
    for (let steps = 0; ; steps += 1) {
      const batch = jobs.slice(from, from + size).filter((job) => !outcomes.some((outcome) => outcome.job === job.id));
      const step = await runVerb(verb, ctx, batch, state);
      outcomes.push(...(step.outcomes ?? []));
      if (!('goOn' in step)) break;
      assert.ok(steps < 50, `${sample.verb} never comes to an end`);
      state = step.goOn;
    }
  }
  return outcomes;
}

const checkDone = (subject: Subject, sample: VerbSample): Promise<void> =>
  onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
    bench.standIn.answer(sample.replies);
    const outcomes = await outcomesOf(subject, bench, sample);
    assert.deepEqual(
      outcomes,
      sample.done.map((done, index) => ({ job: `job-${index + 1}`, done })),
    );
    const output = findVerb(subject.connector, sample.verb)?.output;
    for (const done of sample.done) assert.ok(output?.safeParse(done).success, `what is done is not in the form of ${sample.verb}`);
    assertSecretFree({ outcomes, reports: bench.reports }, bench.secrets, 'an outcome or a report');
  });

async function failuresOf(
  subject: Subject,
  sample: VerbSample,
  reply: StandInReply,
  deadlineMs = PATIENT_MS,
): Promise<{ readonly failures: readonly Failure[]; readonly bench: Bench; readonly methods: readonly string[] }> {
  return onBench(subject.connector, subject.samples, deadlineMs, async (bench) => {
    bench.standIn.answer([reply]);
    const outcomes = await outcomesOf(subject, bench, sample);
    assertSecretFree({ outcomes, reports: bench.reports }, bench.secrets, 'a failure or a report');
    const failures = outcomes.flatMap((outcome) => ('failed' in outcome ? [outcome.failed] : []));
    return { failures, bench, methods: bench.standIn.requests.map(({ method }) => method) };
  });
}

const allAre = (failures: readonly Failure[], sample: VerbSample, code: Failure['code'], why: string): void =>
  assert.deepEqual(
    failures.map((failure) => failure.code),
    sample.inputs.map(() => code),
    why,
  );

async function checkStatuses(subject: Subject, sample: VerbSample): Promise<void> {
  for (const status of STATUSES) {
    const { failures, bench } = await failuresOf(subject, sample, { status, headers: RETRY_AFTER, body: {} });
    allAre(failures, sample, expectedCode(subject.connector, status, RETRY_AFTER, bench.ctx.now()), `at ${status}`);
    if (status === 429) for (const failure of failures) assert.ok(failure.wait, '429 with Retry-After gives no wait');
  }
}

/** A token that ran out in the middle of the work is renewed once, and the call made again with the new one. */
async function checkRenewal(subject: Subject, sample: VerbSample): Promise<void> {
  await onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
    if (bench.secrets['secondToken'] === undefined) return;
    bench.standIn.answer([{ status: 401, body: {} }, ...sample.replies]);
    // Replies to any call come in turn: the first one is the refusal.
    const outcomes = await outcomesOf(subject, bench, sample);
    if (bench.renewals() === 0) return;
    assert.equal(bench.renewals(), 1, 'the credential was renewed more than once');
    const [refused = '', ...after] = bench.standIn.requests.map(({ headers, query }) => JSON.stringify({ headers, query }));
    // A host of its own may carry another member of the credential, of which the suite does not know what it looks like.
    if (refused.includes(FIRST_TOKEN)) assert.ok(after.join().includes(SECOND_TOKEN), 'after the renewal the old token was sent again');
    assertSecretFree({ outcomes, reports: bench.reports }, bench.secrets, 'an outcome or a report');
  });
}

async function checkNoAnswer(subject: Subject, sample: VerbSample): Promise<void> {
  const hung = await failuresOf(subject, sample, { instead: 'HANG' }, HASTY_MS);
  allAre(hung.failures, sample, 'TIMEOUT', 'where the platform never answers');
  const cut = await failuresOf(subject, sample, { instead: 'CUT' });
  allAre(cut.failures, sample, 'PLATFORM_DOWN', 'where the connection breaks off');
  for (const { failures, bench } of [hung, cut]) {
    // A verb that looks before it writes has done nothing yet where its look gets no answer.
    const onlyLooked = bench.standIn.requests.every(({ method }) => method === 'GET');
    for (const failure of failures)
      assert.equal(failure.unknown ?? false, !onlyLooked, 'whether the outcome is known is not what the failure says');
  }
}

async function checkGarbage(subject: Subject, sample: VerbSample): Promise<void> {
  // Where a good answer has no body, there is nothing to read, and the status alone counts.
  if (sample.replies.at(-1)?.body === undefined) return;
  const { failures } = await failuresOf(subject, sample, {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html>Welcome</html>',
  });
  allAre(failures, sample, 'BAD_REPLY', 'for a reply that is none of the platform');
}

async function checkEcho(subject: Subject, sample: VerbSample): Promise<void> {
  await onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
    // Neither the token that comes next, nor the key of a subscription, which no verb sends.
    const known = new Set([...allSecretNames(subject.connector), 'firstToken', 'refreshToken']);
    const given = Object.fromEntries(Object.entries(bench.secrets).filter(([name]) => known.has(name)));
    const told = Object.values(given).join(' and ');
    bench.standIn.answer([
      { status: 400, body: { errors: [{ code: 'INVALID', message: told, detail: told, field: told }], message: told, error: told } },
    ]);
    const outcomes = await outcomesOf(subject, bench, sample);
    assertSecretFree({ outcomes, reports: bench.reports }, given, 'a failure that repeats what the platform said');
  });
}

const checkFetched = (subject: Subject, sample: FetchSample): Promise<void> =>
  onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
    bench.standIn.answer(sample.replies);
    const facts = settled(await runFetch(subject.connector, bench.ctx, sample.resource, sample.ids));
    assert.deepEqual(
      facts.map((fact) => fact.kind),
      sample.facts,
    );
    sample.check?.(facts);
    assertSecretFree({ facts, reports: bench.reports }, bench.secrets, 'a fact or a report');
  });

async function checkFetchFailures(subject: Subject, sample: FetchSample): Promise<void> {
  for (const status of STATUSES) {
    await onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
      bench.standIn.answer([{ status, headers: RETRY_AFTER, body: {} }]);
      const ran = await runFetch(subject.connector, bench.ctx, sample.resource, sample.ids);
      const code = expectedCode(subject.connector, status, RETRY_AFTER, bench.ctx.now());
      const isGone = ran.ok && status === 404 && ran.value.every((fact) => fact.kind === 'gone');
      assert.ok(isGone || (!ran.ok && ran.failure.code === code), `at ${status}: ${JSON.stringify(ran)}`);
      assertSecretFree(ran, bench.secrets, 'a failure');
    });
  }
}

/** A number of the platform's replies that a double cannot hold, and the double next to it. */
const BEYOND = '9007199254740993';
const ROUNDED = '9007199254740992';

async function checkExact(subject: Subject, sample: FetchSample): Promise<void> {
  const texts = sample.replies.map((reply) => JSON.stringify(reply.body));
  const numbers = new Set(texts.flatMap((text) => [...(text ?? '').matchAll(/(?<=[:[,])\d{2,}(?=[,}\]])/g)].map(([digits]) => digits)));
  for (const digits of numbers) {
    const replies = sample.replies.map((reply, index) => ({
      ...reply,
      headers: { 'content-type': 'application/json', ...reply.headers },
      body: (texts[index] ?? '').replace(new RegExp(`(?<=[:[,])${digits}(?=[,}\\]])`, 'g'), BEYOND),
    }));
    await onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
      bench.standIn.answer(replies);
      const ran = await runFetch(subject.connector, bench.ctx, sample.resource, sample.ids);
      assert.ok(!JSON.stringify(ran).includes(ROUNDED), `${digits} was read by way of a double`);
    });
  }
}

async function checkDoubledMember(subject: Subject, sample: FetchSample): Promise<void> {
  const replies = sample.replies.map((reply) => ({
    ...reply,
    body: JSON.stringify(reply.body).replace(/^\{"([^"]+)":/, '{"$1":null,"$1":'),
  }));
  await onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
    bench.standIn.answer(replies);
    const ran = await runFetch(subject.connector, bench.ctx, sample.resource, sample.ids);
    assert.equal(!ran.ok && ran.failure.code, 'BAD_REPLY', 'a reply with a doubled member was read');
  });
}

export function callTests(subject: Subject): ContractTest[] {
  const verbs = (subject.samples.verbs ?? []).flatMap((sample, index): ContractTest[] => {
    const of = `${sample.verb} (sample ${index + 1})`;
    return [
      { name: `${of} does what it says`, run: () => checkDone(subject, sample) },
      { name: `${of} maps every status to the table`, run: () => checkStatuses(subject, sample) },
      { name: `${of} renews a token that ran out, once`, run: () => checkRenewal(subject, sample) },
      { name: `${of} knows that it does not know, where no answer comes`, run: () => checkNoAnswer(subject, sample) },
      { name: `${of} takes no garbage for an answer`, run: () => checkGarbage(subject, sample) },
      { name: `${of} repeats no secret that the platform repeats`, run: () => checkEcho(subject, sample) },
    ];
  });
  const fetches = (subject.samples.fetches ?? []).flatMap((sample, index): ContractTest[] => {
    const of = `fetch.${sample.resource} (sample ${index + 1})`;
    return [
      { name: `${of} gives the facts`, run: () => checkFetched(subject, sample) },
      { name: `${of} maps every status to the table`, run: () => checkFetchFailures(subject, sample) },
      { name: `${of} loses no digit`, run: () => checkExact(subject, sample) },
      { name: `${of} refuses doubled members`, run: () => checkDoubledMember(subject, sample) },
    ];
  });
  return [...verbs, ...fetches];
}
