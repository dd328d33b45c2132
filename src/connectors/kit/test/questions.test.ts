import { describe, expect, test } from '@jest/globals';
import { type Connector, type Delivery, type Question, type Verification, z } from '../src/index.ts';
import { deskOf, questionForger, receiveQuestion, runAnswer, sentAnswer } from '../src/testing/index.ts';
import { acmeConnector, connect } from './acme.ts';

const { ctx } = connect({});
const verify: Verification = { by: 'token', at: { header: 'authorization' }, key: { secret: 'signingKey' } };

const asking = (question: Partial<Question>): Connector => ({
  ...acmeConnector,
  questions: {
    reward: {
      title: 'Rewards',
      verify,
      body: ['json', 'empty'],
      within: 'PT4S',
      input: z.unknown(),
      output: z.unknown(),
      about: () => ({ repeatKey: 'q-1' }),
      answer: () => null,
      ...question,
    },
  },
});

describe('a question', () => {
  const connector = asking({ answer: (_ctx, input, delivery) => ({ of: delivery.headers['x-kind'] ?? 'nobody', input }) });
  const ours = questionForger(connector, 'reward');
  const ask = (body: string, given = connector) =>
    receiveQuestion(
      given,
      'reward',
      ours.sign({ url: 'https://hub.example.com/webhooks/c-1/reward', body, at: 0, headers: [['x-kind', 'search']] }),
      {
        keys: (name) => (ours.secrets[name] === undefined ? [] : [ours.secrets[name]]),
        nowMs: 0,
      },
    );

  test('is answered by its body and by what its headers say', async () => {
    const received = await ask('{"code":"a"}');
    const delivery = (received.kind === 'delivery' ? received.delivery : {}) as Delivery;
    const { desk } = deskOf({}, 'EUR');
    expect(await runAnswer(connector, ctx, desk, 'reward', delivery.body, delivery)).toEqual({
      ok: true,
      value: { of: 'search', input: { code: 'a' } },
    });
    expect(await runAnswer(connector, ctx, desk, 'reward', delivery.body)).toMatchObject({ ok: true, value: { of: 'nobody' } });
  });

  test('without a body is one only where the platform sends such', async () => {
    expect(await ask('')).toMatchObject({ kind: 'delivery', delivery: { body: null } });
    expect(await ask('', asking({ body: ['json'] }))).toMatchObject({ kind: 'refused', fault: 'NOT_PARSEABLE' });
    expect(await ask('{')).toMatchObject({ kind: 'refused', fault: 'NOT_PARSEABLE' });
  });
});

test.each([
  [undefined, { httpStatus: 404, is: 'none' }, { status: 200, body: { httpStatus: 404, is: 'none' } }],
  ['httpStatus', { httpStatus: 404, is: 'none' }, { status: 404, body: { is: 'none' } }],
  ['httpStatus', { is: 'there' }, { status: 200, body: { is: 'there' } }],
  ['httpStatus', { httpStatus: 99, is: 'odd' }, { status: 200, body: { is: 'odd' } }],
  ['httpStatus', 'a text', { status: 200, body: 'a text' }],
])('with the status member %s the answer %j leaves as %j', (statusMember, answer, sent) => {
  expect(sentAnswer(statusMember === undefined ? {} : { statusMember }, answer)).toEqual(sent);
});
