import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import type { Actor } from '../access/roles.ts';
import type { CampaignTerms } from '../decision/decision.types.ts';
import type { Clock } from '../shared/clock.ts';
import type { StoreService } from '../store/store.service.ts';
import type { BudgetUse, CampaignCounts, CampaignDraft, CampaignRecord } from './campaign.types.ts';

export class CampaignService {
  constructor(options: { database: Database; clock: Clock; stores: StoreService; listener: Listener | null }) { void options; }
  /** Reads all campaigns; call once before use, after the stores. */
  async load(): Promise<void> { throw new Error('not built yet'); }
  async refresh(ids?: readonly string[]): Promise<void> { void ids; throw new Error('not built yet'); }
  /** With `main` linked and SCHEDULED turned ACTIVE by the calendar. */
  terms(id: string): CampaignTerms | undefined { void id; throw new Error('not built yet'); }
  async get(id: string): Promise<CampaignRecord | null> { void id; throw new Error('not built yet'); }
  /** In the order of the ids; null where there is none. */
  async byIds(ids: readonly string[]): Promise<(CampaignRecord | null)[]> { void ids; throw new Error('not built yet'); }
  async create(actor: Actor, draft: CampaignDraft): Promise<CampaignRecord> { void actor; void draft; throw new Error('not built yet'); }
  async activate(actor: Actor, id: string): Promise<CampaignRecord> { void actor; void id; throw new Error('not built yet'); }
  async pause(actor: Actor, id: string): Promise<CampaignRecord> { void actor; void id; throw new Error('not built yet'); }
  async end(actor: Actor, id: string): Promise<CampaignRecord> { void actor; void id; throw new Error('not built yet'); }
  /** In the order of the ids. */
  async counts(ids: readonly string[]): Promise<CampaignCounts[]> { void ids; throw new Error('not built yet'); }
  async budgets(ids: readonly string[]): Promise<BudgetUse[]> { void ids; throw new Error('not built yet'); }
  close(): void {}
}
