import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Role } from '../domain/access/roles.ts';
import { badInput, HubError } from '../domain/shared/errors.ts';
import { NOT_BEGUN } from './apollo.ts';
import { callerOf, FloodGate } from './caller.ts';
import { type Caller, Context, type Services } from './context.ts';
import type { Documents, Operation } from './documents.ts';
import type { Executor, Result } from './executor.ts';
import { JSON_RESPONSE } from './fault-replies.ts';
import { type ShowFault, statusOf } from './faults.ts';
import { MAX_BODY_BYTES, MAX_OPERATIONS } from './limits.ts';
import type { GraphqlMetrics } from './metrics.ts';
import type { PersistedQueries } from './persisted-queries.ts';

export const GRAPHQL_PATH = '/graphql';
const GRAPHQL_RESPONSE = 'application/graphql-response+json';
const NOTHING = '{ __typename }';
/** As clients write it; anything else Apollo Server looks at. */
const PLAIN_JSON: ReadonlySet<string> = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/json;charset=UTF-8',
]);
const METHODS_ELSE = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

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
  readonly persisted: PersistedQueries;
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
  const { services, apollo, documents, executor, persisted, showFault, proxies, shortcut, metrics } = means;
  const floods = new FloodGate(means.requestsPerSecond);
  /** The content type that Apollo Server chose for an Accept header. */
  const responseTypes = new LRUCache<string, string>({ max: 100 });
  const throughApollo = fastifyApolloHandler(apollo, { context: async (request: FastifyRequest) => contextOf(request) });

  const contextOf = (request: FastifyRequest): Context => {
    if (!request.caller) throw new Error('A GraphQL request came in without its caller.');
    return new Context(services, request.caller);
  };

  const roleOf = ({ caller }: FastifyRequest): Role => {
    if (!caller) throw new Error('A GraphQL request came in without its caller.');
    return caller.actor.role;
  };

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    const given = request.body;
    if (Array.isArray(given)) return answerList(request, reply, given);
    const role = roleOf(request);
    const body: unknown = isRecord(given) ? persisted.resolve(role, given) : given;
    request.body = body;
    const text = await answerOne(request, reply, body);
    if (body !== given && reply.statusCode === 200) persisted.learn(role, given as Body);
    return text;
  }

  async function answerOne(request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<string> {
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

  /** A document of a list that is not known by its hash has its own fault in the answer; another takes its place meanwhile. */
  async function answerList(request: FastifyRequest, reply: FastifyReply, given: readonly unknown[]): Promise<string> {
    const role = roleOf(request);
    const faults = new Map<number, unknown>();
    const resolved = given.slice(0, MAX_OPERATIONS + 1).map((entry, place) => {
      if (!isRecord(entry)) return entry;
      try {
        return persisted.resolve(role, entry);
      } catch (error) {
        faults.set(place, error);
        return { query: NOTHING };
      }
    });
    request.body = resolved;
    const text = await answerOne(request, reply, resolved);
    for (const [place, entry] of given.entries()) if (isRecord(entry) && !faults.has(place)) persisted.learn(role, entry);
    if (faults.size === 0) return text;
    const answers = JSON.parse(text) as unknown[];
    for (const [place, error] of faults) answers[place] = { errors: [showFault(error)] };
    return JSON.stringify(answers);
  }

  /** GET runs queries that are named by their hash, as front-ends send them once the text is known; everything else goes by POST. */
  async function answerGet(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    const { query, extensions, variables, operationName } = request.query as Readonly<Record<string, unknown>>;
    if (typeof extensions !== 'string' || query !== undefined) return byPostOnly(reply);
    await authenticate(request);
    const body = { operationName, extensions: jsonMember(extensions, 'extensions'), variables: jsonMember(variables, 'variables') };
    const text = persisted.resolve<Body>(roleOf(request), body).query;
    if (typeof text !== 'string') return byPostOnly(reply);
    const document = documents.open(text);
    const operation = documents.operation(document, typeof operationName === 'string' ? operationName : undefined);
    if (operation?.node.operation !== 'query') return byPostOnly(reply);
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    const type = request.headers.accept?.includes(GRAPHQL_RESPONSE) ? `${GRAPHQL_RESPONSE}; charset=utf-8` : JSON_RESPONSE;
    const faults = documents.faultsOf(document);
    if (faults.length > 0) return finish(reply, type, { errors: faults });
    return finish(reply, type, await executor.run(operation, contextOf(request), body.variables));
  }

  const byPostOnly = (reply: FastifyReply): string => {
    reply.code(405).header('allow', 'POST').header('content-type', JSON_RESPONSE);
    const message = 'GraphQL is asked by POST here; by GET only queries that are named by their hash.';
    return JSON.stringify({ errors: [showFault(new HubError('BAD_USER_INPUT', message))] });
  };

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

  async function authenticate(request: FastifyRequest): Promise<void> {
    request.caller = await callerOf(services.hub, request.headers.authorization, request.raw, proxies);
    floods.pass(request.caller.actor.id, services.hub.clock.now());
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
    onRequest: authenticate,
    handler: answer,
  });
  app.route({ method: 'GET', url: GRAPHQL_PATH, helmet: false, exposeHeadRoute: false, handler: answerGet });
  app.route({
    method: METHODS_ELSE,
    url: GRAPHQL_PATH,
    handler: async (_request, reply) => byPostOnly(reply),
  });
}

/** What the specification of GraphQL over HTTP wants where a request was in order but its document or variables were not. */
const notBegunStatus = (contentType: string, isList: boolean): number => (isList || contentType.startsWith('application/json') ? 200 : 400);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isRecordOrNone = (value: unknown): boolean => value == null || isRecord(value);

/** A member of a GET's query that is JSON. */
function jsonMember(text: unknown, name: string): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined || text === '') return undefined;
  let value: unknown;
  try {
    value = typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (!isRecord(value)) throw badInput({ path: name, message: `\`${name}\` of the address is no JSON object.` });
  return value;
}
