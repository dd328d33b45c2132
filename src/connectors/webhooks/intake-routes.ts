import type { Notice } from '@valehub/connector-kit';
import { bodyLimit, type Received, receive } from '@valehub/connector-kit/host';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Attention } from '../connections/attention.ts';
import type { ConnectionBook } from '../connections/connection-book.ts';
import type { ConnectorRunner } from '../runner/connector-runner.ts';
import { type Address, appAddress, connectionAddress, type FoundAddress } from './address.ts';
import { storeArrival } from './delivery-store.ts';
import { type KeySets, KeysAway } from './key-sets.ts';
import { incoming, readBody, TooLarge } from './raw-request.ts';
import { connectionsOf, type SortedNotice, sorted } from './routing.ts';
import { claimKept } from './unclaimed.ts';
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
      const split = await deps.runner.split(live, received.delivery);
      if (!split.ok) {
        deps.count(live.connectorId, 'unreadable');
        await tell(deps, address, `A signed webhook could not be read and was sent back to the platform. ${split.failure.message}`);
        return { status: 400, text: 'The body is not what this platform sends.' };
      }
      let taken: number;
      try {
        taken = await within(STORE_WITHIN_MS, store(deps, address, split.value, received.delivery, body));
      } catch (fault) {
        return notStored(deps, live.connectorId, fault);
      }
      deps.count(live.connectorId, taken > 0 ? 'taken' : 'repeated');
      if (taken > 0) deps.onStored?.();
      return OK;
    }
  }
}

/** Behind an App each notice goes to the connection of its account; gives how many were new. */
async function store(
  deps: IntakeDeps,
  { live, appId }: Address,
  notices: readonly Notice[],
  delivery: Extract<Received, { kind: 'delivery' }>['delivery'],
  raw: Buffer,
): Promise<number> {
  const known = appId === null ? null : await connectionsOf(deps.pool, appId, notices);
  const connectionOf = (account: string | undefined): string | null =>
    known === null ? live.id : account === undefined ? null : (known.get(account) ?? null);
  const all = notices.map((notice) => sorted(live.connector, notice, connectionOf));
  const arrival = { connectionId: appId === null ? live.id : null, appId, delivery, raw, notices: all };
  const taken = await storeArrival(deps.pool, arrival, deps.clock.now(), deps.onStored === null);
  if (appId !== null) await nobodys(deps, appId, all);
  return taken;
}

/** What is of no account that is connected: a person hears of it, and an account that was connected just now gets what is its own. */
async function nobodys(deps: IntakeDeps, appId: string, notices: readonly SortedNotice[]): Promise<void> {
  const kept = notices.find(({ state }) => state === 'UNCLAIMED');
  if (kept === undefined || (await claimKept(deps.pool, appId)) > 0) return;
  const { account } = kept.notice;
  const whose = account === undefined ? 'Events that name no account' : `Events of the account ${account}, which is not connected,`;
  await deps.attention.tellApp(appId, `${whose} are kept and not worked${account === undefined ? '.' : ' until somebody connects it.'}`);
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
