import type { Failure, Notice } from '@valehub/connector-kit';
import { bodyLimit, type Received, receive } from '@valehub/connector-kit/host';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { ConnectorRunner } from '../runner/connector-runner.ts';
import { failureText } from '../runner/failure-text.ts';
import { type Address, appAddress, connectionAddress, type FoundAddress } from './address.ts';
import { type Come, keepNotices, keepUnread } from './arrival.ts';
import { type KeySets, KeysAway } from './key-sets.ts';
import { incoming, readBody, TooLarge } from './raw-request.ts';
import { receiveVerified } from './verified.ts';

export interface IntakeDeps {
  readonly pool: pg.Pool;
  readonly book: ConnectionBook;
  readonly runner: ConnectorRunner;
  readonly attention: Attention;
  readonly keySets: KeySets;
  /** Without a closing slash. */
  readonly publicUrl: () => string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called when something new was stored; where nobody works in this process it is told through the database. */
  readonly onStored: (() => void) | null;
  /** For the metrics: what became of a request. */
  readonly count: (connectorId: string, result: IntakeResult) => void;
}

export type IntakeResult =
  | 'taken'
  | 'repeated'
  | 'handshake'
  | 'forged'
  | 'unreadable'
  | 'too_large'
  | 'unknown'
  | 'not_stored'
  | 'keys_away';

const STORE_WITHIN_MS = 8_000;

type Answer = { readonly status: number; readonly text: string };
const OK: Answer = { status: 200, text: '' };

/** `POST /webhooks/<connection>` and `/webhooks/apps/<app>`: verified, split, stored, and answered at once. The rest happens later (notice-worker.ts). */
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
      handler: async (request, reply) => {
        const { connectionId } = request.params;
        return send(reply, await takeIn(deps, request, () => connectionAddress(deps.book, connectionId, deps.publicUrl())));
      },
    });
    scope.route<{ Params: { appId: string } }>({
      method: ['GET', 'POST'],
      url: '/webhooks/apps/:appId',
      handler: async (request, reply) => {
        const { appId } = request.params;
        return send(reply, await takeIn(deps, request, () => appAddress(deps.book, appId, deps.publicUrl())));
      },
    });
  });
}

async function send(reply: FastifyReply, { status, text }: Answer): Promise<FastifyReply> {
  // What was not read to its end cannot be followed by another request.
  if (status === 413 || status === 404 || status === 500) reply.header('connection', 'close');
  if (status === 503) reply.header('retry-after', '30');
  return reply.code(status).header('content-type', 'text/plain; charset=utf-8').header('x-content-type-options', 'nosniff').send(text);
}

async function takeIn(deps: IntakeDeps, request: FastifyRequest, find: () => Promise<FoundAddress>): Promise<Answer> {
  let found: FoundAddress;
  try {
    found = await find();
  } catch (fault) {
    return notStored(deps, '', fault);
  }
  const { address, of } = found;
  const connector = address?.live.connector;
  if (address === undefined || connector?.webhooks === undefined) {
    deps.count(of, 'unknown');
    return { status: 404, text: 'There is no such address.' };
  }
  let body: Buffer;
  try {
    body = await readBody(request, bodyLimit(connector));
  } catch (fault) {
    if (!(fault instanceof TooLarge)) throw fault;
    deps.count(of, 'too_large');
    return { status: 413, text: `A body of at most ${bodyLimit(connector)} bytes is taken.` };
  }
  try {
    const received = await receiveVerified({
      address,
      verify: connector.webhooks.verify,
      keySets: deps.keySets,
      request: (url) => incoming(request, url, body),
      receive: (one, keys) => receive(connector, one, { keys, nowMs: deps.clock.now() }),
    });
    return await answer(deps, address, received, body);
  } catch (fault) {
    if (!(fault instanceof KeysAway)) throw fault;
    deps.count(of, 'keys_away');
    return { status: 503, text: 'It could not be verified now; send it again.' };
  }
}

async function answer(deps: IntakeDeps, address: Address, received: Received, body: Buffer): Promise<Answer> {
  const { live } = address;
  switch (received.kind) {
    case 'handshake':
      if (received.note !== undefined) await tell(deps, address, `The platform asks for this code: ${received.note}`);
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
      const { delivery } = received;
      const split = await deps.runner.split(live, delivery);
      if (!split.ok && split.failure.code === 'BAD_INPUT') {
        // The connector's own word for whoever wrote the sender.
        deps.count(live.connectorId, 'unreadable');
        await tell(deps, address, `A signed webhook was sent back to the platform. ${split.failure.message}`);
        return { status: 400, text: split.failure.message };
      }
      const come: Come = { live, appId: address.appId, delivery, raw: body, tellOthers: deps.onStored === null };
      try {
        return await within(STORE_WITHIN_MS, split.ok ? keep(deps, come, split.value) : keepForLater(deps, come, split.failure));
      } catch (fault) {
        return notStored(deps, live.connectorId, fault);
      }
    }
  }
}

async function keep(deps: IntakeDeps, come: Come, notices: readonly Notice[]): Promise<Answer> {
  const taken = await keepNotices(deps, come, notices);
  deps.count(come.live.connectorId, taken > 0 ? 'taken' : 'repeated');
  if (taken > 0) deps.onStored?.();
  return OK;
}

/** The platform may say it only once: what a connector cannot split now is kept, and no fault of the platform's. */
async function keepForLater(deps: IntakeDeps, come: Come, failure: Failure): Promise<Answer> {
  deps.count(come.live.connectorId, 'unreadable');
  if (!(await keepUnread(deps, come))) return notStored(deps, come.live.connectorId, new Error(failureText(failure)));
  deps.onStored?.();
  return OK;
}

const tell = ({ attention }: IntakeDeps, { live, appId }: Address, words: string): Promise<void> =>
  appId === null ? attention.tell(live.id, words) : attention.tellApp(appId, words);

/** The platform sends it again. */
function notStored(deps: IntakeDeps, connectorId: string, fault: unknown): Answer {
  deps.count(connectorId, 'not_stored');
  deps.log.error({ connector: connectorId, err: fault }, 'a webhook could not be stored; the platform is asked to repeat it');
  return { status: 503, text: 'It could not be stored; send it again.' };
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
