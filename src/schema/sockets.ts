import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import { type WebSocket, WebSocketServer } from 'ws';
import { HubError } from '../domain/shared/errors.ts';
import { callerOf, FloodGate } from './caller.ts';
import { type Caller, Context, type Services } from './context.ts';
import { Crowd, Delivery } from './delivery.ts';
import type { Documents, Operation } from './documents.ts';
import { GRAPHQL_PATH } from './door.ts';
import type { Executor } from './executor.ts';
import type { ShowFault } from './faults.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import type { PersistedQueries } from './persisted-queries.ts';
import { Renderings } from './renderings.ts';
import { likenessOf, openSource } from './subscription.ts';

const FORBIDDEN = 4403;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;
const INTERNAL = 4500;
const KEEP_ALIVE_MS = 15_000;
/** A revocation elsewhere is heard at once; should its notice be lost, it is found out by asking. */
const RECHECK_MS = 2_000;
const MAX_SUBSCRIPTIONS = 100;

export interface SocketMeans {
  readonly services: Services;
  readonly documents: Documents;
  readonly executor: Executor;
  readonly persisted: PersistedQueries;
  readonly log: Logger;
  readonly showFault: ShowFault;
  readonly proxies: number;
  readonly requestsPerSecond: number;
}

interface Extra extends Record<PropertyKey, unknown> {
  readonly socket: WebSocket;
  readonly raw: Duplex;
  readonly request: IncomingMessage;
  caller: Caller | null;
}

/** What `execute` and `subscribe` are handed: our operation instead of graphql-js's arguments. */
interface Task extends ExecutionArgs {
  readonly operation: Operation;
  readonly abort: AbortController;
  readonly extra: Extra;
  readonly id: string;
}

export interface Sockets {
  readonly open: number;
  close(): Promise<void>;
}

/** graphql-transport-ws at the path of the API, for subscriptions (and anything else a client likes to send over it). */
export function openSockets(server: Server, means: SocketMeans): Sockets {
  const { services, documents, executor, persisted, log, showFault, proxies } = means;
  const floods = new FloodGate(means.requestsPerSecond);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES, perMessageDeflate: false, handleProtocols });
  const open = new Map<WebSocket, Extra>();
  const renderings = new Renderings();
  const crowd = new Crowd();

  const protocol = makeServer<{ authorization?: unknown }, Extra>({
    connectionInitWaitTimeout: 10_000,
    async onConnect({ connectionParams, extra }) {
      const { authorization } = connectionParams ?? {};
      try {
        extra.caller = await callerOf(services.hub, typeof authorization === 'string' ? authorization : undefined, extra.request, proxies);
        return true;
      } catch (error) {
        if (error instanceof HubError && error.code === 'UNAUTHENTICATED') return false;
        log.error({ err: error }, 'a socket could not be authenticated');
        extra.socket.close(TRY_AGAIN_LATER, 'Try again later');
        return undefined;
      }
    },
    onSubscribe({ extra, subscriptions }, id, payload) {
      if (Object.keys(subscriptions).length > MAX_SUBSCRIPTIONS)
        return [asError(new HubError('TOO_COMPLEX', `A socket may hold ${MAX_SUBSCRIPTIONS} operations.`))];
      try {
        return taskOf(extra, id, payload);
      } catch (error) {
        return [asError(error)];
      }
    },
    execute: async (args) => shown(await executor.run((args as Task).operation, args.contextValue as Context, args.variableValues)),
    subscribe: (args) => subscribed(args as Task),
  });

  function taskOf(extra: Extra, id: string, payload: SubscribePayload): Task | GraphQLError[] {
    if (!extra.caller) throw new HubError('UNAUTHENTICATED', 'Say who asks in connection_init.');
    const { actor } = extra.caller;
    floods.pass(actor.id, services.hub.clock.now());
    const { query, operationName, variables } = persisted.resolve(actor.role, payload);
    const known = documents.open(query);
    const faults = documents.faultsOf(known);
    if (faults.length > 0) return faults.map((fault) => asError(fault));
    persisted.learn(actor.role, payload);
    const operation = documents.operation(known, operationName ?? undefined);
    if (!operation)
      return [
        asError(new HubError('BAD_USER_INPUT', 'The document has several operations, or none of that name: say which by operationName.')),
      ];
    const abort = new AbortController();
    const contextValue = new Context(services, extra.caller, abort.signal);
    return {
      schema: documents.schema,
      document: known.document,
      operationName: operationName ?? null,
      variableValues: variables ?? {},
      contextValue,
      operation,
      abort,
      extra,
      id,
    };
  }

  async function subscribed({
    operation,
    contextValue,
    variableValues,
    abort,
    extra,
    id,
  }: Task): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
    const context = contextValue as Context;
    const variables = variableValues ?? {};
    const source = await openSource(documents, executor, operation, context, variables);
    if (!('next' in source)) return shown(source);
    const likeness = likenessOf(operation, context, variables);
    const rendering = renderings.take(likeness, (record) => {
      const result = executor.run(operation, context, variables, record);
      return result instanceof Promise ? result.then(payloadOf) : payloadOf(result);
    });
    return new Delivery({ id, line: extra, batches: source, rendering, abort, crowd, left: () => renderings.leave(likeness) });
  }

  const payloadOf = (result: ExecutionResult): Buffer => Buffer.from(JSON.stringify(shown(result)));

  const shown = ({ data, errors }: ExecutionResult): ExecutionResult => ({
    ...(errors && { errors: errors.map((error) => asError(error)) }),
    ...(data !== undefined && { data }),
  });

  /** The fault as callers see it, dressed as what graphql-ws sends. */
  function asError(error: unknown): GraphQLError {
    const shape = showFault(error);
    return Object.assign(new GraphQLError(shape.message), { toJSON: () => shape });
  }

  function welcome(socket: WebSocket, raw: Duplex, request: IncomingMessage): void {
    const extra: Extra = { socket, raw, request, caller: null };
    open.set(socket, extra);
    let alive = true;
    socket.on('pong', () => {
      alive = true;
    });
    const pulse = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, KEEP_ALIVE_MS);
    socket.on('error', (error) => log.debug({ err: error }, 'a socket broke'));
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => new Promise((resolve) => (socket.readyState === socket.OPEN ? socket.send(text, () => resolve()) : resolve())),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) =>
          socket.on('message', (data) => {
            take(String(data)).catch((error: unknown) => {
              log.error({ err: error }, 'a message of a socket failed inside the hub');
              socket.close(INTERNAL, 'Internal error');
            });
          }),
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      clearInterval(pulse);
      open.delete(socket);
      closed(code, String(reason)).catch((error: unknown) => log.error({ err: error }, 'a socket could not be wound up'));
    });
  }

  const forbid = (keyId: string): void => {
    for (const { socket, caller } of open.values()) if (caller?.actor.id === keyId) socket.close(FORBIDDEN, 'Forbidden');
  };
  const stopListening = services.hub.keys.onRevoked(forbid);
  /** A key may have two secrets for a while; a socket lives as long as the one it was opened with. */
  const recheck = (keyId?: string): void => {
    const secrets = new Set(
      [...open.values()].flatMap(({ caller }) => (caller && (keyId ?? caller.actor.id) === caller.actor.id ? [caller.secret] : [])),
    );
    for (const secret of secrets) {
      services.hub.keys.authenticate(secret).then(
        (actor) => {
          if (actor) return;
          for (const { socket, caller } of open.values()) if (caller?.secret === secret) socket.close(FORBIDDEN, 'Forbidden');
        },
        (error: unknown) => log.warn({ err: error }, 'whether the keys of open sockets still hold could not be asked'),
      );
    }
  };
  const stopHearing = services.hub.keys.onRotated(recheck);
  const rechecking = setInterval(recheck, RECHECK_MS);

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (request.url?.split('?')[0] !== GRAPHQL_PATH)
      return socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    return sockets.handleUpgrade(request, socket, head, (webSocket) => welcome(webSocket, socket, request));
  });

  return {
    get open() {
      return open.size;
    },
    async close() {
      clearInterval(rechecking);
      stopListening();
      stopHearing();
      for (const socket of open.keys()) socket.close(GOING_AWAY, 'The hub stops');
      const patience = setTimeout(() => {
        for (const socket of open.keys()) socket.terminate();
      }, 1_000);
      await Promise.all([...open.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve))));
      clearTimeout(patience);
      sockets.close();
    },
  };
}
