import type { CampaignTerms } from '../decision/decision.types.ts';
import type { Clock } from '../shared/clock.ts';
import type { StoreService } from '../store/store.service.ts';
import type { Campaign } from './campaign.entity.ts';
import { clocksOf, firstStart } from './campaign.rules.ts';
import type { VersionContent } from './campaign-version.entity.ts';
import { type VersionKey, versionKey } from './campaign-versions.ts';
import { IssuingIndex } from './issuing-index.ts';
import { withPromise } from './promise.ts';

/** Stores may change their business time, so nothing that hangs on it is kept longer. */
const KEPT_MS = 60_000;

interface LinkedTerms {
  readonly terms: CampaignTerms;
  /** When the calendar may change it, epoch ms. */
  readonly until: number;
}

interface PromisedTerms {
  readonly terms: CampaignTerms;
  /** The terms of now that they were made of. */
  readonly live: CampaignTerms;
}

/** Old versions are few that matter at a time; all of them are let go where they grow beyond this. */
const MAX_OLD = 5_000;

/** Campaigns in memory, by id, and the terms made of them. */
export class CampaignSnapshot {
  readonly #clock: Clock;
  readonly #stores: StoreService;
  readonly issuing = new IssuingIndex();
  readonly #rows = new Map<string, Campaign>();
  readonly #subs = new Map<string, Set<string>>();
  readonly #linked = new Map<string, LinkedTerms>();
  readonly #old = new Map<string, VersionContent>();
  readonly #promised = new Map<string, PromisedTerms>();

  constructor(clock: Clock, stores: StoreService) {
    this.#clock = clock;
    this.#stores = stores;
  }

  row(id: string): Campaign | undefined {
    return this.#rows.get(id);
  }

  /** Reads may overtake one another: an older version never replaces a newer. */
  remember(rows: readonly Campaign[]): void {
    for (const row of rows) {
      const known = this.#rows.get(row.id);
      if (known && known.version >= row.version) continue;
      this.#rows.set(row.id, row);
      this.issuing.remember(row);
      if (row.parentId !== null) this.#subs.set(row.parentId, (this.#subs.get(row.parentId) ?? new Set()).add(row.id));
      this.#forget(row);
    }
  }

  /**
   * The terms of now; for a voucher that was issued under `termsVersion`, with what was promised then.
   * Where `unread` names versions the terms of now stand in for them.
   */
  terms(id: string, termsVersion: number | null = null): CampaignTerms | undefined {
    const live = this.#live(id);
    const held = live && this.#heldTo(id, termsVersion);
    if (!live || !held) return live;
    const key = versionKey(id, held.version);
    const known = this.#promised.get(key);
    if (known?.live === live) return known.terms;
    const terms = this.#promise(live, held);
    if (terms !== live) this.#promised.set(key, { terms, live });
    return terms;
  }

  /** What has to be read, and given to `rememberOld`, before `terms` can tell what was promised. */
  unread(id: string, termsVersion: number | null): VersionKey[] {
    const held = this.#heldTo(id, termsVersion);
    if (!held) return [];
    const then = this.#old.get(versionKey(id, held.version));
    if (!then) return [held];
    const main = this.#mainHeldTo(then);
    return main && !this.#old.has(versionKey(main.id, main.version)) ? [main] : [];
  }

  /** Gives back the versions of mains that have to be read with them. */
  rememberOld(contents: ReadonlyMap<string, VersionContent>): VersionKey[] {
    if (this.#old.size + contents.size > MAX_OLD) {
      this.#old.clear();
      this.#promised.clear();
    }
    for (const [key, content] of contents) this.#old.set(key, content);
    return [...contents.values()]
      .flatMap((content) => this.#mainHeldTo(content) ?? [])
      .filter((main) => !this.#old.has(versionKey(main.id, main.version)));
  }

  /** The version to whose promise a voucher is held; null where that is the one of now, its main's included. */
  #heldTo(id: string, termsVersion: number | null): VersionKey | null {
    const row = this.#rows.get(id);
    if (!row || termsVersion === null) return null;
    const version = Math.max(termsVersion, row.promisedFrom);
    return version < row.version ? { id, version } : null;
  }

  /** A change of what a main promises is a version of each of its subs: so a sub's version tells its main's. */
  #mainHeldTo({ parentId, mainVersion }: VersionContent): VersionKey | null {
    return parentId === null ? null : this.#heldTo(parentId, mainVersion ?? 1);
  }

  #promise(live: CampaignTerms, { id, version }: VersionKey): CampaignTerms {
    const then = this.#old.get(versionKey(id, version));
    const mainHeld = then ? this.#mainHeldTo(then) : null;
    const mainThen = mainHeld && this.#old.get(versionKey(mainHeld.id, mainHeld.version));
    if (!then || (mainHeld && !mainThen)) return live;
    const main =
      live.main && mainHeld && mainThen
        ? withPromise(live.main, mainThen, null, { version: mainHeld.version, mainVersion: null })
        : live.main;
    return withPromise(live, then, main, { version, mainVersion: mainHeld?.version ?? null });
  }

  #live(id: string): CampaignTerms | undefined {
    const now = this.#clock.now();
    const known = this.#linked.get(id);
    if (known && now < known.until) return known.terms;
    const row = this.#rows.get(id);
    if (!row) return undefined;
    const main = row.parentId === null ? null : (this.#live(row.parentId) ?? null);
    // A sub whose main is not known yet has no terms: without it, the main's limits would not bind.
    if (row.parentId !== null && !main) return undefined;
    const linked = this.#link(row, main, now);
    this.#linked.set(id, linked);
    return linked.terms;
  }

  #link(row: Campaign, main: CampaignTerms | null, now: number): LinkedTerms {
    const start =
      row.status === 'SCHEDULED' && row.startsOn !== null
        ? firstStart(row.startsOn, clocksOf(row.storeIds, this.#stores.all()))
        : Number.NEGATIVE_INFINITY;
    const mainUntil = (main && this.#linked.get(main.id)?.until) ?? Number.POSITIVE_INFINITY;
    return {
      terms: {
        id: row.id,
        name: row.name,
        version: row.version,
        status: row.status === 'SCHEDULED' && now >= start ? 'ACTIVE' : row.status,
        main,
        storeIds: row.storeIds,
        startsOn: row.startsOn,
        endsOn: row.endsOn,
        incentive: row.incentive,
        conditions: row.conditions,
        limits: row.limits,
        ...(row.parentId === null ? { watched: this.#watched(row.id) } : {}),
        budget: row.budget,
        currency: row.currency,
        stacking: row.stacking,
        distribution: row.distribution,
        taxClass: row.taxClass,
        reversalPolicy: row.reversalPolicy,
        ...(row.issuance && { earned: true }),
      },
      until: Math.min(start > now ? Math.min(start, now + KEPT_MS) : Number.POSITIVE_INFINITY, mainUntil),
    };
  }

  /** What the subs' limits per MAIN_CAMPAIGN count, each once. */
  #watched(mainId: string): NonNullable<CampaignTerms['watched']> {
    const limits = [...(this.#subs.get(mainId) ?? [])]
      .flatMap((id) => this.#rows.get(id)?.limits ?? [])
      .filter((limit) => limit.per === 'MAIN_CAMPAIGN');
    return [...new Map(limits.map(({ counts, period }) => [`${counts} ${period}`, { counts, period }])).values()];
  }

  /** A change of a campaign is one of its main and of its sisters, whose terms hold it. */
  #forget({ id, parentId }: Campaign): void {
    const main = parentId ?? id;
    this.#linked.delete(main);
    for (const sub of this.#subs.get(main) ?? []) this.#linked.delete(sub);
  }
}
