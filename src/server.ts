import Fastify from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';

export interface ServerDeps {
  config: Config;
  databaseUrl: string;
  temporalAddress: string;
  log: Logger;
}

export interface RunningServer {
  url: string;
  /** Only at the very first start on a database. */
  firstStart?: { adminKey: string };
  stop(): Promise<void>;
}

export async function startServer(deps: ServerDeps): Promise<RunningServer> {
  const app = Fastify();
  app.get('/healthz', () => ({ status: 'ok' }));
  const url = await app.listen({ port: deps.config.port, host: deps.config.host });
  return { url, stop: () => app.close() };
}
