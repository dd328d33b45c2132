import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type FaultCode, HubError } from '../domain/shared/errors.ts';
import { NOT_BEGUN } from './apollo.ts';
import { callerOf, FloodGate } from './caller.ts';
import { type Caller, Context, type Services } from './context.ts';
import type { Documents, Operation } from './documents.ts';
import type { Executor, Result } from './executor.ts';
import { type ShowFault, statusOf } from './faults.ts';
import { MAX_BODY_BYTES, MAX_OPERATIONS } from './limits.ts';
import type { GraphqlMetrics } from './metrics.ts';

export const GRAPHQL_PATH = '/graphql';
const JSON_RESPONSE = 'application/json; charset=utf-8';
/** As clients write it; anything else Apollo Server looks at. */
const PLAIN_JSON: ReadonlySet<string> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json;charset=UTF-8',
]);
const METHODS_ELSE = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on routes that ask for a key. */
    caller: Caller | null;
  }
}

export interface DoorMeans {
  readonly services: Services;
  readonly apollo: ApolloServer<Context>;
  readonly documents: Documents;
  readonly executor: Executor;
  readonly showFault: ShowFault;
  readonly proxies: number;
  readonly requestsPerSecond: number;
  readonly metrics: GraphqlMetrics;
  /** false: every request goes through Apollo Server, also those whose document it has let through before. */
  readonly shortcut: boolean;
}

interface Body {
  readonly query?: unknown;
  readonly variables?: unknown;
  readonly operationName?: unknown;
  readonly extensions?: unknown;
}

/**
 * POST /graphql. Every document goes through Apollo Server the first time: parsing, validation, the shape of requests and answers.
 * One that it has let through, in a plain JSON request, runs straight from its compiled form after that, with the same
 * authentication, limits and errors: the pipeline costs more than a redemption does. One suite proves that both answer alike.
 */
export function registerGraphqlDoor(app: FastifyInstance, means: DoorMeans): void {
  const { services, apollo, documents, executor, showFault, proxies, shortcut, metrics } = means;
  const floods = new FloodGate(means.requestsPerSecond);
  /** The content type that Apollo Server chose for an Accept header. */
  const responseTypes = new LRUCache<string, string>({ max: 100 });
  const throughApollo = fastifyApolloHandler(apollo, { context: async (request: FastifyRequest) => contextOf(request) });

  const contextOf = (request: FastifyRequest): Context => {
    if (!request.caller) throw new Error('A GraphQL request came in without its caller.');
    return new Context(services, request.caller);
  };

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const { body } = request;
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    admit(body);
    const accept = request.headers.accept ?? '';
    const responseType = responseTypes.get(accept);
    const operation = shortcut && responseType !== undefined ? known(body, request.headers['content-type']) : undefined;
    if (operation && responseType !== undefined) {
      metrics.straight.inc();
      const result = executor.run(operation, contextOf(request), (body as Body).variables as Record<string, unknown> | null);
      return finish(reply, responseType, result instanceof Promise ? await result : result);
    }
    metrics.throughApollo.inc();
    const text = (await throughApollo.call(app, request, reply)) as string;
    const type = String(reply.getHeader('content-type') ?? JSON_RESPONSE);
    if (reply.statusCode === 200 && !Array.isArray(body)) responseTypes.set(accept, type);
    if (reply.getHeader(NOT_BEGUN) !== undefined) {
      reply.removeHeader(NOT_BEGUN);
      reply.code(notBegunStatus(type, Array.isArray(body)));
    }
    return text;
  }

  /** Bounds that hold before anything is validated. Throws TOO_COMPLEX; texts that are no documents are left to Apollo Server. */
  function admit(body: unknown): void {
    const operations: readonly unknown[] = Array.isArray(body) ? body : [body];
    if (!Array.isArray(body) && typeof body === 'object' && body !== null && !(body as Body).query)
      throw new HubError('BAD_USER_INPUT', 'The request has no `query`.');
    if (operations.length > MAX_OPERATIONS)
      throw new HubError('TOO_COMPLEX', `A list may hold ${MAX_OPERATIONS} operations; this one holds ${operations.length}.`);
    for (const operation of operations) {
      const query = (operation as Body | null | undefined)?.query;
      if (typeof query !== 'string') continue;
      try {
        documents.open(query);
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
      }
    }
  }

  /** The operation of a plain request whose document was found valid before. */
  function known(body: unknown, contentType: string | undefined): Operation | undefined {
    if (contentType === undefined || !PLAIN_JSON.has(contentType) || typeof body !== 'object' || body === null || Array.isArray(body))
      return undefined;
    const { query, variables, operationName, extensions } = body as Body;
    if (
      typeof query !== 'string' ||
      extensions != null ||
      !isRecordOrNone(variables) ||
      (operationName != null && typeof operationName !== 'string')
    )
      return undefined;
    const document = documents.peek(query);
    if (document?.faults?.length !== 0) return undefined;
    const operation = documents.operation(document, operationName ?? undefined);
    return operation?.node.operation === 'subscription' ? undefined : operation;
  }

  function finish(reply: FastifyReply, type: string, { data, errors }: Awaited<Result>): string {
    reply.header('content-type', type);
    if (!errors?.length) return JSON.stringify({ data });
    const shown = errors.map(showFault);
    const forced = statusOf(shown);
    if (forced !== 200) reply.code(forced);
    else if (data === undefined) reply.code(notBegunStatus(type, false));
    return JSON.stringify({ errors: shown, data });
  }

  app.decorateRequest('caller', null);
  // Nobody means GraphQL by plain text, and Fastify would take it.
  app.removeContentTypeParser('text/plain');
  app.route({
    method: 'POST',
    url: GRAPHQL_PATH,
    bodyLimit: MAX_BODY_BYTES,
    // Its dozen headers are for pages; on an answer that is data they would double the cost of a small request.
    helmet: false,
    onRequest: async (request) => {
      request.caller = await callerOf(services.hub, request.headers.authorization, request.raw, proxies);
      floods.pass(request.caller.actor.id, services.hub.clock.now());
    },
    handler: answer,
  });
  app.route({
    method: METHODS_ELSE,
    url: GRAPHQL_PATH,
    handler: (_request, reply) =>
      reply
        .code(405)
        .header('allow', 'POST')
        .send({ errors: [showFault(new HubError('BAD_USER_INPUT', 'GraphQL is asked by POST here.'))] }),
  });
}

/** What the specification of GraphQL over HTTP wants where a request was in order but its document or variables were not. */
const notBegunStatus = (contentType: string, isList: boolean): number => (isList || contentType.startsWith('application/json') ? 200 : 400);

const isRecordOrNone = (value: unknown): boolean => value == null || (typeof value === 'object' && !Array.isArray(value));

/** Every fault that leaves a route, and every path that is none, in the form of GraphQL errors. */
export function registerFaults(app: FastifyInstance, showFault: ShowFault): void {
  app.setErrorHandler((error: FastifyError | HubError, _request, reply) => {
    const shown = showFault(clientFault(error));
    const { code } = shown.extensions;
    const own = error instanceof HubError ? undefined : error.statusCode;
    if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
    if (code === 'RATE_LIMITED' || code === 'UNAVAILABLE') reply.header('retry-after', '1');
    return reply
      .code(own !== undefined && own < 500 ? own : HTTP_STATUS[code])
      .header('content-type', JSON_RESPONSE)
      .send(JSON.stringify({ errors: [shown] }));
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .send({ errors: [showFault(new HubError('NOT_FOUND', `There is nothing at ${request.method} ${request.url.split('?')[0]}.`))] }),
  );
}

/** Outside GraphQL, where an answer is one thing, a fault is told by its status as well. */
const HTTP_STATUS: Readonly<Record<FaultCode, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  TOO_COMPLEX: 400,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

/** Fastify's own faults with requests; what is none of them is ours. */
function clientFault(error: FastifyError | HubError): unknown {
  if (error instanceof HubError) return error;
  if (error.statusCode === 413) return new HubError('BAD_USER_INPUT', `A request may have ${MAX_BODY_BYTES} bytes.`);
  if (error.statusCode === 415) return new HubError('BAD_USER_INPUT', 'Send the request as `Content-Type: application/json`.');
  if (error.statusCode !== undefined && error.statusCode < 500)
    return new HubError('BAD_USER_INPUT', error instanceof SyntaxError ? `The request is no JSON: ${error.message}` : error.message);
  return error;
}
