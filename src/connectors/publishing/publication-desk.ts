import { LockMode } from '@mikro-orm/core';
import type { Plain } from '@valehub/connector-kit';
import type { Database } from '../../database/database.ts';
import { ormRunner } from '../../database/transaction.ts';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import type { CampaignService } from '../../domain/campaign/campaign.service.ts';
import type { CampaignRecord } from '../../domain/campaign/campaign.types.ts';
import { PublicationRow } from '../../domain/connection/publication.entity.ts';
import type { Loss, MappedProduct, OnLoss, ProductDraft, PublicationRecord } from '../../domain/connection/publication.types.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { conflict, forbidden, HubError, notFound } from '../../domain/shared/errors.ts';
import { newId } from '../../domain/shared/ids.ts';
import type { ConnectionBook, LiveConnection } from '../connections/connection-book.ts';
import type { Runnable, StoreSource } from '../runner/connector-runner.ts';
import { storeClock } from '../runner/store-clock.ts';
import type { CampaignCodeList } from './campaign-codes.ts';
import { type PublicationPlan, planPublication, selectedBy, stoppedBy } from './plan.rules.ts';
import { ProductMap, putProducts } from './product-map.ts';

export interface PublicationDeskMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly book: ConnectionBook;
  readonly stores: StoreSource;
  readonly campaigns: Pick<CampaignService, 'byIds'>;
  readonly codes: CampaignCodeList;
  readonly poke: () => void;
}

/** Campaigns on their way to platforms: the loss report first, then publishing as far as a person lets it. */
export class PublicationDesk {
  readonly #means: PublicationDeskMeans;
  readonly #products: ProductMap;

  constructor(means: PublicationDeskMeans) {
    this.#means = means;
    this.#products = new ProductMap(means.database.pool);
  }

  /** What would be lost. Nothing is sent. */
  async plan(campaignId: string, connectionId: string): Promise<PublicationPlan> {
    const live = await this.#publishing(connectionId);
    return this.#planOf(await this.#campaign(campaignId), live);
  }

  /** Publishes it, or what has changed of it since. */
  async publish(actor: Actor, campaignId: string, connectionId: string, onLoss: OnLoss): Promise<PublicationRecord> {
    mayPublish(actor);
    const live = await this.#publishing(connectionId);
    const campaign = await this.#campaign(campaignId);
    if (campaign.status !== 'ACTIVE' && campaign.status !== 'SCHEDULED')
      throw conflict(`The campaign is ${campaign.status}: only one that is ACTIVE or SCHEDULED is published.`);
    const { losses, publication, codes } = await this.#planOf(campaign, live);
    const stopping = stoppedBy(losses, onLoss);
    const [first] = stopping;
    if (first !== undefined || publication === null)
      throw new HubError(
        'CONFLICT',
        `Not published, for what would be lost: ${stopping.map(({ message }) => message).join(' ')}`,
        stopping.map(({ about, message }) => ({ path: about, message })),
      );
    const { database, clock } = this.#means;
    const now = clock.now();
    await database.em().transactional(async (em) => {
      const known = await em.findOne(PublicationRow, { campaignId, connectionId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (known?.status === 'PUBLISHING' || known?.status === 'WITHDRAWING')
        throw conflict('It is being published or withdrawn at this moment; ask again when that has ended.');
      const fresh = {
        status: 'PUBLISHING' as const,
        round: (known?.round ?? 0) + 1,
        campaignVersion: campaign.version,
        content: publication as Plain,
        losses: losses as unknown as Plain,
        codesTotal: codes,
        codesSent: 0,
        codesAdded: 0,
        codesRefused: 0,
        lastError: null,
        updatedAt: new Date(now),
      };
      const id = known?.id ?? newId('publication', now);
      if (known) Object.assign(known, fresh);
      else em.create(PublicationRow, { id, campaignId, connectionId, ref: null, createdAt: new Date(now), ...fresh });
      await em.flush();
      await writeAudit(ormRunner(em), {
        at: now,
        actorId: actor.id,
        operation: 'publishCampaign',
        subjectId: id,
        before: known ? { status: 'PUBLISHED' } : null,
        after: { campaignId, connectionId, status: 'PUBLISHING', campaignVersion: campaign.version, onLoss, codes },
      });
    });
    this.#means.poke();
    return this.#one(campaignId, connectionId);
  }

  async withdraw(actor: Actor, campaignId: string, connectionId: string): Promise<PublicationRecord> {
    mayPublish(actor);
    const { database, clock } = this.#means;
    await database.em().transactional(async (em) => {
      const known = await em.findOne(PublicationRow, { campaignId, connectionId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (known === null) throw notFound('publication', campaignId);
      if (known.status === 'WITHDRAWN' || known.status === 'WITHDRAWING') return;
      const before = { status: known.status };
      known.status = 'WITHDRAWING';
      known.updatedAt = new Date(clock.now());
      await em.flush();
      const audit = { at: clock.now(), actorId: actor.id, operation: 'withdrawCampaign', subjectId: known.id };
      await writeAudit(ormRunner(em), { ...audit, before, after: { status: 'WITHDRAWING' } });
    });
    this.#means.poke();
    return this.#one(campaignId, connectionId);
  }

  /** Of a campaign, or all; oldest first. */
  async list(campaignId: string | null): Promise<readonly PublicationRecord[]> {
    const rows = await this.#means.database
      .em()
      .find(PublicationRow, campaignId === null ? {} : { campaignId }, { orderBy: { createdAt: 'asc', id: 'asc' } });
    const used = await this.#usage(rows);
    return rows.map((row) => recordOf(row, used.get(row.id) ?? null));
  }

  products(connectionId: string): Promise<readonly MappedProduct[]> {
    return this.#products.list(connectionId);
  }

  async mapProducts(actor: Actor, connectionId: string, products: readonly ProductDraft[]): Promise<number> {
    administratorsOnly(actor, 'say which articles are which');
    if ((await this.#means.book.get(connectionId)) === undefined) throw notFound('connection', connectionId);
    const { database, clock } = this.#means;
    await database.em().transactional(async (em) => {
      await putProducts(ormRunner(em), connectionId, products);
      const after = { products: products.length };
      await writeAudit(ormRunner(em), {
        at: clock.now(),
        actorId: actor.id,
        operation: 'mapProducts',
        subjectId: connectionId,
        before: null,
        after,
      });
    });
    return products.length;
  }

  async #planOf(campaign: CampaignRecord, live: Runnable): Promise<PublicationPlan> {
    const { codes } = this.#means;
    const clocks = await storeClock(this.#means.stores, campaign.storeIds?.[0]);
    return planPublication({
      campaign,
      capabilities: live.capabilities,
      publishing: live.connector.publishing ?? {},
      codes: await codes.about(campaign.id),
      items: await this.#products.selected(live.id, selectedBy(campaign)),
      locations: locationsOf(campaign, live),
      clock: clocks,
    });
  }

  async #campaign(id: string): Promise<CampaignRecord> {
    const [campaign] = await this.#means.campaigns.byIds([id]);
    if (!campaign) throw notFound('campaign', id);
    return campaign;
  }

  async #publishing(connectionId: string): Promise<Runnable> {
    const live = await this.#means.book.get(connectionId);
    if (live === undefined) throw notFound('connection', connectionId);
    const { connector } = live;
    if (connector?.roles['vouchers.publish'] === undefined)
      throw new HubError('BAD_USER_INPUT', `The connector ${live.connectorId} publishes no campaigns.`, [
        { path: 'connectionId', message: `The connector ${live.connectorId} publishes no campaigns.` },
      ]);
    return { ...live, connector };
  }

  async #one(campaignId: string, connectionId: string): Promise<PublicationRecord> {
    const row = await this.#means.database.em().findOneOrFail(PublicationRow, { campaignId, connectionId });
    return recordOf(row, (await this.#usage([row])).get(row.id) ?? null);
  }

  /** As the platform tells it of the discount that the publication is. */
  async #usage(rows: readonly PublicationRow[]): Promise<ReadonlyMap<string, number>> {
    const { rows: used } = await this.#means.database.pool.query<{ id: string; used: number }>(
      `select publication.id, discount.used from publication join platform_discount discount
         on discount.connection_id = publication.connection_id and discount.external_id = publication.ref->>'id'
       where publication.id = any($1) and discount.used is not null`,
      [rows.map(({ id }) => id)],
    );
    return new Map(used.map((row) => [row.id, row.used]));
  }
}

function mayPublish(actor: Actor): void {
  if (actor.role !== 'ADMIN' && actor.role !== 'MARKETING') throw forbidden('Only ADMIN and MARKETING keys may publish campaigns.');
}

/** Null = everywhere: the campaign holds in all stores, or the connection has one place only. */
function locationsOf({ storeIds }: CampaignRecord, { settings }: LiveConnection): readonly string[] | null {
  const entries = Object.entries(settings.locations);
  if (storeIds === null || entries.length === 0) return null;
  return entries.filter(([, storeId]) => storeIds.includes(storeId)).map(([location]) => location);
}

const recordOf = (row: PublicationRow, used: number | null): PublicationRecord => ({
  id: row.id,
  campaignId: row.campaignId,
  connectionId: row.connectionId,
  status: row.status,
  campaignVersion: row.campaignVersion,
  losses: row.losses as unknown as readonly Loss[],
  codesTotal: row.codesTotal,
  codesAdded: row.codesAdded,
  codesRefused: row.codesRefused,
  used,
  lastError: row.lastError,
});
