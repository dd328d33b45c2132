import type { FastifyError, FastifyInstance } from 'fastify';
import { type FaultCode, HubError } from '../domain/shared/errors.ts';
import type { ShowFault } from './faults.ts';
import { MAX_BODY_BYTES } from './limits.ts';

export const JSON_RESPONSE = 'application/json; charset=utf-8';

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
  PERSISTED_QUERY_NOT_FOUND: 200,
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
