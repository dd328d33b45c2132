import { type Delivery, durationMs, type Plain } from '@valehub/connector-kit';
import { bodyLimit, type Received, receiveQuestion, sentAnswer } from '@valehub/connector-kit/host';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { type Address, appAddress, connectionAddress, type FoundAddress, questionAddress } from '../webhooks/address.ts';
import { type KeySets, KeysAway } from '../webhooks/key-sets.ts';
import { incoming, readBody, TooLarge } from '../webhooks/raw-request.ts';
import { connectionOf } from '../webhooks/routing.ts';
import { receiveVerified } from '../webhooks/verified.ts';
import type { AnswerStore, QuestionId } from './answer-store.ts';
import { type ConnectorDeskMeans, connectorDesk } from './connector-desk.ts';

export interface QuestionDeps {
  readonly pool: pg.Pool;
  readonly book: ConnectionBook;
  readonly runner: ConnectorRunner;
  readonly answers: AnswerStore;
  readonly desk: ConnectorDeskMeans;
  readonly keySets: KeySets;
  /** Without a closing slash. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly log: Logger;
  /** For the metrics: what became of a question. */
  readonly count: (connectorId: string, result: QuestionResult) => void;
}

export type QuestionResult = 'answered' | 'repeated' | 'forged' | 'unreadable' | 'too_large' | 'unknown' | 'not_answered';

interface Reply {
  readonly status: number;
  readonly body?: Plain;
}

/** `POST /webhooks/<connection>/<question>` and `/webhooks/apps/<app>/<question>`: the platform waits, so it is verified, answered within its time, and the answer kept for a repeat. */
export function registerQuestionRoutes(app: FastifyInstance, deps: QuestionDeps): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.setErrorHandler((fault: Error, _request, reply) => {
      deps.log.error({ err: fault }, 'a question could not be answered');
      return send(reply, { status: 500 });
    });
    scope.post<{ Params: { connectionId: string; question: string } }>('/webhooks/:connectionId/:question', async (request, reply) => {
      const { connectionId, question } = request.params;
      return send(reply, await ask(deps, request, question, await connectionAddress(deps.book, connectionId, deps.publicUrl())));
    });
    scope.post<{ Params: { appId: string; question: string } }>('/webhooks/apps/:appId/:question', async (request, reply) => {
      const { appId, question } = request.params;
      return send(reply, await ask(deps, request, question, await appAddress(deps.book, appId, deps.publicUrl())));
    });
  });
}

async function send(reply: FastifyReply, { status, body }: Reply): Promise<FastifyReply> {
  if (status === 413 || status === 404 || status === 500) reply.header('connection', 'close');
  if (status === 503) reply.header('retry-after', '1');
  reply.code(status).header('x-content-type-options', 'nosniff');
  return body === undefined ? reply.send() : reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
}

async function ask(deps: QuestionDeps, request: FastifyRequest, question: string, { address, of }: FoundAddress): Promise<Reply> {
  const questions = address?.live.connector.questions;
  const declared = questions && Object.hasOwn(questions, question) ? questions[question] : undefined;
  if (address === undefined || declared === undefined || address.live.status === 'PAUSED') {
    deps.count(of, 'unknown');
    return { status: 404 };
  }
  const { live } = address;
  let body: Buffer;
  try {
    body = await readBody(request, bodyLimit(live.connector));
  } catch (fault) {
    if (!(fault instanceof TooLarge)) throw fault;
    deps.count(live.connectorId, 'too_large');
    return { status: 413 };
  }
  try {
    const received = await receiveVerified({
      address: questionAddress(address, question),
      verify: declared.verify,
      keySets: deps.keySets,
      request: (url) => incoming(request, url, body),
      receive: (one, keys) => receiveQuestion(live.connector, question, one, { keys, nowMs: deps.clock.now() }),
    });
    return await hear(deps, address, question, declared, received);
  } catch (fault) {
    if (!(fault instanceof KeysAway)) throw fault;
    deps.count(live.connectorId, 'not_answered');
    return { status: 503 };
  }
}

/** Behind an App the account that the question is about finds the connection. */
async function hear(
  deps: QuestionDeps,
  address: Address,
  question: string,
  declared: Asked['declared'],
  received: Received,
): Promise<Reply> {
  const { live, appId } = address;
  if (received.kind !== 'delivery') {
    const refused = received.kind === 'refused' ? received : { status: 400, fault: 'NOT_PARSEABLE' };
    deps.count(live.connectorId, refused.status === 401 ? 'forged' : refused.status === 413 ? 'too_large' : 'unreadable');
    deps.log.warn({ connection: live.id, connector: live.connectorId, question, fault: refused.fault }, 'a question was refused');
    return { status: refused.status };
  }
  const about = await deps.runner.ask(live, { op: 'about', question, delivery: received.delivery });
  if (!about.ok) {
    deps.count(live.connectorId, 'unreadable');
    return { status: 400 };
  }
  const asked = appId === null ? live : await connectionOf(deps.pool, deps.book, appId, about.value.account);
  if (asked === null || asked.status === 'PAUSED') {
    deps.count(live.connectorId, 'not_answered');
    deps.log.warn({ app: appId, connector: live.connectorId, question }, 'a question was about an account that is not connected');
    return declared.otherwise ?? { status: 503 };
  }
  const id: QuestionId = { connectionId: asked.id, question, repeatKey: about.value.repeatKey };
  return answer(deps, asked, id, { delivery: received.delivery, location: about.value.location, declared });
}

interface Asked {
  readonly delivery: Delivery;
  readonly location: string | undefined;
  readonly declared: NonNullable<NonNullable<Runnable['connector']['questions']>[string]>;
}

async function answer(deps: QuestionDeps, live: Runnable, id: QuestionId, { delivery, location, declared }: Asked): Promise<Reply> {
  const { answers, clock, runner } = deps;
  const deadlineMs = durationMs(declared.within);
  const begun = clock.now();
  const otherwise: Reply = declared.otherwise ?? { status: 503 };
  const claim = await answers.claim(id, begun, begun + deadlineMs);
  // Another process is at it: the platform asks again, and gets what that one says.
  if (claim === 'UNDER_WAY') return { status: 503 };
  if (claim !== 'MINE') {
    deps.count(live.connectorId, 'repeated');
    return sentAnswer(declared, claim.answer);
  }
  const ran = await runner.ask(
    live,
    { op: 'answer', question: id.question, body: delivery.body, delivery },
    { location, deadlineMs, desk: connectorDesk(live, deps.desk) },
  );
  if (!ran.ok) {
    await answers.letGo(id);
    deps.count(live.connectorId, 'not_answered');
    const { code, message } = ran.failure;
    deps.log.warn(
      { connection: live.id, connector: live.connectorId, question: id.question, code, reason: message },
      'a question was not answered',
    );
    return code === 'BAD_INPUT' ? { status: 400 } : otherwise;
  }
  await answers.keep(id, ran.value, clock.now());
  deps.count(live.connectorId, 'answered');
  return sentAnswer(declared, ran.value);
}
