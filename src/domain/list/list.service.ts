import type { Database } from '../../database/database.ts';
import type { Actor } from '../access/roles.ts';
import type { CampaignService } from '../campaign/campaign.service.ts';
import type { CampaignRecord } from '../campaign/campaign.types.ts';
import type { CodeService } from '../code/code.service.ts';
import type { CodePlace } from '../code/code.types.ts';
import type { HoldRecord, RedemptionRecord, RejectionRecord } from '../redemption/redemption.types.ts';
import type { Clock } from '../shared/clock.ts';
import type { VoucherService } from '../voucher/voucher.service.ts';
import type { VoucherView } from '../voucher/voucher.types.ts';
import { listCampaigns } from './campaign-list.ts';
import { findHold, listHolds } from './hold-list.ts';
import type { CampaignFilter, HoldFilter, Page, PageRequest, RedemptionFilter, RejectionFilter, VoucherFilter } from './list.types.ts';
import { seesLists } from './list-access.ts';
import { EMPTY_PAGE } from './page.ts';
import { listRedemptions, listRedemptionsOf, listRejections } from './trade-list.ts';
import { listVouchers } from './voucher-list.ts';

interface ListMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly campaigns: CampaignService;
  readonly codes: CodeService;
  readonly vouchers: VoucherService;
}

/** Connections: newest first, by keyset; what the actor may not see is left out. */
export class ListService {
  readonly #means: ListMeans;

  constructor(means: ListMeans) {
    this.#means = means;
  }

  /** A customer's wallet is `filter.customerId`. */
  async vouchers(actor: Actor, filter: VoucherFilter | null, page: PageRequest): Promise<Page<VoucherView>> {
    return seesLists(actor) ? listVouchers(this.#means, actor, filter ?? {}, page) : EMPTY_PAGE;
  }

  async campaigns(actor: Actor, filter: CampaignFilter | null, page: PageRequest): Promise<Page<CampaignRecord>> {
    return seesLists(actor) ? listCampaigns(this.#means.database, this.#means.campaigns, actor, filter ?? {}, page) : EMPTY_PAGE;
  }

  async redemptions(actor: Actor, filter: RedemptionFilter | null, page: PageRequest): Promise<Page<RedemptionRecord>> {
    return seesLists(actor) ? listRedemptions(this.#means.database.pool, this.#means.codes, actor, filter ?? {}, page) : EMPTY_PAGE;
  }

  /** What is set aside, or was. */
  async holds(actor: Actor, filter: HoldFilter | null, page: PageRequest): Promise<Page<HoldRecord>> {
    return seesLists(actor) ? listHolds(this.#means, actor, filter ?? {}, page) : EMPTY_PAGE;
  }

  /** null: none, or not the actor's business. */
  async hold(actor: Actor, id: string): Promise<HoldRecord | null> {
    return seesLists(actor) ? findHold(this.#means, actor, id) : null;
  }

  /** Of one voucher. */
  async redemptionsOf(actor: Actor, voucher: CodePlace, page: PageRequest): Promise<Page<RedemptionRecord>> {
    return seesLists(actor) ? listRedemptionsOf(this.#means.database.pool, actor, voucher, page) : EMPTY_PAGE;
  }

  /** Of redeems, holds, reversals and issues. */
  async rejections(actor: Actor, filter: RejectionFilter | null, page: PageRequest): Promise<Page<RejectionRecord>> {
    return seesLists(actor) ? listRejections(this.#means.database.pool, this.#means.codes, actor, filter ?? {}, page) : EMPTY_PAGE;
  }
}
