import { LockMode } from '@mikro-orm/core';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import { isUniqueViolation, notify } from '../../database/transaction.ts';
import { Connection } from '../connection/connection.entity.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { isStorable } from '../shared/input-checks.ts';
import type { StoreService } from '../store/store.service.ts';
import { adminSecretIn } from './admin-key-file.ts';
import { ApiKey } from './api-key.entity.ts';
import { checkApiKey, hashSecret, isSecret, newSecret } from './api-key.rules.ts';
import type { ApiKeyDraft, ApiKeyRecord } from './api-key.types.ts';
import type { Actor } from './roles.ts';

const CHANNEL = 'valehub_keys';
/** How long a key is taken at its word: the longest that a revocation goes unseen should its notification be lost. */
const TRUST_MS = 5_000;
const MAX_CACHED = 10_000;
const FLUSH_MS = 60_000;

const WRITE_USES = `
  update api_key set last_used_at = used.at from unnest($1::text[], $2::timestamptz[]) as used (id, at)
  where api_key.id = used.id and (api_key.last_used_at is null or api_key.last_used_at < used.at)`;

interface ApiKeyMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly stores: StoreService;
  readonly listener: Listener | null;
  readonly log: Logger;
}

export class ApiKeyService {
  readonly #means: ApiKeyMeans;
  /** By hash of the secret; only good ones. */
  readonly #trusted = new LRUCache<string, { readonly actor: Actor; readonly until: number }>({ max: MAX_CACHED });
  readonly #uses = new Map<string, number>();
  readonly #handlers = new Set<(keyId: string) => void>();
  /** Keys whose revocation was told, so that nobody is told twice. */
  readonly #told = new Set<string>();
  readonly #flushing: NodeJS.Timeout;
  readonly #stop: (() => void)[] = [];

  constructor(means: ApiKeyMeans) {
    this.#means = means;
    this.#flushing = setInterval(() => void this.#flushQuietly(), FLUSH_MS).unref();
    const { listener } = means;
    if (listener)
      this.#stop.push(
        listener.on(CHANNEL, (id) => this.#forget(id)),
        listener.onReconnect(() => this.#catchUp()),
      );
  }

  /** The secret is nowhere but in this answer. */
  async create(draft: ApiKeyDraft): Promise<{ key: ApiKeyRecord; secret: string }> {
    checkApiKey(draft);
    for (const id of draft.storeIds ?? []) if (!(await this.#means.stores.get(id))) throw notFound('store', id);
    const em = this.#means.database.em();
    const connectionId = draft.connectionId ?? null;
    if (connectionId !== null && !(isStorable(connectionId) && (await em.findOne(Connection, connectionId))))
      throw notFound('connection', connectionId);
    // Partners come with their books; until then there is none that a key could belong to.
    if (draft.partnerId) throw notFound('partner', draft.partnerId);
    const secret = newSecret(draft.role);
    return { key: recordOf(await this.#insert(draft, secret)), secret };
  }

  /** null for a secret that is nobody's or was revoked; a revocation elsewhere is seen within 5 s. */
  async authenticate(secret: string): Promise<Actor | null> {
    if (!isSecret(secret)) return null;
    const hash = hashSecret(secret);
    const now = this.#means.clock.now();
    const trusted = this.#trusted.get(hash);
    const actor = trusted && now < trusted.until ? trusted.actor : await this.#look(hash, now);
    if (actor) this.#uses.set(actor.id, now);
    return actor;
  }

  /** Repeated, it changes nothing. */
  async revoke(id: string): Promise<ApiKeyRecord> {
    const key = await this.#means.database.em().transactional(async (em) => {
      const row = isStorable(id) ? await em.findOne(ApiKey, id, { lockMode: LockMode.PESSIMISTIC_WRITE }) : null;
      if (!row) throw notFound('API key', id);
      row.revokedAt ??= new Date(this.#means.clock.now());
      await em.flush();
      await notify(em, CHANNEL, id);
      return row;
    });
    this.#forget(id);
    return this.#withUse(recordOf(key));
  }

  /** Newest first. */
  async list(): Promise<ApiKeyRecord[]> {
    const keys = await this.#means.database.em().find(ApiKey, {}, { orderBy: { createdAt: 'desc', id: 'desc' } });
    return keys.map((key) => this.#withUse(recordOf(key)));
  }

  /** Told once of each key revoked here or in another process; gives back how to stop listening. */
  onRevoked(handler: (keyId: string) => void): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  /** Sees to it that the file holds an ADMIN key of this database; `created` where the file was written just now. */
  async ensureAdminKey(path: string): Promise<{ secret: string; created: boolean }> {
    const found = await adminSecretIn(path);
    const known = await this.#means.database.em().findOne(ApiKey, { secretHash: hashSecret(found.secret) });
    if (known) return found;
    try {
      await this.#insert({ name: 'admin.key', role: 'ADMIN' }, found.secret);
    } catch (error) {
      // Another process with the same file was first.
      if (!isUniqueViolation(error)) throw error;
    }
    return found;
  }

  /** Writes the last uses gathered since the last time. */
  async flushUses(): Promise<void> {
    const uses = [...this.#uses];
    if (uses.length === 0) return;
    await this.#means.database.pool.query(WRITE_USES, [uses.map(([id]) => id), uses.map(([, at]) => instantText(at))]);
    for (const [id, at] of uses) if (this.#uses.get(id) === at) this.#uses.delete(id);
  }

  async close(): Promise<void> {
    clearInterval(this.#flushing);
    for (const stop of this.#stop) stop();
    await this.#flushQuietly();
  }

  async #look(hash: string, now: number): Promise<Actor | null> {
    const told = this.#told.size;
    const key = await this.#means.database.em().findOne(ApiKey, { secretHash: hash });
    if (!key || key.revokedAt) return null;
    const { id, role, storeIds, connectionId, partnerId } = key;
    const actor: Actor = { id, role, storeIds, connectionId, partnerId };
    // What was revoked while we read may be this very key.
    if (told === this.#told.size) this.#trusted.set(hash, { actor, until: now + TRUST_MS });
    return actor;
  }

  async #insert(draft: ApiKeyDraft, secret: string): Promise<ApiKey> {
    const now = this.#means.clock.now();
    const em = this.#means.database.em();
    const key = em.create(ApiKey, {
      id: newId('apiKey', now),
      name: draft.name,
      role: draft.role,
      storeIds: draft.storeIds ? [...draft.storeIds] : null,
      connectionId: draft.connectionId ?? null,
      partnerId: draft.partnerId ?? null,
      secretHash: hashSecret(secret),
      createdAt: new Date(now),
      lastUsedAt: null,
      revokedAt: null,
    });
    await em.persist(key).flush();
    return key;
  }

  #forget(id: string): void {
    if (this.#told.has(id)) return;
    this.#told.add(id);
    for (const [hash, { actor }] of this.#trusted.entries()) if (actor.id === id) this.#trusted.delete(hash);
    for (const handler of this.#handlers) handler(id);
  }

  /** Revocations while nobody listened. */
  async #catchUp(): Promise<void> {
    this.#trusted.clear();
    const revoked = await this.#means.database.em().find(ApiKey, { revokedAt: { $ne: null } }, { fields: ['id'] });
    for (const { id } of revoked) this.#forget(id);
  }

  #withUse(record: ApiKeyRecord): ApiKeyRecord {
    const used = this.#uses.get(record.id);
    return used === undefined ? record : { ...record, lastUsedAt: instantText(used) };
  }

  /** When a key was last used is not worth failing for. */
  async #flushQuietly(): Promise<void> {
    try {
      await this.flushUses();
    } catch (error) {
      this.#means.log.warn({ err: error }, 'cannot write when API keys were last used');
    }
  }
}

function recordOf(key: ApiKey): ApiKeyRecord {
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    storeIds: key.storeIds,
    connectionId: key.connectionId,
    partnerId: key.partnerId,
    createdAt: instantText(key.createdAt.getTime()),
    lastUsedAt: key.lastUsedAt && instantText(key.lastUsedAt.getTime()),
    revokedAt: key.revokedAt && instantText(key.revokedAt.getTime()),
  };
}
