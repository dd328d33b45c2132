import type { LiveConnection } from '../connections/connection-book.ts';
import type { Runnable } from './connector-runner.ts';

/** A connection as its connector can be asked; null where there is none, or its connector is not installed or was refused. */
export function runnable(live: LiveConnection | undefined): Runnable | null {
  return live?.connector ? { ...live, connector: live.connector } : null;
}
