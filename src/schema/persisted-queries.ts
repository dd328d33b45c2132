import { LRUCache } from 'lru-cache';
import type { Role } from '../domain/access/roles.ts';
import { sha256 } from '../domain/shared/canonical.ts';
import { badInput, forbidden, HubError } from '../domain/shared/errors.ts';
import type { Documents } from './documents.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

const KEPT_QUERIES = 1_000;
const KEPT_CHARACTERS = 1_000_000;
const HASH = /^[0-9a-f]{64}$/;
const PLACE = 'extensions.persistedQuery';

/** A request as it came, in the members that tell its document. */
export interface QueryRequest {
  readonly query?: unknown;
  readonly extensions?: unknown;
}

interface Means {
  readonly documents: Documents;
  readonly trusted: TrustedDocuments;
}

/**
 * Documents named instead of sent: those of the manifest by id, others by their SHA-256 once some caller of the same role has sent
 * the text with it (Apollo's automatic persisted queries). Each role has a shelf of its own, so that nobody empties another's.
 */
export class PersistedQueries {
  readonly #documents: Documents;
  readonly #trusted: TrustedDocuments;
  readonly #shelves = new Map<Role, LRUCache<string, string>>();

  constructor({ documents, trusted }: Means) {
    this.#documents = documents;
    this.#trusted = trusted;
  }

  /**
   * The request with its text, and without what named it. Throws PERSISTED_QUERY_NOT_FOUND for an unknown hash, BAD_USER_INPUT where hash and
   * text differ, FORBIDDEN where the role runs documents of the manifest only and this is none.
   */
  resolve<R extends QueryRequest>(role: Role, request: R): R {
    const { extensions } = request;
    const resolved = isRecord(extensions) && extensions['persistedQuery'] != null ? this.#named(role, request, extensions) : request;
    if (this.#trusted.only.has(role) && typeof resolved.query === 'string' && !this.#trusted.texts.has(resolved.query))
      throw forbidden(`Keys of the role ${role} run documents of the manifest only.`);
    return resolved;
  }

  /** Keeps the text of a request under the hash that came with it, once it was found valid. */
  learn(role: Role, { query, extensions }: QueryRequest): void {
    if (typeof query !== 'string' || query === '' || !isRecord(extensions) || !isRecord(extensions['persistedQuery'])) return;
    const hash = extensions['persistedQuery']['sha256Hash'];
    if (typeof hash === 'string' && HASH.test(hash) && this.#documents.peek(query)?.faults?.length === 0)
      this.#shelf(role).set(hash, query);
  }

  #named<R extends QueryRequest>(role: Role, request: R, extensions: Readonly<Record<string, unknown>>): R {
    const { persistedQuery, ...others } = extensions;
    const { version, sha256Hash: id } = isRecord(persistedQuery) ? persistedQuery : {};
    if (version !== 1) throw badInput({ path: `${PLACE}.version`, message: 'Persisted queries are of version 1 here.' });
    if (typeof id !== 'string' || id === '')
      throw badInput({ path: `${PLACE}.sha256Hash`, message: 'Must be the SHA-256 of the document, or its id in the manifest.' });
    return { ...request, query: this.#textOf(role, id, request.query), extensions: Object.keys(others).length > 0 ? others : null };
  }

  #textOf(role: Role, id: string, given: unknown): unknown {
    if (given != null && given !== '') {
      if (typeof given === 'string' && this.#trusted.byId.get(id) !== given && sha256(given) !== id)
        throw badInput({ path: `${PLACE}.sha256Hash`, message: 'This is not the SHA-256 of the document that came with it.' });
      return given;
    }
    const text = this.#trusted.byId.get(id) ?? this.#shelf(role).get(id);
    // Clients know it by this very text.
    if (text === undefined) throw new HubError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
    return text;
  }

  #shelf(role: Role): LRUCache<string, string> {
    const shelf =
      this.#shelves.get(role) ??
      new LRUCache<string, string>({ max: KEPT_QUERIES, maxSize: KEPT_CHARACTERS, sizeCalculation: (text) => text.length });
    this.#shelves.set(role, shelf);
    return shelf;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
