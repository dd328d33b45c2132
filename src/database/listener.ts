import pg from 'pg';
import type { Logger } from 'pino';

/** PostgreSQL's notifications, for the whole process over one connection of its own. */
export interface Listener {
  /** `handler` gets the payload. Gives back how to stop. Resolves once the channel is listened to. */
  on(channel: string, handler: (payload: string) => void): Promise<() => void>;
  /** Told after the connection was lost and is back: what was notified in between is gone. */
  onReconnect(handler: () => void): () => void;
  close(): Promise<void>;
}

export async function openListener(url: string, log: Logger): Promise<Listener> { void url; void log; void pg; throw new Error('not built yet'); }
