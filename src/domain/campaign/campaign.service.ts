import type { Database } from '../../database/database.ts';
import { followTopic, type Listener } from '../../database/listener.ts';
import type { Actor } from '../access/roles.ts';
import type { CampaignTerms, LimitUse } from '../decision/decision.types.ts';
import type { Page, PageRequest } from '../list/list.types.ts';
import { SegmentService } from '../segment/segment.service.ts';
import type { Clock } from '../shared/clock.ts';
import { isStorable } from '../shared/input-checks.ts';
import type { StoreService } from '../store/store.service.ts';
import { Campaign } from './campaign.entity.ts';
import { clocksOf, HOME_CLOCK } from './campaign.rules.ts';
import type {
  BudgetUse,
  CampaignCopyDraft,
  CampaignCounts,
  CampaignDraft,
  CampaignPatch,
  CampaignRecord,
  Issuance,
} from './campaign.types.ts';
import { readBudgets, readCounts } from './campaign-figures.ts';
import { shown } from './campaign-record.ts';
import { CampaignSnapshot } from './campaign-snapshot.ts';
import { type CampaignVersionRecord, listVersions, readContents, readVersion, type VersionKey, versionKey } from './campaign-versions.ts';
import { CampaignWriter, CHANNEL, type ChangeOptions, TOPIC } from './campaign-writer.ts';
import { readLimitUses } from './limit-uses.ts';

/** A campaign whose vouchers paid orders earn. */
export interface IssuingTerms {
  readonly terms: CampaignTerms;
  readonly issuance: Issuance;
}

interface CampaignMeans {
  readonly database: Database;
  readonly clock: Clock;
  readonly stores: StoreService;
  readonly listener: Listener | null;
  /** One of its own, where none is shared. */
  readonly segments?: SegmentService;
  /** Where there are no codes nobody asks for it. */
  readonly voucherId?: (patternId: number, index: number) => string;
}

const noVoucherId = (): never => {
  throw new Error('Nothing was said of how vouchers are called.');
};

/** Campaigns, kept in memory as snapshots of one version each; other processes tell of their changes. */
export class CampaignService {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #stores: StoreService;
  readonly #snapshot: CampaignSnapshot;
  readonly #writer: CampaignWriter;
  #stop = (): void => undefined;

  constructor({ database, clock, stores, segments, listener, voucherId = noVoucherId }: CampaignMeans) {
    this.#database = database;
    this.#clock = clock;
    this.#stores = stores;
    this.#snapshot = new CampaignSnapshot(clock, stores);
    this.#writer = new CampaignWriter({
      database,
      clock,
      stores,
      segments: segments ?? new SegmentService({ database, clock, listener: null }),
      voucherId,
    });
    if (listener) this.#stop = followTopic(listener, CHANNEL, TOPIC, (ids) => this.refresh(ids));
  }

  /** Reads all campaigns; call once before use, after the stores. */
  async load(): Promise<void> {
    await this.refresh();
  }

  async refresh(ids?: readonly string[]): Promise<void> {
    const wanted = ids?.filter(isStorable);
    // What a main's subs count there is part of its terms: never its new version without their new rows.
    const rows = await this.#database.em().find(Campaign, wanted ? { $or: [{ id: { $in: wanted } }, { parentId: { $in: wanted } }] } : {});
    this.#snapshot.remember(rows);
    // A sub has no terms without its main.
    const unknown = rows.flatMap(({ parentId }) => (parentId !== null && !this.#snapshot.row(parentId) ? [parentId] : []));
    if (unknown.length > 0) await this.refresh(unknown);
  }

  /** From memory, with `main` linked and SCHEDULED turned ACTIVE by the calendar; of a voucher issued under `termsVersion` as promised. */
  terms(id: string, termsVersion: number | null = null): CampaignTerms | undefined {
    return this.#snapshot.terms(id, termsVersion);
  }

  /** What `readTerms` has to read before `terms` can tell what was promised under a version. */
  unread(id: string, termsVersion: number | null): VersionKey[] {
    return this.#snapshot.unread(id, termsVersion);
  }

  /** Throws where a version is gone: nothing is decided by other terms than were promised. */
  async readTerms(versions: readonly VersionKey[]): Promise<void> {
    const { pool } = this.#database;
    const rowsOf = async (text: string, values: unknown[]) => (await pool.query(text, values)).rows;
    for (let wanted = versions; wanted.length > 0; ) {
      const contents = await readContents(rowsOf, wanted);
      const gone = wanted.find(({ id, version }) => !contents.has(versionKey(id, version)));
      if (gone) throw new Error(`No version of campaign ${gone.id} is kept that tells of its version ${gone.version}.`);
      wanted = this.#snapshot.rememberOld(contents);
    }
  }

  /** Those that issue vouchers on orders of this store, as far as their own status says; from memory, in the order in which they were made. */
  issuing(storeId: string): readonly IssuingTerms[] {
    return this.#snapshot.issuing.of(storeId).flatMap((id) => {
      const terms = this.#snapshot.terms(id);
      const issuance = this.#snapshot.row(id)?.issuance;
      return terms && issuance ? [{ terms, issuance }] : [];
    });
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
    return this.#changed(await this.#writer.create(actor, draft));
  }

  /** Left out = unchanged, null = cleared. Issued vouchers keep what was promised unless `applyToIssued`. */
  async update(actor: Actor, id: string, patch: CampaignPatch, options: Partial<ChangeOptions> = {}): Promise<CampaignRecord> {
    return this.#changed(await this.#writer.update(actor, id, patch, { applyToIssued: false, expectedVersion: null, ...options }));
  }

  /** Its terms as a new DRAFT, without its codes. */
  async copy(actor: Actor, id: string, wanted: CampaignCopyDraft): Promise<CampaignRecord> {
    return this.#changed(await this.#writer.copy(actor, id, wanted));
  }

  /** SCHEDULED where its first day lies ahead. */
  async activate(actor: Actor, id: string): Promise<CampaignRecord> {
    return this.#changed(await this.#writer.move(actor, id, 'activate'));
  }

  async pause(actor: Actor, id: string): Promise<CampaignRecord> {
    return this.#changed(await this.#writer.move(actor, id, 'pause'));
  }

  /** For good. */
  async end(actor: Actor, id: string): Promise<CampaignRecord> {
    return this.#changed(await this.#writer.move(actor, id, 'end'));
  }

  /** Out of the way: a draft, or one that has ended. */
  async archive(actor: Actor, id: string): Promise<CampaignRecord> {
    return this.#changed(await this.#writer.move(actor, id, 'archive'));
  }

  /** Newest first. */
  async versions(id: string, page: PageRequest): Promise<Page<CampaignVersionRecord>> {
    return listVersions(this.#database.pool, id, page);
  }

  async version(id: string, version: number): Promise<CampaignVersionRecord | null> {
    return isStorable(id) ? readVersion(this.#database.pool, id, version) : null;
  }

  /** In the order of the ids; of a main campaign the sums over its subs. */
  async counts(ids: readonly string[]): Promise<CampaignCounts[]> {
    return readCounts(this.#database.pool, ids);
  }

  /** In the order of the ids. */
  async budgets(ids: readonly string[]): Promise<BudgetUse[]> {
    return readBudgets(this.#database.pool, ids);
  }

  /** In the order of the ids. */
  async limitUses(ids: readonly string[]): Promise<LimitUse[][]> {
    const clockOf = ({ storeIds }: CampaignRecord) => clocksOf(storeIds, this.#stores.all())[0] ?? HOME_CLOCK;
    return readLimitUses(this.#database.pool, await this.byIds(ids), this.#clock.now(), clockOf);
  }

  close(): void {
    this.#stop();
  }

  #changed(rows: readonly Campaign[]): CampaignRecord {
    this.#snapshot.remember(rows);
    return this.recordOf(rows[0] as Campaign);
  }

  #record(id: string): CampaignRecord | null {
    const row = this.#snapshot.row(id);
    return row ? this.recordOf(row) : null;
  }
}
