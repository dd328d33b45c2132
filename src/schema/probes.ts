import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';

/** One thing that has to work before the hub takes traffic. */
export interface Readiness {
  readonly name: string;
  isReady(): Promise<boolean>;
}

/** For whoever watches over the process: alive, ready, and its figures. */
export function registerProbes(app: FastifyInstance, readiness: readonly Readiness[], metrics: Registry, log: Logger): void {
  app.get('/healthz', () => ({ status: 'ok' }));

  app.get('/readyz', async (_request, reply) => {
    const parts = await Promise.all(readiness.map(async (part) => [part.name, await asked(part, log)] as const));
    const ready = parts.every(([, works]) => works);
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', parts: Object.fromEntries(parts) });
  });

  app.get('/metrics', async (_request, reply) => reply.header('content-type', metrics.contentType).send(await metrics.metrics()));
}

async function asked({ name, isReady }: Readiness, log: Logger): Promise<boolean> {
  try {
    return await isReady();
  } catch (error) {
    log.warn({ err: error, part: name }, 'a part of the hub is not ready');
    return false;
  }
}
