import type { Logger } from 'pino';
import type { Config } from './config.ts';

export interface WorkerDeps {
  config: Config;
  databaseUrl: string;
  temporalAddress: string;
  log: Logger;
}

export async function startWorker(deps: WorkerDeps): Promise<{ stop(): Promise<void> }> {
  deps.log.debug({ taskQueue: deps.config.taskQueue }, 'no workflows yet');
  return { stop: async () => undefined };
}
