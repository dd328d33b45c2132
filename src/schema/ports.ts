import type { Actor } from '../domain/access/roles.ts';
import type { AppDraft, AppPatch, AppRecord, UnclaimedAccount } from '../domain/connection/app.types.ts';
import type { AppliedRecord, ApplyAnswer, ApplyDraft } from '../domain/connection/check.types.ts';
import type {
  ConnectDraft,
  ConnectionPatch,
  ConnectionRecord,
  ConnectorRecord,
  PlatformLocationRecord,
  SettingChoice,
} from '../domain/connection/connection.types.ts';
import type { ForwardingDraft, ForwardingPatch, ForwardingRecord } from '../domain/connection/forwarding.types.ts';
import type { Loss, MappedProduct, OnLoss, ProductDraft, PublicationRecord } from '../domain/connection/publication.types.ts';
import type {
  DeliveriesOf,
  DeliveryFilter,
  DeliveryRecord,
  HealthRecord,
  JobFilter,
  JobRecord,
  NoticeRecord,
} from '../domain/connection/traffic.types.ts';
import type { BackfillDraft, BackfillRecord, FeedHealth } from '../domain/feed/feed.types.ts';
import type { Page, PageRequest } from '../domain/list/list.types.ts';

// What the API asks of the connectors, its neighbours among the doors. server.ts brings them together.

export interface CheckPort {
  apply(actor: Actor, draft: ApplyDraft): Promise<ApplyAnswer>;
  remove(actor: Actor, id: string): Promise<AppliedRecord>;
  list(actor: Actor, connectionId: string, orderExternalId: string): Promise<readonly AppliedRecord[]>;
}

export interface ForwardingPort {
  list(connectionId: string | null): Promise<readonly ForwardingRecord[]>;
  create(actor: Actor, draft: ForwardingDraft): Promise<ForwardingRecord>;
  update(actor: Actor, id: string, patch: ForwardingPatch): Promise<ForwardingRecord>;
  remove(actor: Actor, id: string): Promise<boolean>;
}

export interface PublicationPort {
  plan(
    campaignId: string,
    connectionId: string,
  ): Promise<{ readonly losses: readonly Loss[]; readonly publication: object | null; readonly codes: number }>;
  list(campaignId: string | null): Promise<readonly PublicationRecord[]>;
  publish(actor: Actor, campaignId: string, connectionId: string, onLoss: OnLoss): Promise<PublicationRecord>;
  withdraw(actor: Actor, campaignId: string, connectionId: string): Promise<PublicationRecord>;
  products(connectionId: string): Promise<readonly MappedProduct[]>;
  mapProducts(actor: Actor, connectionId: string, products: readonly ProductDraft[]): Promise<number>;
}

export interface TrafficPort {
  deliveries(actor: Actor, whose: DeliveriesOf, filter: DeliveryFilter, page: PageRequest): Promise<Page<DeliveryRecord>>;
  reprocess(actor: Actor, deliveryId: string): Promise<readonly NoticeRecord[]>;
  jobs(actor: Actor, connectionId: string, filter: JobFilter, page: PageRequest): Promise<Page<JobRecord>>;
  retry(actor: Actor, jobId: string, evenIfDone: boolean): Promise<JobRecord>;
  drop(actor: Actor, jobId: string): Promise<JobRecord>;
  /** In the order of the connections. */
  health(connectionIds: readonly string[]): Promise<readonly HealthRecord[]>;
}

export interface ConnectorDesk {
  connectors(): readonly ConnectorRecord[];
  connections(includeDisconnected: boolean): Promise<readonly ConnectionRecord[]>;
  connection(id: string): Promise<ConnectionRecord | null>;
  /** Settings are checked by the plugin's schema (BAD_USER_INPUT with paths under input.settings), then by its test call. */
  connect(actor: Actor, draft: ConnectDraft): Promise<ConnectionRecord>;
  /** The same checks; then whatever waited for a person is worked again. */
  update(actor: Actor, id: string, patch: ConnectionPatch): Promise<ConnectionRecord>;
}

/** What connections share, and what happens between connecting and disconnecting. */
export interface LinkDesks {
  readonly apps: {
    apps(): Promise<readonly AppRecord[]>;
    unclaimed(appId: string): Promise<readonly UnclaimedAccount[]>;
    create(actor: Actor, draft: AppDraft): Promise<AppRecord>;
    update(actor: Actor, id: string, patch: AppPatch): Promise<AppRecord>;
  };
  readonly authorizations: { begin(actor: Actor, connectionId: string): Promise<{ readonly url: string; readonly expiresAt: string }> };
  readonly accounts: { choose(actor: Actor, connectionId: string, account: string): Promise<void> };
  readonly disconnection: { disconnect(actor: Actor, connectionId: string): Promise<void> };
  /** Asked of the platform now; HubError where it does not answer. */
  readonly platforms: {
    choices(actor: Actor, connectionId: string, name: string): Promise<readonly SettingChoice[]>;
    locations(actor: Actor, connectionId: string): Promise<readonly PlatformLocationRecord[]>;
  };
}

export interface FeedPort {
  /** In the order of the ids. */
  health(connectionIds: readonly string[]): Promise<readonly (readonly FeedHealth[])[]>;
}

export interface BackfillPort {
  start(actor: Actor, draft: BackfillDraft): Promise<BackfillRecord>;
  cancel(actor: Actor, id: string): Promise<BackfillRecord>;
  backfill(id: string): Promise<BackfillRecord | null>;
  backfills(connectionId: string): Promise<readonly BackfillRecord[]>;
}
