import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import type { Clock } from '../shared/clock.ts';
import type { StoreService } from '../store/store.service.ts';
import type { ApiKeyDraft, ApiKeyRecord } from './api-key.types.ts';
import type { Actor } from './roles.ts';

export class ApiKeyService {
  constructor(options: { database: Database; clock: Clock; stores: StoreService; listener: Listener | null }) { void options; }
  async create(draft: ApiKeyDraft): Promise<{ key: ApiKeyRecord; secret: string }> { void draft; throw new Error('not built yet'); }
  /** null for a secret that is nobody's or was revoked; a revocation elsewhere is seen within 5 s. */
  async authenticate(secret: string): Promise<Actor | null> { void secret; throw new Error('not built yet'); }
  async revoke(id: string): Promise<ApiKeyRecord> { void id; throw new Error('not built yet'); }
  /** Newest first. */
  async list(): Promise<ApiKeyRecord[]> { throw new Error('not built yet'); }
  /** Told of each key revoked here or in another process; gives back how to stop listening. */
  onRevoked(handler: (keyId: string) => void): () => void { void handler; throw new Error('not built yet'); }
  /** Sees to it that the file holds a working ADMIN key; `created` where it was made just now. */
  async ensureAdminKey(path: string): Promise<{ secret: string; created: boolean }> { void path; throw new Error('not built yet'); }
  /** Writes the last uses gathered since the last time. */
  async flushUses(): Promise<void> { throw new Error('not built yet'); }
  async close(): Promise<void> {}
}
