import type pg from 'pg';
import type { Logger } from 'pino';
import { instantText } from '../shared/clock.ts';
import type { ApiKeyRecord } from './api-key.types.ts';

const FLUSH_MS = 60_000;

const WRITE = `
  update api_key set last_used_at = used.at from unnest($1::text[], $2::timestamptz[]) as used (id, at)
  where api_key.id = used.id and (api_key.last_used_at is null or api_key.last_used_at < used.at)`;

/** When keys were last used: gathered here and written now and then, as it is not worth a write for each request. */
export class KeyUses {
  readonly #pool: pg.Pool;
  readonly #log: Logger;
  readonly #uses = new Map<string, number>();
  readonly #flushing: NodeJS.Timeout;

  constructor(pool: pg.Pool, log: Logger) {
    this.#pool = pool;
    this.#log = log;
    this.#flushing = setInterval(() => void this.#flushQuietly(), FLUSH_MS).unref();
  }

  /** `at`: epoch ms. */
  note(keyId: string, at: number): void {
    this.#uses.set(keyId, at);
  }

  /** With the use that is not written yet. */
  shownOn(record: ApiKeyRecord): ApiKeyRecord {
    const used = this.#uses.get(record.id);
    return used === undefined ? record : { ...record, lastUsedAt: instantText(used) };
  }

  /** Writes those gathered since the last time. */
  async flush(): Promise<void> {
    const uses = [...this.#uses];
    if (uses.length === 0) return;
    await this.#pool.query(WRITE, [uses.map(([id]) => id), uses.map(([, at]) => instantText(at))]);
    for (const [id, at] of uses) if (this.#uses.get(id) === at) this.#uses.delete(id);
  }

  async close(): Promise<void> {
    clearInterval(this.#flushing);
    await this.#flushQuietly();
  }

  /** When a key was last used is not worth failing for. */
  async #flushQuietly(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.#log.warn({ err: error }, 'cannot write when API keys were last used');
    }
  }
}
