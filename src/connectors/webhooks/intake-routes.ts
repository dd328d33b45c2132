import type { Connector } from '@valehub/connector-kit';
import { bodyLimit, type Received, receive } from '@valehub/connector-kit/host';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectionBook, LiveConnection } from '../connections/connection-book.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { type SortedNotice, storeArrival } from './delivery-store.ts';
import { incoming, readBody, TooLarge } from './raw-request.ts';

export interface IntakeDeps {
  readonly pool: pg.Pool;
  readonly book: ConnectionBook;
  readonly runner: ConnectorRunner;
  readonly attention: Attention;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called when something new was stored; where nobody works in this process it is told through the database. */
  readonly onStored: (() => void) | null;
  /** For the metrics: what became of a request. */
  readonly count: (connectorId: string, result: IntakeResult) => void;
}

export type IntakeResult = 'taken' | 'repeated' | 'handshake' | 'forged' | 'unreadable' | 'too_large' | 'unknown' | 'not_stored';

const STORE_WITHIN_MS = 8_000;

type Answer = { readonly status: number; readonly text: string };
const OK: Answer = { status: 200, text: '' };

/** `POST /webhooks/<connection>`: verified, split, stored, and answered at once. The rest happens later (notice-worker.ts). */
export function registerWebhookRoutes(app: FastifyInstance, deps: IntakeDeps): void {
  app.register(async (scope) => {
    // The bytes that were signed, whatever the content type says.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.setErrorHandler((fault: Error, _request, reply) => {
      deps.log.error({ err: fault }, 'a webhook could not be answered');
      return send(reply, { status: 500, text: 'A fault in the hub; send it again.' });
    });
    scope.route<{ Params: { connectionId: string } }>({
      method: ['GET', 'POST'],
      url: '/webhooks/:connectionId',
      handler: async (request, reply) => send(reply, await takeIn(deps, request)),
    });
  });
}

async function send(reply: FastifyReply, { status, text }: Answer): Promise<FastifyReply> {
  // What was not read to its end cannot be followed by another request.
  if (status === 413 || status === 404 || status === 500) reply.header('connection', 'close');
  if (status === 503) reply.header('retry-after', '30');
  return reply.code(status).header('content-type', 'text/plain; charset=utf-8').header('x-content-type-options', 'nosniff').send(text);
}

async function takeIn(deps: IntakeDeps, request: FastifyRequest<{ Params: { connectionId: string } }>): Promise<Answer> {
  let live: LiveConnection | undefined;
  try {
    live = await deps.book.get(request.params.connectionId);
  } catch (fault) {
    return notStored(deps, '', fault);
  }
  if (live === undefined || live.connector === null || live.connector.webhooks === undefined || live.webhookUrl === null) {
    deps.count(live?.connectorId ?? '', 'unknown');
    return { status: 404, text: 'There is no such address.' };
  }
  const runnable: Runnable = { ...live, connector: live.connector };
  let body: Buffer;
  try {
    body = await readBody(request, bodyLimit(live.connector));
  } catch (fault) {
    if (!(fault instanceof TooLarge)) throw fault;
    deps.count(live.connectorId, 'too_large');
    return { status: 413, text: `A body of at most ${bodyLimit(live.connector)} bytes is taken.` };
  }
  const received = await receive(live.connector, incoming(request, live.webhookUrl, body), {
    keys: (setting) => (live.secrets[setting] === undefined ? [] : [live.secrets[setting]]),
    nowMs: deps.clock.now(),
  });
  return answer(deps, runnable, received, body);
}

async function answer(deps: IntakeDeps, live: Runnable, received: Received, body: Buffer): Promise<Answer> {
  switch (received.kind) {
    case 'handshake':
      if (received.note !== undefined) await deps.attention.tell(live.id, `The platform asks for this code: ${received.note}`);
      deps.count(live.connectorId, 'handshake');
      return { status: 200, text: received.body };
    case 'refused': {
      const result = received.status === 401 ? 'forged' : received.status === 413 ? 'too_large' : 'unreadable';
      deps.count(live.connectorId, result);
      // Nothing of the body: whoever sent it may have wanted it in a log.
      deps.log.warn(
        { connection: live.id, connector: live.connectorId, fault: received.fault, bytes: body.length },
        'a webhook was refused',
      );
      return { status: received.status, text: received.message };
    }
    case 'delivery': {
      const split = await deps.runner.split(live, received.delivery);
      if (!split.ok) {
        deps.count(live.connectorId, 'unreadable');
        await deps.attention.tell(
          live.id,
          `A signed webhook could not be read and was sent back to the platform. ${split.failure.message}`,
        );
        return { status: 400, text: 'The body is not what this platform sends.' };
      }
      const notices = split.value.map((notice) => sorted(live.connector, notice));
      let taken: number;
      try {
        taken = await within(
          STORE_WITHIN_MS,
          storeArrival(
            deps.pool,
            { connectionId: live.id, delivery: received.delivery, raw: body, notices },
            deps.clock.now(),
            deps.onStored === null,
          ),
        );
      } catch (fault) {
        return notStored(deps, live.connectorId, fault);
      }
      deps.count(live.connectorId, taken > 0 ? 'taken' : 'repeated');
      if (taken > 0) deps.onStored?.();
      return OK;
    }
  }
}

/** The platform sends it again. */
function notStored(deps: IntakeDeps, connectorId: string, fault: unknown): Answer {
  deps.count(connectorId, 'not_stored');
  deps.log.error({ connector: connectorId, err: fault }, 'a webhook could not be stored; the platform is asked to repeat it');
  return { status: 503, text: 'It could not be stored; send it again.' };
}

function sorted(connector: Connector, notice: SortedNotice['notice']): SortedNotice {
  if (notice.ours === true) return { notice, state: 'IGNORED', reason: 'OWN_ECHO' };
  if (!connector.webhooks?.topics.includes(notice.topic)) return { notice, state: 'IGNORED', reason: 'UNKNOWN_TOPIC' };
  return { notice, state: 'PENDING', reason: null };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`The database did not answer within ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
