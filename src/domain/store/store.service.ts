import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../database/database.ts';
import { followTopic, type Listener } from '../../database/listener.ts';
import { notify, ormRunner } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import type { Clock } from '../shared/clock.ts';
import { notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { isStorable } from '../shared/input-checks.ts';
import { Store } from './store.entity.ts';
import { changedStore, newStore, type StoreContent } from './store.rules.ts';
import type { StoreDraft, StorePatch, StoreTerms } from './store.types.ts';
import { StoreVersion } from './store-version.entity.ts';

const CHANNEL = 'valehub_terms';
const TOPIC = 'store:';

/** Stores, kept in memory as snapshots of one version each; other processes tell of their changes. */
export class StoreService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #stores = new Map<string, StoreTerms>();
  #stop = (): void => undefined;

  constructor({ database, clock, listener }: { database: Database; clock: Clock; listener: Listener | null }) {
    this.#database = database;
    this.#clock = clock;
    if (listener) this.#stop = followTopic(listener, CHANNEL, TOPIC, (ids) => this.refresh(ids));
  }

  /** Reads all stores; call once before use. */
  async load(): Promise<void> {
    await this.refresh();
  }

  /** Oldest first, read anew. */
  async list(): Promise<readonly StoreTerms[]> {
    await this.refresh();
    return this.all();
  }

  async get(id: string): Promise<StoreTerms | null> {
    if (!this.#stores.has(id)) await this.refresh([id]);
    return this.terms(id) ?? null;
  }

  /** From memory. */
  terms(id: string): StoreTerms | undefined {
    return this.#stores.get(id);
  }

  /** From memory: every store that this process knows, oldest first. */
  all(): readonly StoreTerms[] {
    return [...this.#stores.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async refresh(ids?: readonly string[]): Promise<void> {
    const rows = await this.#database.em().find(Store, ids ? { id: { $in: ids.filter(isStorable) } } : {});
    for (const row of rows) this.#remember(termsOf(row));
  }

  async create(actor: Actor, draft: StoreDraft): Promise<StoreTerms> {
    const content = newStore(draft);
    const now = this.#clock.now();
    const terms = await this.#database.em().transactional(async (em) => {
      const store = em.create(Store, { ...columnsOf(content), id: newId('store', now), version: 1, createdAt: new Date(now) });
      await em.persist(store).flush();
      await keepVersion(em, termsOf(store), now);
      const audit = { at: now, actorId: actor.id, operation: 'createStore', subjectId: store.id, before: null, after: content };
      await writeAudit(ormRunner(em), audit);
      await notify(em, CHANNEL, TOPIC + store.id);
      return termsOf(store);
    });
    return this.#remember(terms);
  }

  async update(actor: Actor, id: string, patch: StorePatch): Promise<StoreTerms> {
    const terms = await this.#database.em().transactional(async (em) => {
      const store = isStorable(id) ? await em.findOne(Store, id, { lockMode: LockMode.PESSIMISTIC_WRITE }) : null;
      if (!store) throw notFound('store', id);
      const before = contentOf(termsOf(store));
      const after = changedStore(termsOf(store), patch);
      em.assign(store, { ...columnsOf(after), version: store.version + 1 });
      await em.flush();
      await keepVersion(em, termsOf(store), this.#clock.now());
      const audit = { at: this.#clock.now(), actorId: actor.id, operation: 'updateStore', subjectId: id, before, after };
      await writeAudit(ormRunner(em), audit);
      await notify(em, CHANNEL, TOPIC + id);
      return termsOf(store);
    });
    return this.#remember(terms);
  }

  close(): void {
    this.#stop();
  }

  /** Reads may overtake one another: an older version never replaces a newer. */
  #remember(terms: StoreTerms): StoreTerms {
    const known = this.#stores.get(terms.id);
    if (known && known.version >= terms.version) return known;
    this.#stores.set(terms.id, terms);
    return terms;
  }
}

const columnsOf = (content: StoreContent) => ({
  ...content,
  groups: [...content.groups],
  taxRates: content.taxRates.map((entry) => ({ ...entry })),
});

/** As it is after the change of this transaction: what its redemptions are explained by. */
async function keepVersion(em: EntityManager, terms: StoreTerms, at: number): Promise<void> {
  await em
    .persist(em.create(StoreVersion, { storeId: terms.id, version: terms.version, content: contentOf(terms), at: new Date(at) }))
    .flush();
}

const contentOf = ({ id: _id, version: _version, ...content }: StoreTerms): StoreContent => content;

function termsOf(store: Store): StoreTerms {
  return {
    id: store.id,
    name: store.name,
    version: store.version,
    timeZone: store.timeZone,
    businessDayStart: store.businessDayStart,
    currency: store.currency,
    groups: store.groups,
    language: store.language,
    defaultTaxRate: store.defaultTaxRate,
    taxRates: store.taxRates,
    maxVouchersPerOrder: store.maxVouchersPerOrder,
  };
}
