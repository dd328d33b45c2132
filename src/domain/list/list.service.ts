import type { Database } from '../../database/database.ts';
import type { Actor } from '../access/roles.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import type { CampaignRecord } from '../campaign/campaign.types.ts';
import type { CodeService } from '../code/code.service.ts';
import type { CodePlace } from '../code/code.types.ts';
import type { RedemptionRecord, RejectionRecord } from '../redemption/redemption.types.ts';
import type { Clock } from '../shared/clock.ts';
import type { VoucherService } from '../voucher/voucher.service.ts';
import type { VoucherView } from '../voucher/voucher.types.ts';
import type { CampaignFilter, Page, PageRequest, RedemptionFilter, RejectionFilter, VoucherFilter } from './list.types.ts';

/** Connections: newest first, by keyset; what the actor may not see is left out. */
export class ListService {
  constructor(options: { database: Database; clock: Clock; campaigns: CampaignService; codes: CodeService; vouchers: VoucherService }) { void options; }
  /** A customer's wallet is `filter.customerId`. */
  async vouchers(actor: Actor, filter: VoucherFilter | null, page: PageRequest): Promise<Page<VoucherView>> { void actor; void filter; void page; throw new Error('not built yet'); }
  async campaigns(actor: Actor, filter: CampaignFilter | null, page: PageRequest): Promise<Page<CampaignRecord>> { void actor; void filter; void page; throw new Error('not built yet'); }
  async redemptions(actor: Actor, filter: RedemptionFilter | null, page: PageRequest): Promise<Page<RedemptionRecord>> { void actor; void filter; void page; throw new Error('not built yet'); }
  /** Of one voucher. */
  async redemptionsOf(actor: Actor, voucher: CodePlace, page: PageRequest): Promise<Page<RedemptionRecord>> { void actor; void voucher; void page; throw new Error('not built yet'); }
  async rejections(actor: Actor, filter: RejectionFilter | null, page: PageRequest): Promise<Page<RejectionRecord>> { void actor; void filter; void page; throw new Error('not built yet'); }
}
