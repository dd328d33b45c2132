import assert from 'node:assert/strict';
import { sentAnswer } from '../inbound/answer.ts';
import { type Received, receiveQuestion } from '../inbound/receive.ts';
import type { IncomingRequest } from '../inbound/request.ts';
import type { Plain } from '../plain.ts';
import type { Desk, DeskOrder, DeskOutcome } from '../questions.ts';
import { runAbout, runAnswer } from '../run.ts';
import { type Bench, HOOK_URL, onBench } from './bench.ts';
import { assertSecretFree, type ContractTest, PATIENT_MS, type Subject, settled } from './contract-test.ts';
import { faultOf, withoutSignature } from './contract-webhooks.ts';
import { type Forger, questionForger } from './forge.ts';
import type { QuestionSample } from './samples.ts';

type Asked = QuestionSample['asked'][number];

/** A hub that knows the codes of the sample and says no to all others. */
export function deskOf(
  codes: QuestionSample['codes'],
  currency: string,
): { readonly desk: Desk; readonly asked: Asked[]; readonly keys: string[] } {
  const asked: Asked[] = [];
  const keys: string[] = [];
  const outcomes = (wanted: readonly string[], order: DeskOrder): DeskOutcome[] =>
    wanted.map((code) => {
      const known = codes?.[code];
      const [line] = order.lines;
      if (!known) return { code, ok: false, reason: 'CODE_UNKNOWN', message: 'No conocemos este código.' };
      const amount = { minor: known.minor, currency };
      return {
        code,
        ok: true,
        amount,
        kind: known.kind ?? 'ORDER_DISCOUNT',
        lines: line ? [{ lineId: line.id, amount }] : [],
        campaign: 'Diez por ciento',
      };
    });
  const desk: Desk = {
    async validate({ codes: wanted, order }) {
      asked.push('validate');
      return outcomes(wanted, order);
    },
    async hold({ key, codes: wanted, order }) {
      asked.push('hold');
      keys.push(key);
      const all = outcomes(wanted, order);
      return { holdId: all.every(({ ok }) => ok) ? 'hld_1' : null, outcomes: all };
    },
    async redeem({ key, codes: wanted, order }) {
      asked.push('redeem');
      keys.push(key);
      const all = outcomes(wanted, order);
      return { redeemed: all.every(({ ok }) => ok), outcomes: all };
    },
    async reverse({ key }) {
      asked.push('reverse');
      keys.push(key);
      return { reversed: true };
    },
  };
  return { desk, asked, keys };
}

const draft = (forger: Forger, sample: QuestionSample, at: number): IncomingRequest =>
  forger.sign({
    url: `${HOOK_URL}/${sample.question}`,
    body: typeof sample.body === 'string' ? sample.body : JSON.stringify(sample.body),
    headers: [['content-type', sample.contentType ?? 'application/json'], ...Object.entries(sample.headers ?? {})],
    at,
  });

const take = ({ connector, secrets, nowMs }: Bench, name: string, request: IncomingRequest): Promise<Received> =>
  receiveQuestion(connector, name, request, { keys: (key) => (secrets[key] === undefined ? [] : [secrets[key]]), nowMs });

const checkAnswered = (subject: Subject, sample: QuestionSample): Promise<void> =>
  onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
    const forger = bench.questionForgers.get(sample.question);
    assert.ok(forger, `there is no question ${sample.question}`);
    const received = await take(bench, sample.question, draft(forger, sample, bench.nowMs));
    assert.ok(received.kind === 'delivery', `refused: ${faultOf(received)}`);
    const { delivery } = received;
    const about = settled(await runAbout(subject.connector, sample.question, delivery));
    const again = settled(await runAbout(subject.connector, sample.question, { ...delivery, receivedAt: '2026-03-06T20:00:00.000Z' }));
    assert.deepEqual(again, about, 'the same question has another key the second time');
    bench.standIn.answer(sample.replies ?? []);
    const first = deskOf(sample.codes, subject.samples.currency ?? 'EUR');
    const answer = settled(await runAnswer(subject.connector, bench.ctx, first.desk, sample.question, delivery.body, delivery));
    assert.deepEqual(answer, sample.answer);
    checkStatus(subject, sample, answer);
    assert.deepEqual(first.asked, sample.asked);
    assertSecretFree({ answer, about, reports: bench.reports }, bench.secrets, 'an answer');
    // The hub's keys must not change from one try to the next, or a repeat would redeem twice.
    const second = deskOf(sample.codes, subject.samples.currency ?? 'EUR');
    bench.standIn.answer(sample.replies ?? []);
    settled(await runAnswer(subject.connector, bench.ctx, second.desk, sample.question, delivery.body, delivery));
    assert.deepEqual(second.keys, first.keys, 'the same question acts under another key the second time');
  });

function checkStatus({ connector }: Subject, { question }: QuestionSample, answer: Plain): void {
  const statusMember = connector.questions?.[question]?.statusMember;
  if (statusMember === undefined) return;
  const status = (answer as { readonly [name: string]: Plain } | null)?.[statusMember];
  assert.equal(status, sentAnswer({ statusMember }, answer).status, `the answer's ${statusMember} is no status`);
}

const checkRefused = (subject: Subject, sample: QuestionSample): Promise<void> =>
  onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
    const forger = bench.questionForgers.get(sample.question);
    const verify = subject.connector.questions?.[sample.question]?.verify;
    const scheme = verify && ('length' in verify ? verify[0] : verify);
    assert.ok(forger && scheme);
    const genuine = draft(forger, sample, bench.nowMs);
    const stranger = draft(questionForger(subject.connector, sample.question), sample, bench.nowMs);
    for (const request of [stranger, withoutSignature(genuine, scheme)]) {
      const received = await take(bench, sample.question, request);
      assert.equal(received.kind === 'refused' && received.status, 401, `a forged question was answered: ${faultOf(received)}`);
    }
  });

const checkMalformed = (subject: Subject, sample: QuestionSample): Promise<void> =>
  onBench(subject.connector, subject.samples, PATIENT_MS, async (bench) => {
    const { desk } = deskOf({}, 'EUR');
    const ran = await runAnswer(subject.connector, bench.ctx, desk, sample.question, { nothing: 'that it knows' });
    assert.equal(ran.ok ? 'an answer' : ran.failure.code, 'BAD_INPUT', 'a question without its members was answered');
  });

export const questionTests = (subject: Subject): ContractTest[] =>
  (subject.samples.questions ?? []).flatMap((sample, index): ContractTest[] => {
    const of = `questions.${sample.question} (sample ${index + 1})`;
    return [
      { name: `${of} is answered, each time alike`, run: () => checkAnswered(subject, sample) },
      { name: `${of} is refused when forged`, run: () => checkRefused(subject, sample) },
      { name: `${of} is refused without its members`, run: () => checkMalformed(subject, sample) },
    ];
  });
