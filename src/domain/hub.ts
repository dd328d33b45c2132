import type pg from 'pg';
import type { Logger } from 'pino';
import { type Database, openDatabase } from '../database/database.ts';
import { type Listener, openListener } from '../database/listener.ts';
import { ApiKeyService } from './access/api-key.service.ts';
import { AuditService } from './audit/audit.service.ts';
import { CampaignService } from './campaign/campaign.service.ts';
import type { VersionKey } from './campaign/campaign-versions.ts';
import { CodeService } from './code/code.service.ts';
import { CustomerService } from './customer/customer.service.ts';
import { CustomerFactsReader } from './customer/customer-facts.ts';
import type { FactsAsked } from './decision/facts-asked.ts';
import { ExplanationService } from './explanation/explanation.service.ts';
import { HoldService } from './hold/hold.service.ts';
import { HoldKeeper } from './hold/hold-keeper.ts';
import { EventService } from './ledger/event.service.ts';
import { LedgerService } from './ledger/ledger.service.ts';
import { LedgerBook } from './ledger/ledger-book.ts';
import { LedgerFeed } from './ledger/ledger-feed.ts';
import { startSealer } from './ledger/ledger-sealer.ts';
import { ListService } from './list/list.service.ts';
import { OrderService } from './order/order.service.ts';
import { OrderIntake } from './order/order-intake.ts';
import { RefundService } from './order/refund.service.ts';
import { TillIssuing } from './order/till-issuing.ts';
import { Preparation } from './redemption/preparation.ts';
import type { Prepared } from './redemption/prepared.ts';
import { RedemptionService } from './redemption/redemption.service.ts';
import { RedemptionEngine } from './redemption/redemption-engine.ts';
import { ReversalService } from './reversal/reversal.service.ts';
import { ReversalWriter } from './reversal/reversal-writer.ts';
import { SegmentService } from './segment/segment.service.ts';
import { checkSecret } from './setting/secret-check.ts';
import { type Clock, systemClock } from './shared/clock.ts';
import { Keyring } from './shared/keyring.ts';
import { StoreService } from './store/store.service.ts';
import { IssuingService } from './voucher/issuing.service.ts';
import { VoucherService } from './voucher/voucher.service.ts';
import { startSweeper } from './voucher/voucher-sweeper.ts';

export interface HubOptions {
  readonly databaseUrl: string;
  /** 32 bytes */
  readonly secretKey: Buffer;
  readonly clock?: Clock;
  readonly log: Logger;
  /** Wrong codes that one address may try in a minute: decides how guessable codes may be. */
  readonly attemptsPerMinute: number;
}

/** The domain, opened: every noun's service over one database. */
export interface Hub {
  readonly database: Database;
  readonly listener: Listener;
  readonly clock: Clock;
  readonly log: Logger;
  readonly keyring: Keyring;
  readonly stores: StoreService;
  readonly customers: CustomerService;
  readonly segments: SegmentService;
  readonly campaigns: CampaignService;
  readonly codes: CodeService;
  readonly vouchers: VoucherService;
  readonly keys: ApiKeyService;
  readonly desk: RedemptionService;
  readonly explanations: ExplanationService;
  readonly issuing: IssuingService;
  readonly orders: OrderService;
  readonly refunds: RefundService;
  readonly intake: OrderIntake;
  readonly events: EventService;
  readonly ledger: LedgerService;
  readonly lists: ListService;
  readonly audit: AuditService;
  close(): Promise<void>;
}

/** Opens the database (already migrated), fills the snapshots and starts what works in the background: sealer, feed, sweeper. */
export async function openHub({ databaseUrl, secretKey, clock = systemClock, log, attemptsPerMinute }: HubOptions): Promise<Hub> {
  const database = await openDatabase(databaseUrl);
  const { pool } = database;
  const keyring = new Keyring(secretKey);
  await checkSecret(pool, keyring).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const listener = await openListener(databaseUrl, log);
  const stores = new StoreService({ database, clock, listener });
  const segments = new SegmentService({ database, clock, listener });
  const campaigns = new CampaignService({
    database,
    clock,
    stores,
    segments,
    listener,
    voucherId: (patternId, index) => codes.voucherId({ patternId, index }),
  });
  const codes = new CodeService({ database, clock, keyring, campaigns, attemptsPerMinute, listener });
  const customers = new CustomerService({ database, clock });
  const facts = new CustomerFactsReader(segments);
  const vouchers = new VoucherService({ database, clock, codes, campaigns });
  const keys = new ApiKeyService({ database, clock, stores, listener, log });
  const lists = new ListService({ database, clock, campaigns, codes, vouchers });
  await stores.load();
  await campaigns.load();
  await codes.load();
  await segments.load();

  const book = new LedgerBook(pool);
  const feed = await LedgerFeed.open(book, log);
  const sealer = startSealer(pool, log, (events) => feed.take(events));
  const silence = [
    listener.on('valehub_intake', () => sealer.wake()),
    // What is sealed here comes without being read again.
    listener.on('valehub_ledger', (position) => (sealer.leading ? undefined : feed.refresh(Number(position)))),
    listener.onReconnect(() => feed.refresh()),
  ];
  const written = () => sealer.wrote();

  const lookup = (code: string) => codes.lookup(code);
  const judging = {
    campaign: (id: string, termsVersion: number | null = null) => campaigns.terms(id, termsVersion),
    unread: (id: string, termsVersion: number | null) => campaigns.unread(id, termsVersion),
    readTerms: (versions: readonly VersionKey[]) => campaigns.readTerms(versions),
    readFacts: (run: Pick<pg.Pool, 'query'>, { customer, order, now }: Prepared, asked: FactsAsked) =>
      facts.read(run, { customerId: customer.id, source: order.source, externalId: order.externalId, now }, asked),
    store: (id: string) => stores.terms(id),
    lookup,
    voucherId: (patternId: number, index: number) => codes.voucherId({ patternId, index }),
    seal: (text: string, context: string) => keyring.seal(text, context),
  };
  const keeper = new HoldKeeper(pool, clock, judging.voucherId);
  const engine = new RedemptionEngine({
    ...judging,
    pool,
    pipeline: database.pipeline,
    log,
    refreshTerms: async (campaignIds) => {
      await stores.refresh();
      await campaigns.refresh(campaignIds ?? undefined);
    },
    expireHolds: () => keeper.expireDue(),
    written,
  });
  const preparation = new Preparation({
    clock,
    stores,
    customers,
    lookup,
    facts,
    pool,
    campaign: judging.campaign,
    refreshCodes: () => codes.refresh(),
  });
  const reversalWriter = new ReversalWriter({ clock, store: judging.store, campaign: judging.campaign, voucherId: judging.voucherId });
  const reversals = new ReversalService(pool, clock, reversalWriter, written);
  const tillIssuing = new TillIssuing({ pool, campaigns, codes, segments, facts });
  const sweeper = startSweeper({ pool, clock, log, keeper, voucherId: judging.voucherId });

  return {
    database,
    listener,
    clock,
    log,
    keyring,
    stores,
    customers,
    segments,
    campaigns,
    codes,
    vouchers,
    keys,
    lists,
    audit: new AuditService({ pool, campaign: judging.campaign }),
    desk: new RedemptionService({ ...judging, pool, preparation, engine, holds: new HoldService(pool, clock, keeper), reversals }),
    explanations: new ExplanationService({
      pool,
      store: judging.store,
      voucherId: judging.voucherId,
      open: (sealed, context) => keyring.open(sealed, context),
      shared: (code) => {
        const hit = lookup(code);
        return hit.found === 'code' && hit.shared;
      },
    }),
    issuing: new IssuingService({ pool, clock, campaigns, codes, customers, stores, written }),
    orders: new OrderService({ pool, clock, preparation, customers, issuing: tillIssuing, written }),
    refunds: new RefundService({ pool, clock, stores, campaigns, codes, reversals: reversalWriter, written }),
    intake: new OrderIntake({
      issuing: tillIssuing,
      pool,
      clock,
      stores,
      customers,
      preparation,
      engine,
      reversals,
      lookup,
      refreshCodes: () => codes.refresh(),
      voucherId: judging.voucherId,
      written,
    }),
    events: new EventService({ pool, clock, stores, customers, book, feed, written }),
    ledger: new LedgerService(book, feed),
    close: async () => {
      for (const stop of silence) stop();
      await sweeper.stop();
      feed.close();
      await sealer.stop();
      for (const service of [keys, codes, campaigns, segments, stores]) service.close();
      await listener.close();
      await database.close();
    },
  };
}
