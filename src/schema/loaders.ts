import DataLoader from 'dataloader';
import type { ApiKeyRecord } from '../domain/access/api-key.types.ts';
import type { BudgetUse, CampaignCounts, CampaignRecord, FundingShare } from '../domain/campaign/campaign.types.ts';
import type { VersionKey } from '../domain/campaign/campaign-versions.ts';
import { readFunding } from '../domain/campaign/funding-reader.ts';
import type { CodePlace } from '../domain/code/code.types.ts';
import type { AppRecord } from '../domain/connection/app.types.ts';
import type { HealthRecord } from '../domain/connection/traffic.types.ts';
import type { CustomerRecord } from '../domain/customer/customer.types.ts';
import type { AllocationShare, CampaignTerms, LimitUse } from '../domain/decision/decision.types.ts';
import type { FeedHealth } from '../domain/feed/feed.types.ts';
import type { OrderRecord } from '../domain/order/order.types.ts';
import type { RefundRecord } from '../domain/order/refund.types.ts';
import type { RedemptionRecord, ReversalRecord } from '../domain/redemption/redemption.types.ts';
import { readAllocations, readRedemptions, readReversals } from '../domain/redemption/redemption-reader.ts';
import type { VoucherView } from '../domain/voucher/voucher.types.ts';
import { readOrigins, type VoucherOrigin } from '../domain/voucher/voucher-origin.ts';
import type { WorkflowRecord } from '../domain/workflow/workflow.types.ts';
import type { Services } from './context.ts';

type Batch<K, V> = (keys: readonly K[]) => Promise<readonly V[]>;

/** What one request looks up, gathered into one query a kind. Loaders are made when first used: most requests use none. */
export class Loaders {
  readonly services: Services;
  readonly made = new Map<string, DataLoader<unknown, unknown>>();

  constructor(services: Services) {
    this.services = services;
  }

  campaign(id: string): Promise<CampaignRecord | null> {
    return this.load('campaign', id, (ids) => this.services.hub.campaigns.byIds(ids));
  }

  app(id: string): Promise<AppRecord | null> {
    return this.load('app', id, async (ids) => {
      const apps = new Map((await this.services.links.apps.apps()).map((app) => [app.id, app]));
      return ids.map((one) => apps.get(one) ?? null);
    });
  }

  /** Of a voucher that was issued under a version; null = never issued. */
  terms(issued: { readonly campaignId: string; readonly termsVersion: number | null }): Promise<CampaignTerms | null> {
    return this.load('terms', issued, async (all) => {
      const { campaigns } = this.services.hub;
      await campaigns.byIds([...new Set(all.map(({ campaignId }) => campaignId))]);
      await campaigns.readTerms(all.flatMap(({ campaignId, termsVersion }) => campaigns.unread(campaignId, termsVersion)));
      return all.map(({ campaignId, termsVersion }) => campaigns.terms(campaignId, termsVersion) ?? null);
    });
  }

  campaignCounts(id: string): Promise<CampaignCounts> {
    return this.load('campaignCounts', id, (ids) => this.services.hub.campaigns.counts(ids));
  }

  budgetUse(id: string): Promise<BudgetUse> {
    return this.load('budgetUse', id, (ids) => this.services.hub.campaigns.budgets(ids));
  }

  limitUses(id: string): Promise<LimitUse[]> {
    return this.load('limitUses', id, (ids) => this.services.hub.campaigns.limitUses(ids));
  }

  /** Who bore what a campaign gave in one of its versions. */
  funding(key: VersionKey): Promise<readonly FundingShare[]> {
    return this.load('funding', key, (keys) => readFunding(this.services.hub.database.pool, keys));
  }

  segmentSize(id: string): Promise<number | null> {
    return this.load('segmentSize', id, (ids) => this.services.hub.segments.sizes(ids));
  }

  customer(id: string): Promise<CustomerRecord | null> {
    return this.load('customer', id, (ids) => this.services.hub.customers.byIds(ids));
  }

  voucher(place: CodePlace): Promise<VoucherView | null> {
    return this.load('voucher', place, (places) => this.services.hub.vouchers.byPlaces(places));
  }

  origin(place: CodePlace): Promise<VoucherOrigin> {
    return this.load('origin', place, (places) => readOrigins(this.services.hub.database.pool, places));
  }

  order(id: string): Promise<OrderRecord | null> {
    return this.load('order', id, (ids) => this.services.hub.orders.byIds(ids));
  }

  redemptionsOn(orderId: string): Promise<readonly RedemptionRecord[]> {
    return this.load('redemptionsOn', orderId, (ids) => this.services.hub.orders.redemptionsOn(ids));
  }

  issuedOn(orderId: string): Promise<readonly CodePlace[]> {
    return this.load('issuedOn', orderId, (ids) => this.services.hub.orders.issuedOn(ids));
  }

  refunds(orderId: string): Promise<readonly RefundRecord[]> {
    return this.load('refunds', orderId, async (ids) => {
      const found = Map.groupBy(await this.services.hub.refunds.refundsOf(ids), (refund) => refund.orderId);
      return ids.map((id) => found.get(id) ?? []);
    });
  }

  redemption(id: string): Promise<RedemptionRecord | null> {
    return this.load('redemption', id, async (ids) => {
      const found = new Map((await readRedemptions(this.services.hub.database.pool, ids)).map((record) => [record.id, record]));
      return ids.map((wanted) => found.get(wanted) ?? null);
    });
  }

  allocations(redemptionId: string): Promise<readonly AllocationShare[]> {
    return this.load('allocations', redemptionId, async (ids) => {
      const found = await readAllocations(this.services.hub.database.pool, ids);
      return ids.map((wanted) => found.get(wanted) ?? []);
    });
  }

  reversals(redemptionId: string): Promise<readonly ReversalRecord[]> {
    return this.load('reversals', redemptionId, async (ids) => {
      const found = Map.groupBy(
        await readReversals(this.services.hub.database.pool, 'redemption_id', ids),
        (record) => record.redemptionId,
      );
      return ids.map((wanted) => found.get(wanted) ?? []);
    });
  }

  apiKey(id: string): Promise<ApiKeyRecord | null> {
    return this.load('apiKey', id, (ids) => this.services.hub.keys.byIds(ids));
  }

  feeds(connectionId: string): Promise<readonly FeedHealth[]> {
    return this.load('feeds', connectionId, (ids) => this.services.feeds.health(ids));
  }

  connectionHealth(id: string): Promise<HealthRecord> {
    return this.load('connectionHealth', id, (ids) => this.services.traffic.health(ids));
  }

  workflow(id: string): Promise<WorkflowRecord | null> {
    return this.load('workflow', id, (ids) => this.services.workflows.byIds(ids));
  }

  private load<K, V>(kind: string, key: K, batch: Batch<K, V>): Promise<V> {
    let loader = this.made.get(kind) as DataLoader<K, V> | undefined;
    if (!loader) {
      // Gathers, but remembers nothing: a later mutation of the same request must be seen.
      loader = new DataLoader<K, V>(batch, { cache: false, maxBatchSize: 1_000 });
      this.made.set(kind, loader as unknown as DataLoader<unknown, unknown>);
    }
    return loader.load(key);
  }
}
