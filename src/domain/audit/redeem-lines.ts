import type pg from 'pg';
import type { CampaignTerms } from '../decision/decision.types.ts';
import { Where } from '../list/where.ts';
import { instantText } from '../shared/clock.ts';
import { isGiven, isStorable } from '../shared/input-checks.ts';
import type { AuditFilter, AuditRecord } from './audit.types.ts';

// A redeem writes no line of its own, to keep the till waiting for nothing more: who made it stands in its checkout, what it did in
// its redemptions. Their ids begin with the moment they were made (shared/ids.ts), so the newest come by the primary key.

const REDEEM = 'redeem';
const RDM = 'rdm_';
const HEX_OF_TIME = 12;

interface Row {
  readonly id: string;
  readonly at: Date;
  readonly actorId: string | null;
  readonly code: string;
  readonly campaignId: string;
  readonly amount: number;
  readonly currency: string;
  readonly source: string;
  readonly externalId: string;
  readonly shared: boolean;
  readonly maxUses: number | null;
  readonly given: boolean;
  readonly earlier: number;
  readonly standing: number;
}

/** The first id that a redemption made at the millisecond can have. */
const firstAt = (epochMs: number): string => `${RDM}${Math.max(0, epochMs).toString(16).padStart(HEX_OF_TIME, '0')}`;

/** `below`: only redemptions with a smaller id. */
export async function readRedeemLines(
  pool: pg.Pool,
  campaign: (id: string) => CampaignTerms | undefined,
  filter: AuditFilter,
  below: string | null,
  limit: number,
): Promise<AuditRecord[]> {
  if (filter.operations && !filter.operations.includes(REDEEM)) return [];
  const where = redeemsWithin(filter, below);
  const redeems = isGiven(filter.actorIds)
    ? redeemsOf(filter.actorIds, filter, below, limit, where.values)
    : '(select redemption.*, checkout.actor_id from redemption join checkout on checkout.id = redemption.checkout_id)';
  // How often a shared word was used before is not counted: there may be millions.
  const { rows } = await pool.query<Row>(
    `with page as materialized (
       select id, redeemed_at, actor_id, code, campaign_id, amount, currency, order_source, order_external_id, pattern_id, idx
       from ${redeems} redemption where ${where} order by id desc limit ${limit}
     )
     select page.id, page.redeemed_at as "at", page.actor_id as "actorId", page.code, page.campaign_id as "campaignId", page.amount, page.currency,
            page.order_source as source, page.order_external_id as "externalId", code_pattern.kind = 'SHARED' as shared,
            voucher.max_uses as "maxUses", voucher.customer_id is not null as given, coalesce(former.times, 0)::int as earlier, coalesce(former.standing, 0)::int as standing
     from page
     join code_pattern on code_pattern.id = page.pattern_id
     left join voucher on voucher.pattern_id = page.pattern_id and voucher.idx = page.idx
     left join lateral (
       select count(*) as times, count(*) filter (where not undone or page.redeemed_at < (select max(at) from reversal where redemption_id = other.id)) as standing
       from redemption other
       where code_pattern.kind <> 'SHARED' and other.pattern_id = page.pattern_id and other.idx = page.idx and other.id < page.id
     ) former on true
     order by page.id desc`,
    where.values,
  );
  return rows.map((row) => lineOf(row, campaign(row.campaignId)));
}

function redeemsWithin({ subjectId, from, to }: AuditFilter, below: string | null, values: unknown[] = []): Where {
  const where = new Where(values).given('redemption.id = ?', subjectId).given('redemption.id < ?', below);
  if (isGiven(from)) where.and('redemption.id >= ?', firstAt(Date.parse(from)));
  if (isGiven(to)) where.and('redemption.id < ?', firstAt(Date.parse(to)));
  return where;
}

/**
 * The newest of these actors, found by who made the checkout: one who seldom redeems would else be looked for among all redeems there are.
 * A checkout and its redemptions are of one moment, and the last moment is taken whole, as within it they are not in the order of ids.
 */
function redeemsOf(actorIds: readonly string[], filter: AuditFilter, below: string | null, limit: number, values: unknown[]): string {
  const made = new Where(values)
    .raw('made.actor_id = actor.id')
    .given('made.created_at >= ?', filter.from)
    .given('made.created_at < ?', filter.to);
  if (below !== null) made.and('made.created_at <= ?', instantText(Number.parseInt(below.slice(RDM.length, RDM.length + HEX_OF_TIME), 16)));
  return `(
    select newest.* from unnest(${made.place([...new Set(actorIds)].filter(isStorable))}::text[]) as actor (id)
    cross join lateral (
      select redemption.*, made.actor_id from checkout made
      cross join lateral (select * from redemption where redemption.checkout_id = made.id and ${redeemsWithin(filter, below, values)} offset 0) redemption
      where ${made} order by made.created_at desc fetch first ${limit} rows with ties
    ) newest
  )`;
}

/** A gift voucher's status hangs on what was left; how much was spent of it says `amount`. */
function lineOf(row: Row, campaign: CampaignTerms | undefined): AuditRecord {
  const told = row.shared || (campaign?.incentive && 'giftBalance' in campaign.incentive) ? null : row;
  const used = told && told.standing + 1;
  return {
    id: `aud_${row.id.slice(RDM.length)}`,
    at: instantText(row.at.getTime()),
    actorId: row.actorId,
    operation: REDEEM,
    subjectId: row.id,
    before: told && { status: told.earlier > 0 || told.given ? 'ISSUED' : 'CREATED', uses: told.standing },
    after: {
      ...(told && used && { status: told.maxUses !== null && used >= told.maxUses ? 'REDEEMED' : 'ISSUED', uses: used }),
      code: row.code,
      campaignId: row.campaignId,
      amount: { minor: row.amount, currency: row.currency },
      orderSource: row.source,
      orderExternalId: row.externalId,
    },
  };
}
