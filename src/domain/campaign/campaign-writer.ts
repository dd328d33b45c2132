import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../database/database.ts';
import { notify, ormRunner } from '../../database/transaction.ts';
import type { Actor } from '../access/roles.ts';
import { writeAudit } from '../audit/audit-writer.ts';
import type { LedgerEventType } from '../ledger/ledger.types.ts';
import { writeEventsAndTell } from '../ledger/ledger-writer.ts';
import type { SegmentService } from '../segment/segment.service.ts';
import { instantText } from '../shared/clock.ts';
import { HubError, notFound } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { isStorable } from '../shared/input-checks.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { precount } from './backfill.ts';
import { Campaign } from './campaign.entity.ts';
import { activated, type CampaignContent, canMove, clocksOf, type Move, newCampaign, statusOn } from './campaign.rules.ts';
import type { CampaignCopyDraft, CampaignDraft, CampaignPatch, CampaignStatus } from './campaign.types.ts';
import { alsoChanged, changedCampaign, checkChangeable, draftOf, statusKept } from './campaign-change.rules.ts';
import { copyDraft, subDraft } from './campaign-copy.rules.ts';
import { changesBetween, contentOf } from './campaign-record.ts';
import { lockCampaign, parentOf, subsOf, usedSoFar } from './campaign-rows.ts';
import { keepVersions } from './campaign-versions.ts';
import { Precount, Recount, type RecountMeans } from './recount.ts';

export const CHANNEL = 'valehub_terms';
export const TOPIC = 'campaign:';

const TOLD: Readonly<Record<Move, LedgerEventType>> = {
  activate: 'CAMPAIGN_ACTIVATED',
  pause: 'CAMPAIGN_PAUSED',
  end: 'CAMPAIGN_ENDED',
  archive: 'CAMPAIGN_ARCHIVED',
};
const LOCK_TIMED_OUT = '55P03';
const TRIES = 5;

interface WriterMeans extends RecountMeans {
  readonly database: Database;
  readonly segments: SegmentService;
}

export interface ChangeOptions {
  /** Vouchers issued so far are held to the campaign as it is after the change. */
  readonly applyToIssued: boolean;
  /** The version that was looked at; null = whichever it is. */
  readonly expectedVersion: number | null;
}

/** One transaction: what it changes is kept as a version, told to the other processes and entered in the trail. */
interface Change {
  readonly em: EntityManager;
  readonly actor: Actor;
  readonly now: number;
  /** What was redeemed is counted for it, but for the last moments. */
  readonly precounted: boolean;
}

/** Changes campaigns. Each gives back the rows it changed, the one it was asked for first. */
export class CampaignWriter {
  readonly #means: WriterMeans;

  constructor(means: WriterMeans) {
    this.#means = means;
  }

  async create(actor: Actor, draft: CampaignDraft): Promise<Campaign[]> {
    const stores = await this.#storesOf(draft.storeIds);
    await this.#segmentsOf(draft);
    return this.#change(actor, async (change) => {
      const parent = draft.parentId ? await lockCampaign(change.em, draft.parentId) : null;
      return this.#add(change, 'createCampaign', newCampaign(draft, stores, parent), parent);
    });
  }

  /** As a DRAFT, without codes; `withSubs`: those of a main that are not archived too. */
  async copy(actor: Actor, id: string, wanted: CampaignCopyDraft): Promise<Campaign[]> {
    return this.#change(actor, async (change) => {
      const original = await change.em.findOne(Campaign, isStorable(id) ? id : '');
      if (!original) throw notFound('campaign', id);
      const parentId = wanted.parentId ?? original.parentId;
      const parent = parentId === null ? null : await lockCampaign(change.em, parentId);
      const draft = copyDraft(draftOf(original, {}), wanted, parentId);
      const rows = await this.#add(change, 'cloneCampaign', newCampaign(draft, this.#known(draft.storeIds), parent), parent);
      const main = rows[0] as Campaign;
      const subs = wanted.withSubs ? await subsOf(change.em, id, false) : [];
      for (const sub of subs.filter(({ status }) => status !== 'ARCHIVED')) {
        const content = newCampaign(subDraft(draftOf(sub, {}), main), this.#known(sub.storeIds), main);
        rows.push(...(await this.#add(change, 'cloneCampaign', content, null)));
      }
      return rows;
    });
  }

  /** Repeated, it changes nothing. CONFLICT where it is impossible. */
  async move(actor: Actor, id: string, move: Move): Promise<Campaign[]> {
    return this.#change(actor, async (change) => {
      const campaign = await lockCampaign(change.em, id);
      const clocks = clocksOf(campaign.storeIds, this.#means.stores.all());
      // One whose last day is over has ended, though nobody said so.
      if (!canMove(move === 'archive' ? statusOn(campaign, change.now, clocks) : campaign.status, move)) return [campaign];
      const before = seenBy(campaign);
      campaign.status = move === 'activate' ? activated(campaign, change.now, clocks) : MOVED_TO[move];
      campaign.version += 1;
      const more = move === 'activate' ? { status: campaign.status } : {};
      await this.#keep(change, [campaign], { operation: `${move}Campaign`, before, after: campaign });
      await tell(change, TOLD[move], campaign, more);
      return [campaign];
    });
  }

  async update(actor: Actor, id: string, patch: CampaignPatch, options: ChangeOptions): Promise<Campaign[]> {
    if (patch.storeIds) await this.#storesOf(patch.storeIds);
    await this.#segmentsOf(patch);
    return this.#change(actor, async (change) => {
      const { em, now } = change;
      const parentId = await parentOf(em, id);
      // The main before its subs: all changes lock in this order.
      const parent = parentId === null ? null : await lockCampaign(em, parentId);
      const campaign = await lockCampaign(em, id);
      checkChangeable(campaign, options.expectedVersion);
      const relatives = await subsOf(em, parent?.id ?? id, parent === null);
      const family = [...(parent ? [parent] : [campaign]), ...relatives];
      const recount = new Recount(this.#means, family);
      const before = seenBy(campaign);
      const after = changedCampaign(campaign, patch, {
        stores: this.#known(patch.storeIds === undefined ? campaign.storeIds : patch.storeIds),
        parent,
        subs: parent ? [] : relatives,
        ...(await usedSoFar(em, family, campaign)),
      });
      em.assign(campaign, after);
      campaign.status = statusKept(campaign, now, clocksOf(campaign.storeIds, this.#means.stores.all()));
      const changes = changesBetween(before, seenBy(campaign));
      const applies = options.applyToIssued && (changes.length > 0 || campaign.promisedFrom < campaign.version);
      if (changes.length === 0 && !applies) return [campaign];
      campaign.version += 1;
      if (applies) campaign.promisedFrom = campaign.version;
      const rows = [campaign, ...alsoChanged(before, campaign, parent, relatives)];
      for (const row of rows.slice(1)) row.version += 1;
      await this.#keep(change, rows, { operation: 'updateCampaign', before, after: campaign });
      await tell(change, 'CAMPAIGN_UPDATED', campaign, { changes, applyToIssued: applies });
      await recount.carryOut(ormRunner(em), family, { applied: applies, precounted: change.precounted });
      return rows;
    });
  }

  async #add(change: Change, operation: string, content: CampaignContent, parent: Campaign | null): Promise<Campaign[]> {
    const { em, now } = change;
    const watched = parent !== null && content.limits.some((limit) => limit.per === 'MAIN_CAMPAIGN');
    const sisters = watched ? await subsOf(em, parent.id, false) : [];
    const recount = watched ? new Recount(this.#means, [parent, ...sisters]) : null;
    const createdAt = new Date(now);
    const campaign = em.create(Campaign, {
      ...content,
      id: newId('campaign', now),
      status: 'DRAFT',
      version: 1,
      promisedFrom: 1,
      createdAt,
    });
    em.persist(campaign);
    // What its sisters must count for it becomes part of the main's terms.
    if (watched) parent.version += 1;
    const rows = watched ? [campaign, parent] : [campaign];
    await this.#keep(change, rows, { operation, before: null, after: campaign });
    await recount?.carryOut(ormRunner(em), [parent as Campaign, ...sisters, campaign], { applied: false, precounted: change.precounted });
    return rows;
  }

  /** Each row's version is kept; the first, which was asked for, is entered in the trail. */
  async #keep(
    { em, actor, now }: Change,
    rows: readonly Campaign[],
    { operation, before, after }: { readonly operation: string; readonly before: Seen | null; readonly after: Campaign },
  ): Promise<void> {
    await em.flush();
    const run = ormRunner(em);
    await keepVersions(run, rows, actor.id, now);
    // Who hears of a main reads its subs as well.
    for (const { id, parentId } of rows) if (!rows.some((main) => main.id === parentId)) await notify(em, CHANNEL, TOPIC + id);
    await writeAudit(run, { at: now, actorId: actor.id, operation, subjectId: after.id, before, after: seenBy(after) });
  }

  async #change(actor: Actor, work: (change: Change) => Promise<Campaign[]>): Promise<Campaign[]> {
    const { database, clock, voucherId } = this.#means;
    let precounted = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await database.em().transactional((em) => work({ em, actor, now: clock.now(), precounted }));
      } catch (error) {
        if (error instanceof Precount) {
          await precount(database.pool, voucherId, error.lacking);
          precounted = true;
          continue;
        }
        const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
        // Somebody who keeps the campaign for an issue may wait for what this one waits for.
        if (attempt < TRIES && (code === '40P01' || code === '40001')) continue;
        if (code !== LOCK_TIMED_OUT) throw error;
        throw new HubError('UNAVAILABLE', 'What is under way with its vouchers does not end. Ask again in a moment.');
      }
    }
  }

  /** Those named, or all; NOT_FOUND names the first that there is not. */
  async #storesOf(storeIds: readonly string[] | null | undefined): Promise<readonly StoreTerms[]> {
    if (!storeIds) return this.#means.stores.list();
    const stores: StoreTerms[] = [];
    for (const id of new Set(storeIds)) {
      const store = await this.#means.stores.get(id);
      if (!store) throw notFound('store', id);
      stores.push(store);
    }
    return stores;
  }

  /** NOT_FOUND names the first segment that there is not. */
  async #segmentsOf({ conditions, issuance }: Pick<CampaignDraft, 'conditions' | 'issuance'>): Promise<void> {
    const named = [conditions, issuance?.conditions].flatMap((asked) => asked?.segmentIds ?? []);
    if (named.length > 0) await this.#means.segments.demand(named);
  }

  /** From memory: those a campaign names were looked up when it did. */
  #known(storeIds: readonly string[] | null | undefined): readonly StoreTerms[] {
    const { stores } = this.#means;
    return storeIds ? storeIds.flatMap((id) => stores.terms(id) ?? []) : stores.all();
  }
}

type Seen = ReturnType<typeof seenBy>;
const seenBy = (row: Campaign) => ({ ...contentOf(row), promisedFrom: row.promisedFrom });

const MOVED_TO: Readonly<Record<Exclude<Move, 'activate'>, CampaignStatus>> = { pause: 'PAUSED', end: 'ENDED', archive: 'ARCHIVED' };

async function tell({ em, actor, now }: Change, type: LedgerEventType, campaign: Campaign, more: Record<string, unknown>): Promise<void> {
  const data = { name: campaign.name, version: campaign.version, ...more, actorId: actor.id };
  await writeEventsAndTell(ormRunner(em), [{ type, at: instantText(now), campaignId: campaign.id, data }]);
}
