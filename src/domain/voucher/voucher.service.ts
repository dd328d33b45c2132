import type { Database } from '../../database/database.ts';
import type { Actor } from '../access/roles.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import type { CodeService } from '../code/code.service.ts';
import type { CodePlace } from '../code/code.types.ts';
import type { Clock } from '../shared/clock.ts';
import type { VoucherView } from './voucher.types.ts';

export class VoucherService {
  constructor(options: { database: Database; clock: Clock; codes: CodeService; campaigns: CampaignService }) { void options; }
  async byCode(code: string): Promise<VoucherView | null> { void code; throw new Error('not built yet'); }
  async byId(id: string): Promise<VoucherView | null> { void id; throw new Error('not built yet'); }
  /** In the order of the places; null where no batch reaches. */
  async byPlaces(places: readonly CodePlace[]): Promise<(VoucherView | null)[]> { void places; throw new Error('not built yet'); }
  async block(actor: Actor, id: string, reason: string): Promise<VoucherView> { void actor; void id; void reason; throw new Error('not built yet'); }
  async cancel(actor: Actor, id: string, reason: string): Promise<VoucherView> { void actor; void id; void reason; throw new Error('not built yet'); }
}
