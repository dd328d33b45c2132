import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { AuthorizationDesk, Outcome } from './authorization-desk.ts';
import { callbackPage } from './callback-page.ts';

/** The page does nothing, and its address, which holds a code, is told to nobody. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
} as const;

const isGood = ({ is }: Outcome): boolean => is === 'WORKS' || is === 'CHOOSE' || is === 'NOT_WORKING';

/** `GET /oauth/callback`: where people come back to from every platform. */
export function registerCallbackRoute(app: FastifyInstance, deps: { readonly desk: AuthorizationDesk; readonly log: Logger }): void {
  app.get('/oauth/callback', async (request, reply) => {
    const outcome = await deps.desk.complete(single(new URLSearchParams(request.url.split('?').slice(1).join('?'))));
    deps.log.info({ outcome: outcome.is }, 'somebody came back from a platform');
    return reply
      .headers(HEADERS)
      .code(isGood(outcome) ? 200 : 400)
      .send(callbackPage(outcome));
  });
}

/** What stands twice is not chosen between: it counts as not given. */
function single(query: URLSearchParams): Readonly<Record<string, string>> {
  const names = new Set(query.keys());
  return Object.fromEntries([...names].filter((name) => query.getAll(name).length === 1).map((name) => [name, query.get(name) ?? '']));
}
