import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import { notify, ormRunner } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import type { CampaignTerms } from '../decision/decision.types.ts';
import { writeEvents } from '../ledger/ledger-writer.ts';
import { type Clock, instantText } from '../shared/clock.ts';
import { notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { isStorable } from '../shared/input-checks.ts';
import type { StoreService } from '../store/store.service.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { Campaign } from './campaign.entity.ts';
import { activated, canMove, clocksOf, type Move, newCampaign, statusOn } from './campaign.rules.ts';
import type { BudgetUse, CampaignCounts, CampaignDraft, CampaignRecord } from './campaign.types.ts';
import { readBudgets, readCounts } from './campaign-figures.ts';
import { CampaignSnapshot } from './campaign-snapshot.ts';

const CHANNEL = 'valehub_terms';
const TOPIC = 'campaign:';

interface CampaignMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly stores: StoreService;
  readonly listener: Listener | null;
}

/** Campaigns, kept in memory as snapshots of one version each; other processes tell of their changes. */
export class CampaignService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #stores: StoreService;
  readonly #snapshot: CampaignSnapshot;
  readonly #stop: (() => void)[] = [];

  constructor({ database, clock, stores, listener }: CampaignMeans) {
    this.#database = database;
    this.#clock = clock;
    this.#stores = stores;
    this.#snapshot = new CampaignSnapshot(clock, stores);
    if (!listener) return;
    this.#stop.push(
      listener.on(CHANNEL, async (payload) => {
        if (payload.startsWith(TOPIC)) await this.refresh([payload.slice(TOPIC.length)]);
      }),
      listener.onReconnect(() => this.refresh()),
    );
  }

  /** Reads all campaigns; call once before use, after the stores. */
  async load(): Promise<void> {
    await this.refresh();
  }

  async refresh(ids?: readonly string[]): Promise<void> {
    const rows = await this.#database.em().find(Campaign, ids ? { id: { $in: ids.filter(isStorable) } } : {});
    this.#snapshot.remember(rows);
    // A sub has no terms without its main.
    const unknown = rows.flatMap(({ parentId }) => (parentId !== null && !this.#snapshot.row(parentId) ? [parentId] : []));
    if (unknown.length > 0) await this.refresh(unknown);
  }

  /** From memory, with `main` linked and SCHEDULED turned ACTIVE by the calendar. */
  terms(id: string): CampaignTerms | undefined {
    return this.#snapshot.terms(id);
  }

  /** Read anew. */
  async get(id: string): Promise<CampaignRecord | null> {
    await this.refresh([id]);
    return this.#record(id);
  }

  /** From memory where it is known. In the order of the ids; null where there is none. */
  async byIds(ids: readonly string[]): Promise<(CampaignRecord | null)[]> {
    const unknown = ids.filter((id) => !this.#snapshot.row(id));
    if (unknown.length > 0) await this.refresh(unknown);
    return ids.map((id) => this.#record(id));
  }

  /** From the database, all of them. */
  async all(): Promise<CampaignRecord[]> {
    const rows = await this.#database.em().find(Campaign, {});
    this.#snapshot.remember(rows);
    return rows.map((row) => this.recordOf(row));
  }

  /** As it is shown now. */
  recordOf(row: Campaign): CampaignRecord {
    return shown(row, this.#clock.now(), this.#stores.all());
  }

  async create(actor: Actor, draft: CampaignDraft): Promise<CampaignRecord> {
    const stores = await this.#storesOf(draft);
    const now = this.#clock.now();
    const rows = await this.#database.em().transactional(async (em) => {
      const parent = draft.parentId ? await locked(em, draft.parentId) : null;
      const content = newCampaign(draft, stores, parent);
      const campaign = em.create(Campaign, {
        ...content,
        id: newId('campaign', now),
        status: 'DRAFT',
        version: 1,
        promisedFrom: 1,
        createdAt: new Date(now),
      });
      em.persist(campaign);
      // What its sisters must count for it becomes part of the main's terms.
      if (parent && content.limits.some((limit) => limit.per === 'MAIN_CAMPAIGN')) parent.version += 1;
      await em.flush();
      const changed = parent ? [campaign, parent] : [campaign];
      const after = { ...content, status: campaign.status };
      await writeAudit(ormRunner(em), {
        at: now,
        actorId: actor.id,
        operation: 'createCampaign',
        subjectId: campaign.id,
        before: null,
        after,
      });
      for (const { id } of changed) await notify(em, CHANNEL, TOPIC + id);
      return changed;
    });
    this.#snapshot.remember(rows);
    return this.recordOf(rows[0] as Campaign);
  }

  /** SCHEDULED where its first day lies ahead. */
  async activate(actor: Actor, id: string): Promise<CampaignRecord> {
    return this.#move(actor, id, 'activate');
  }

  async pause(actor: Actor, id: string): Promise<CampaignRecord> {
    return this.#move(actor, id, 'pause');
  }

  /** For good. */
  async end(actor: Actor, id: string): Promise<CampaignRecord> {
    return this.#move(actor, id, 'end');
  }

  /** In the order of the ids; of a main campaign the sums over its subs. */
  async counts(ids: readonly string[]): Promise<CampaignCounts[]> {
    return readCounts(this.#database.pool, ids);
  }

  /** In the order of the ids. */
  async budgets(ids: readonly string[]): Promise<BudgetUse[]> {
    return readBudgets(this.#database.pool, ids);
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  async #move(actor: Actor, id: string, move: Move): Promise<CampaignRecord> {
    const row = await this.#database.em().transactional(async (em) => {
      const campaign = await locked(em, id);
      if (!canMove(campaign.status, move)) return campaign;
      const now = this.#clock.now();
      const clocks = clocksOf(campaign.storeIds, this.#stores.all());
      const before = { status: campaign.status };
      campaign.status = move === 'activate' ? activated(campaign, now, clocks) : move === 'pause' ? 'PAUSED' : 'ENDED';
      campaign.version += 1;
      await em.flush();
      const audit = { at: now, actorId: actor.id, operation: `${move}Campaign`, subjectId: id, before, after: { status: campaign.status } };
      await writeAudit(ormRunner(em), audit);
      if (move === 'activate') {
        const data = { name: campaign.name, status: campaign.status, version: campaign.version, actorId: actor.id };
        await writeEvents(ormRunner(em), [{ type: 'CAMPAIGN_ACTIVATED', at: instantText(now), campaignId: id, data }]);
      }
      await notify(em, CHANNEL, TOPIC + id);
      return campaign;
    });
    this.#snapshot.remember([row]);
    return this.recordOf(row);
  }

  /** Those it names, or all; NOT_FOUND names the first that there is not. */
  async #storesOf({ storeIds }: CampaignDraft): Promise<readonly StoreTerms[]> {
    if (!storeIds) return this.#stores.list();
    const stores: StoreTerms[] = [];
    for (const id of new Set(storeIds)) {
      const store = await this.#stores.get(id);
      if (!store) throw notFound('store', id);
      stores.push(store);
    }
    return stores;
  }

  #record(id: string): CampaignRecord | null {
    const row = this.#snapshot.row(id);
    return row ? this.recordOf(row) : null;
  }
}

async function locked(em: EntityManager, id: string): Promise<Campaign> {
  const campaign = isStorable(id) ? await em.findOne(Campaign, id, { lockMode: LockMode.PESSIMISTIC_WRITE }) : null;
  if (!campaign) throw notFound('campaign', id);
  return campaign;
}

/** `status` as of now. */
function shown(row: Campaign, now: number, stores: readonly StoreTerms[]): CampaignRecord {
  return {
    id: row.id,
    name: row.name,
    status: statusOn(row, now, clocksOf(row.storeIds, stores)),
    parentId: row.parentId,
    version: row.version,
    storeIds: row.storeIds,
    currency: row.currency,
    startsOn: row.startsOn,
    endsOn: row.endsOn,
    incentive: row.incentive,
    conditions: row.conditions,
    limits: row.limits,
    budget: row.budget,
    stacking: row.stacking,
    distribution: row.distribution,
    taxClass: row.taxClass,
    reversalPolicy: row.reversalPolicy,
    funding: row.funding,
    issuance: row.issuance,
    metadata: row.metadata,
    createdAt: instantText(row.createdAt.getTime()),
  };
}
