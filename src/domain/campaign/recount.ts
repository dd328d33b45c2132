import { maxUsesOf } from '../decision/counters.ts';
import type { CampaignTerms } from '../decision/decision.types.ts';
import type { Clock } from '../shared/clock.ts';
import type { StoreService } from '../store/store.service.ts';
import { backfill, type Lacking, manyLack, type RowRunner } from './backfill.ts';
import type { Campaign } from './campaign.entity.ts';
import { CampaignSnapshot } from './campaign-snapshot.ts';
import { readContents } from './campaign-versions.ts';
import { countedIn, freshOf } from './counted.ts';
import { countIssued } from './issued-count.ts';

export interface RecountMeans {
  readonly clock: Clock;
  readonly stores: StoreService;
  voucherId(patternId: number, index: number): string;
}

/** Nothing was done: most of what these campaigns gave is to be counted before everybody is kept waiting. */
export class Precount extends Error {
  readonly lacking: readonly Lacking[];
  constructor(lacking: readonly Lacking[]) {
    super('There is much to be counted before the campaign can be changed.');
    this.lacking = lacking;
  }
}

/** What is counted for the vouchers of one campaign, and how often one is good: what a change may widen. */
interface Counting {
  readonly redeemed: ReadonlySet<string>;
  readonly issued: ReadonlySet<string>;
  readonly uses: readonly [ofCode: number | null, ofWord: number | null];
}

/**
 * Keeps counters and vouchers true through a change of a campaign, of its main and of its sisters: made before the change, carried out
 * after it in the same transaction (docs/reference/campaigns.md).
 */
export class Recount {
  readonly #means: RecountMeans;
  readonly #before: ReadonlyMap<string, Counting>;

  /** `family`: the campaign with its main and all subs of that, as they are before the change. */
  constructor(means: RecountMeans, family: readonly Campaign[]) {
    this.#means = means;
    this.#before = new Map(this.#termsOf(family).map((terms) => [terms.id, countingOf(terms)]));
  }

  /** `family` as it is now; `applied`: what was promised with issued vouchers has changed too. */
  async carryOut(
    run: RowRunner,
    family: readonly Campaign[],
    { applied, precounted }: { applied: boolean; precounted: boolean },
  ): Promise<void> {
    // Of one that is new nothing was issued or redeemed.
    const after = this.#termsOf(family).flatMap((terms) => {
      const was = this.#before.get(terms.id);
      return was ? [{ terms, now: countingOf(terms), was }] : [];
    });
    const issued = after
      .map(({ terms, now, was }) => ({ terms, fresh: freshOf(was.issued, now.issued) }))
      .filter(({ fresh }) => fresh.length > 0);
    if (issued.length > 0) await countIssued(run, issued);
    const uncounted = after
      .map(({ terms, now, was }) => ({ terms, kinds: applied ? [...now.redeemed] : freshOf(was.redeemed, now.redeemed) }))
      .filter(({ kinds }) => kinds.length > 0);
    const reused = after.filter(({ now, was }) => applied || String(now.uses) !== String(was.uses)).map(({ terms }) => terms);
    if (uncounted.length + reused.length === 0 || !(await anyTouched(run, [...uncounted.map(({ terms }) => terms), ...reused]))) return;
    if (!precounted && (await manyLack(run, uncounted))) throw new Precount(uncounted);
    await quieten(run);
    if (uncounted.length > 0) await backfill({ run, voucherId: this.#means.voucherId }, uncounted);
    for (const terms of reused) await this.#setUses(run, family, terms);
  }

  /** Vouchers that nobody issued follow the campaign, issued ones their promise. */
  async #setUses(run: RowRunner, family: readonly Campaign[], { id }: CampaignTerms): Promise<void> {
    const snapshot = new CampaignSnapshot(this.#means.clock, this.#means.stores);
    snapshot.remember(family);
    const versions = await run.query('select distinct terms_version as version from voucher where campaign_id = $1', [id]);
    for (const { version } of versions as { version: number | null }[]) {
      for (let wanted = snapshot.unread(id, version); wanted.length > 0; )
        wanted = snapshot.rememberOld(await readContents((text, values) => run.query(text, values), wanted));
      const terms = snapshot.terms(id, version);
      if (!terms || (terms.incentive && 'giftBalance' in terms.incentive)) continue;
      await run.query(
        // A voucher that was used more often than it is good for now is used up, not overdrawn.
        `update voucher set max_uses = case when given.max is not null then greatest(given.max, uses + holds) end,
           status = case when voucher.status not in ('CREATED', 'ISSUED', 'REDEEMED') then voucher.status
             when given.max is not null and uses >= given.max then 'REDEEMED' when voucher.status = 'REDEEMED' then 'ISSUED' else voucher.status end
         from (select id, case kind when 'SHARED' then $3::int else $2::int end as max from code_pattern) given
         where campaign_id = $1 and given.id = pattern_id and terms_version is not distinct from $4::int and max_uses is distinct from given.max`,
        [id, maxUsesOf(terms, false), maxUsesOf(terms, true), version],
      );
    }
  }

  #termsOf(family: readonly Campaign[]): CampaignTerms[] {
    const snapshot = new CampaignSnapshot(this.#means.clock, this.#means.stores);
    snapshot.remember(family);
    return family.flatMap(({ id, incentive }) => (incentive === null ? [] : (snapshot.terms(id) ?? [])));
  }
}

const countingOf = (terms: CampaignTerms): Counting => ({
  redeemed: countedIn(terms, false),
  issued: countedIn(terms, true),
  uses: [maxUsesOf(terms, false), maxUsesOf(terms, true)],
});

async function anyTouched(run: RowRunner, campaigns: readonly CampaignTerms[]): Promise<boolean> {
  const ids = JSON.stringify(campaigns.map(({ id }) => ({ id })));
  const found = await run.query(
    'select 1 from json_to_recordset($1::json) as given (id text) where exists (select from code_batch where campaign_id = given.id) limit 1',
    [ids],
  );
  return found.length > 0;
}

/**
 * Waits for every redeem, hold and reversal under way and keeps the next ones waiting until this transaction ends: all of them take holds
 * before vouchers, or vouchers alone, and nothing before these. What waited reads the campaign after it, finds another version than it
 * decided on and decides again.
 */
async function quieten(run: RowRunner): Promise<void> {
  await run.query("set local lock_timeout = '10s'", []);
  await run.query('lock table hold, voucher in exclusive mode', []);
}
