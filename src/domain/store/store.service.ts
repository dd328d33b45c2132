import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import type { Clock } from '../shared/clock.ts';
import type { StoreDraft, StorePatch, StoreTerms } from './store.types.ts';

/** Stores, kept in memory as snapshots of one version each. */
export class StoreService {
  constructor(private_: { database: Database; clock: Clock; listener: Listener | null }) { void private_; }
  /** Reads all stores; call once before use. */
  async load(): Promise<void> { throw new Error('not built yet'); }
  /** Oldest first, read anew. */
  async list(): Promise<readonly StoreTerms[]> { throw new Error('not built yet'); }
  async get(id: string): Promise<StoreTerms | null> { void id; throw new Error('not built yet'); }
  terms(id: string): StoreTerms | undefined { void id; throw new Error('not built yet'); }
  /** Every store known to this process. */
  all(): readonly StoreTerms[] { throw new Error('not built yet'); }
  async refresh(ids?: readonly string[]): Promise<void> { void ids; throw new Error('not built yet'); }
  async create(draft: StoreDraft): Promise<StoreTerms> { void draft; throw new Error('not built yet'); }
  async update(id: string, patch: StorePatch): Promise<StoreTerms> { void id; void patch; throw new Error('not built yet'); }
  close(): void {}
}
