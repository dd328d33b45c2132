import type { CampaignTerms } from '../decision/decision.types.ts';
import type { Clock } from '../shared/clock.ts';
import type { StoreService } from '../store/store.service.ts';
import type { Campaign } from './campaign.entity.ts';
import { clocksOf, firstStart } from './campaign.rules.ts';

/** Stores may change their business time, so nothing that hangs on it is kept longer. */
const KEPT_MS = 60_000;

interface LinkedTerms {
  readonly terms: CampaignTerms;
  /** When the calendar may change it, epoch ms. */
  readonly until: number;
}

/** Campaigns in memory, by id, and the terms made of them. */
export class CampaignSnapshot {
  readonly #clock: Clock;
  readonly #stores: StoreService;
  readonly #rows = new Map<string, Campaign>();
  readonly #subs = new Map<string, Set<string>>();
  readonly #linked = new Map<string, LinkedTerms>();

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
      if (row.parentId !== null) this.#subs.set(row.parentId, (this.#subs.get(row.parentId) ?? new Set()).add(row.id));
      this.#forget(row);
    }
  }

  terms(id: string): CampaignTerms | undefined {
    const now = this.#clock.now();
    const known = this.#linked.get(id);
    if (known && now < known.until) return known.terms;
    const row = this.#rows.get(id);
    if (!row) return undefined;
    const main = row.parentId === null ? null : (this.terms(row.parentId) ?? null);
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
