import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import { isUniqueViolation, notify, ormRunner } from '../../database/transaction.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import { Connection } from '../connection/connection.entity.ts';
import type { Clock } from '../shared/clock.ts';
import { conflict, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { isStorable } from '../shared/input-checks.ts';
import type { StoreService } from '../store/store.service.ts';
import { adminSecretIn, replaceAdminSecret } from './admin-key-file.ts';
import { ApiKey } from './api-key.entity.ts';
import { lockedKey, recordOf } from './api-key.records.ts';
import { checkApiKey, checkOverlap, hashSecret, isSecret, newSecret } from './api-key.rules.ts';
import type { ApiKeyDraft, ApiKeyRecord } from './api-key.types.ts';
import { KeyUses } from './key-uses.ts';
import { isRetired, retire } from './retired-secrets.ts';
import type { Actor } from './roles.ts';

const CHANNEL = 'valehub_keys';
const ROTATED = 'rotated:';
/** How long a key is taken at its word: the longest that a revocation goes unseen should its notification be lost. */
const TRUST_MS = 5_000;
const MAX_CACHED = 10_000;

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
  readonly #uses: KeyUses;
  readonly #handlers = new Set<(keyId: string) => void>();
  readonly #rotationHandlers = new Set<(keyId: string) => void>();
  /** Keys whose revocation was told, so that nobody is told twice. */
  readonly #told = new Set<string>();
  /** Counts revocations and rotations heard of. */
  #changes = 0;
  #adminFile: string | null = null;
  readonly #stop: (() => void)[] = [];

  constructor(means: ApiKeyMeans) {
    this.#means = means;
    const { listener } = means;
    this.#uses = new KeyUses(means.database.pool, means.log);
    if (listener)
      this.#stop.push(
        listener.on(CHANNEL, (told) => (told.startsWith(ROTATED) ? this.#rotated(told.slice(ROTATED.length)) : this.#forget(told))),
        listener.onReconnect(() => this.#catchUp()),
      );
  }

  /** The secret is nowhere but in this answer. */
  async create(actor: Actor, draft: ApiKeyDraft): Promise<{ key: ApiKeyRecord; secret: string }> {
    checkApiKey(draft);
    for (const id of draft.storeIds ?? []) if (!(await this.#means.stores.get(id))) throw notFound('store', id);
    const em = this.#means.database.em();
    const connectionId = draft.connectionId ?? null;
    if (connectionId !== null && !(isStorable(connectionId) && (await em.findOne(Connection, connectionId))))
      throw notFound('connection', connectionId);
    // Partners come with their books; until then there is none that a key could belong to.
    if (draft.partnerId) throw notFound('partner', draft.partnerId);
    const secret = newSecret(draft.role);
    const key = await this.#insert(draft, secret, actor);
    return { key: recordOf(key, this.#means.clock.now()), secret };
  }

  /** null for a secret that is nobody's or was revoked; a revocation elsewhere is seen within 5 s. */
  async authenticate(secret: string): Promise<Actor | null> {
    if (!isSecret(secret)) return null;
    const hash = hashSecret(secret);
    const now = this.#means.clock.now();
    const trusted = this.#trusted.get(hash);
    const actor = trusted && now < trusted.until ? trusted.actor : await this.#look(hash, now);
    if (actor) this.#uses.note(actor.id, now);
    return actor;
  }

  /** Repeated, it changes nothing. */
  async revoke(actor: Actor, id: string): Promise<ApiKeyRecord> {
    const now = this.#means.clock.now();
    const key = await this.#means.database.em().transactional(async (em) => {
      const row = await lockedKey(em, id);
      const before = { revokedAt: row.revokedAt };
      row.revokedAt ??= new Date(now);
      await em.flush();
      const after = { revokedAt: row.revokedAt };
      await writeAudit(ormRunner(em), { at: now, actorId: actor.id, operation: 'revokeApiKey', subjectId: id, before, after });
      await notify(em, CHANNEL, id);
      return row;
    });
    this.#forget(id);
    return this.#uses.shownOn(recordOf(key, now));
  }

  /** Gives the key a new secret; the one before it opens for so many seconds more, the one before that no longer. CONFLICT where it was revoked. */
  async rotate(actor: Actor, id: string, overlapSeconds: number): Promise<{ key: ApiKeyRecord; secret: string }> {
    checkOverlap(overlapSeconds);
    const now = this.#means.clock.now();
    const { key, secret, oldHash } = await this.#means.database.em().transactional(async (em) => {
      const row = await lockedKey(em, id);
      if (row.revokedAt) throw conflict('The key was revoked: make a new one.');
      const made = newSecret(row.role);
      const retiring = row.secretHash;
      const before = { secret: null, previousSecretUntil: recordOf(row, now).previousSecretUntil };
      await retire(ormRunner(em), row.role, retiring, id);
      row.previousHash = overlapSeconds === 0 ? null : retiring;
      row.previousUntil = overlapSeconds === 0 ? null : new Date(now + overlapSeconds * 1_000);
      row.secretHash = hashSecret(made);
      await em.flush();
      const after = { secret: 'changed', previousSecretUntil: recordOf(row, now).previousSecretUntil };
      await writeAudit(ormRunner(em), { at: now, actorId: actor.id, operation: 'rotateApiKey', subjectId: id, before, after });
      await notify(em, CHANNEL, ROTATED + id);
      return { key: row, secret: made, oldHash: retiring };
    });
    this.#rotated(id);
    if (key.role === 'ADMIN') await this.#rewriteAdminFile(oldHash, secret);
    return { key: this.#uses.shownOn(recordOf(key, now)), secret };
  }

  /** Newest first. */
  async list(): Promise<ApiKeyRecord[]> {
    const keys = await this.#means.database.em().find(ApiKey, {}, { orderBy: { createdAt: 'desc', id: 'desc' } });
    const now = this.#means.clock.now();
    return keys.map((key) => this.#uses.shownOn(recordOf(key, now)));
  }

  /** In the order of the ids; null where there is none. */
  async byIds(ids: readonly string[]): Promise<(ApiKeyRecord | null)[]> {
    const now = this.#means.clock.now();
    const keys = await this.#means.database.em().find(ApiKey, { id: { $in: ids.filter(isStorable) } });
    const byId = new Map(keys.map((key) => [key.id, this.#uses.shownOn(recordOf(key, now))]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  /** Told once of each key revoked here or in another process; gives back how to stop listening. */
  onRevoked(handler: (keyId: string) => void): () => void {
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  /** Told of each key whose secret was changed here or in another process, so that whoever holds an old one is asked again. */
  onRotated(handler: (keyId: string) => void): () => void {
    this.#rotationHandlers.add(handler);
    return () => void this.#rotationHandlers.delete(handler);
  }

  /** Sees to it that the file holds an ADMIN key of this database; `created` where the file was written just now. */
  async ensureAdminKey(path: string): Promise<{ secret: string; created: boolean }> {
    this.#adminFile = path;
    const found = await adminSecretIn(path);
    const hash = hashSecret(found.secret);
    const known = await this.#means.database.em().findOne(ApiKey, { secretHash: hash });
    if (known) return found;
    if (await isRetired(this.#means.database.pool, hash)) {
      this.#means.log.warn(
        { path },
        'the admin key in the file was rotated: put the new secret there, or move the file away for a new key',
      );
      return found;
    }
    try {
      await this.#insert({ name: 'admin.key', role: 'ADMIN' }, found.secret, null);
    } catch (error) {
      // Another process with the same file was first.
      if (!isUniqueViolation(error)) throw error;
    }
    return found;
  }

  /** Writes the last uses gathered since the last time. */
  flushUses(): Promise<void> {
    return this.#uses.flush();
  }

  async close(): Promise<void> {
    for (const stop of this.#stop) stop();
    await this.#uses.close();
  }

  async #look(hash: string, now: number): Promise<Actor | null> {
    const changes = this.#changes;
    const key = await this.#means.database.em().findOne(ApiKey, { $or: [{ secretHash: hash }, { previousHash: hash }] });
    if (!key || key.revokedAt) return null;
    const until = key.secretHash === hash ? Number.POSITIVE_INFINITY : (key.previousUntil?.getTime() ?? 0);
    if (now >= until) return null;
    const { id, role, storeIds, connectionId, partnerId } = key;
    const actor: Actor = { id, role, storeIds, connectionId, partnerId };
    // What was revoked or rotated while we read may be this very key.
    if (changes === this.#changes) this.#trusted.set(hash, { actor, until: Math.min(now + TRUST_MS, until) });
    return actor;
  }

  /** `actor`: null where the hub makes it at its first start. */
  async #insert(draft: ApiKeyDraft, secret: string, actor: Actor | null): Promise<ApiKey> {
    const now = this.#means.clock.now();
    return this.#means.database.em().transactional(async (em) => {
      const content = {
        name: draft.name,
        role: draft.role,
        storeIds: draft.storeIds ? [...draft.storeIds] : null,
        connectionId: draft.connectionId ?? null,
        partnerId: draft.partnerId ?? null,
      };
      const key = em.create(ApiKey, {
        ...content,
        id: newId('apiKey', now),
        secretHash: hashSecret(secret),
        createdAt: new Date(now),
        lastUsedAt: null,
        revokedAt: null,
      });
      await em.persist(key).flush();
      const audit = { at: now, actorId: actor?.id ?? '', operation: 'createApiKey', subjectId: key.id, before: null, after: content };
      if (actor) await writeAudit(ormRunner(em), audit);
      return key;
    });
  }

  #forget(id: string): void {
    if (this.#told.has(id)) return;
    this.#told.add(id);
    this.#changes += 1;
    for (const [hash, { actor }] of this.#trusted.entries()) if (actor.id === id) this.#trusted.delete(hash);
    for (const handler of this.#handlers) handler(id);
  }

  #rotated(id: string): void {
    this.#changes += 1;
    for (const [hash, { actor }] of this.#trusted.entries()) if (actor.id === id) this.#trusted.delete(hash);
    for (const handler of this.#rotationHandlers) handler(id);
  }

  /** The new secret goes to its caller whatever becomes of the file. */
  async #rewriteAdminFile(oldHash: string, secret: string): Promise<void> {
    if (this.#adminFile === null) return;
    try {
      await replaceAdminSecret(this.#adminFile, (known) => hashSecret(known) === oldHash, secret);
    } catch (error) {
      this.#means.log.error({ err: error, path: this.#adminFile }, 'the rotated admin key could not be written to its file');
    }
  }

  /** Revocations while nobody listened. */
  async #catchUp(): Promise<void> {
    this.#trusted.clear();
    const revoked = await this.#means.database.em().find(ApiKey, { revokedAt: { $ne: null } }, { fields: ['id'] });
    for (const { id } of revoked) this.#forget(id);
  }
}
