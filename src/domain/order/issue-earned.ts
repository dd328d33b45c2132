import type pg from 'pg';
import type { IssuingTerms } from '../campaign/campaign.service.ts';
import type { CodeService } from '../code/code.service.ts';
import { budgetKey, ownersOf } from '../decision/counters.ts';
import type { CampaignTerms, CounterState, CounterUse, Failure } from '../decision/decision.types.ts';
import { faceValue } from '../decision/face-value.ts';
import { type IssueSetting, issueCounters, issueFailures } from '../decision/issue.ts';
import { orderKeyOf } from '../decision/limits.ts';
import type { LedgerDraft } from '../ledger/ledger.types.ts';
import { writeEvents } from '../ledger/ledger-writer.ts';
import type { RejectionRecord } from '../redemption/redemption.types.ts';
import { writeRejections } from '../rejection/rejection-writer.ts';
import { instantText } from '../shared/clock.ts';
import { later } from '../shared/duration.ts';
import { HubError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { countUses, type Grant, lockCounters, takeVouchers } from '../voucher/voucher-taker.ts';
import { aboutVoucher, orderData } from './earned-vouchers.ts';
import type { SettleWork } from './settle.types.ts';

/** So many vouchers of a campaign that an order has earned and not been given. */
export interface Earning extends IssuingTerms {
  readonly count: number;
}

type Counter = (key: string) => CounterState;

const UNTOUCHED: CounterState = { used: 0, held: 0, heldUntil: null };

/**
 * Issues what the order earned, campaign by campaign in the order of their making, as far as limits and budgets let it. What they do not let
 * is a rejection of the order; it never fails the order. In the order's transaction.
 */
export async function issueEarned(
  client: pg.PoolClient,
  codes: CodeService,
  work: SettleWork,
  earnings: readonly Earning[],
  growth: Grant['growth'],
): Promise<void> {
  const setting = settingOf(work);
  const wanted = earnings.map((earning) => ({ ...earning, uses: issueCounters(earning.terms, setting) }));
  const budgets = earnings.flatMap(({ terms }) => ownersOf(terms).flatMap((owner) => (owner.budget === null ? [] : [budgetKey(owner.id)])));
  const stand = await lockCounters(
    client,
    wanted.flatMap(({ uses }) => uses),
    budgets,
  );
  const counter: Counter = (key) => stand.get(key) ?? UNTOUCHED;
  const events: LedgerDraft[] = [];
  const rejections: RejectionRecord[] = [];
  const counted: CounterUse[] = [];
  for (const earning of wanted) {
    const time = timeOf(earning, work);
    const { count, failures } = countAllowed(earning, setting, counter, time.over);
    const taken = count === 0 ? [] : await take(client, codes, work, { ...earning, count }, growth, time);
    if (taken === null) rejections.push(rejectionOf(work, earning.terms, [{ reason: 'LIMIT_CAMPAIGN', facts: {} }]));
    else if (failures.length > 0) rejections.push(rejectionOf(work, earning.terms, failures));
    for (const { key, delta, max } of earning.uses) {
      const more = delta * (taken?.length ?? 0);
      if (more === 0) continue;
      counted.push({ key, delta: more, max });
      stand.set(key, { ...counter(key), used: counter(key).used + more });
    }
    for (const row of taken ?? []) events.push(issuedEvent(codes, work, earning.terms.id, row, time));
  }
  await countUses(client, counted);
  await writeEvents(client, events);
  await writeRejections(client, rejections, work.actorId);
}

const settingOf = ({ order, store, tillKey }: SettleWork): IssueSetting => ({
  now: Date.parse(order.placedAt),
  clock: store,
  storeId: store.id,
  tillKey,
  orderKey: orderKeyOf(order.source, order.externalId),
  customerId: order.customerId,
});

interface Time {
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  /** When it was over before it began, RFC 3339. */
  readonly over: string | null;
}

/** From the order's moment, by the store's calendar. `validFor` counts from when the voucher begins. */
function timeOf({ issuance }: Earning, { order, store, now }: SettleWork): Time {
  const placedAt = Date.parse(order.placedAt);
  const from = issuance.validAfter === undefined ? placedAt : later(placedAt, issuance.validAfter, store);
  const until = issuance.validFor === undefined ? null : later(from, issuance.validFor, store);
  const validUntil = until === null ? null : instantText(until);
  return {
    validFrom: issuance.validAfter === undefined ? null : instantText(from),
    validUntil,
    over: until !== null && until <= now ? validUntil : null,
  };
}

/** How many may be issued, one after the other, and why no more. */
function countAllowed(
  { terms, count, uses }: Earning & { readonly uses: readonly CounterUse[] },
  setting: IssueSetting,
  counter: Counter,
  over: string | null,
): { readonly count: number; readonly failures: readonly Failure[] } {
  if (over !== null) return { count: 0, failures: [{ reason: 'VOUCHER_EXPIRED', facts: { at: over } }] };
  for (let allowed = 0; allowed < count; allowed += 1) {
    const after: Counter = (key) => {
      const state = counter(key);
      const delta = uses.find((use) => use.key === key)?.delta ?? 0;
      return { ...state, used: state.used + delta * allowed };
    };
    const failures = [...issueFailures(terms, setting, after), ...budgetFailures(terms, counter)];
    if (failures.length > 0) return { count: allowed, failures };
  }
  return { count, failures: [] };
}

/** A voucher that nobody could use is not given: something of each budget must be left, the printed sum where there is one. */
function budgetFailures(terms: CampaignTerms, counter: Counter): Failure[] {
  const required = Math.max(1, faceValue(terms.incentive)?.minor ?? 1);
  return ownersOf(terms).flatMap((owner): Failure[] => {
    if (owner.budget === null) return [];
    const { used, held } = counter(budgetKey(owner.id));
    if (used + held + required <= owner.budget) return [];
    const currency = owner.currency ?? terms.currency;
    const actual = Math.max(0, owner.budget - used - held);
    return [{ reason: 'BUDGET_EXHAUSTED', facts: { name: owner.name, ...(currency === null ? {} : { currency, required, actual }) } }];
  });
}

type Taken = Awaited<ReturnType<typeof takeVouchers>>;

/** null: there is no code left to be had. */
async function take(
  client: pg.PoolClient,
  codes: CodeService,
  { order, now }: SettleWork,
  { terms, count }: Earning,
  growth: Grant['growth'],
  { validFrom, validUntil }: Time,
): Promise<Taken | null> {
  const grant: Grant = {
    campaign: terms,
    count,
    growth,
    customerId: order.customerId,
    validFrom,
    validUntil,
    sourceOrderId: order.id,
    now,
  };
  await client.query('savepoint earned');
  try {
    const taken = await takeVouchers(client, codes, grant);
    await client.query('release savepoint earned');
    return taken;
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    await client.query('rollback to savepoint earned');
    return null;
  }
}

function issuedEvent(
  codes: CodeService,
  work: SettleWork,
  campaignId: string,
  row: Taken[number],
  { validFrom, validUntil }: Time,
): LedgerDraft {
  const { order, actorId, tillKey, now } = work;
  return {
    ...aboutVoucher(codes, order, { ...row, campaignId, customerId: order.customerId }, now),
    type: 'VOUCHER_ISSUED',
    data: { validFrom, validUntil, actorId, tillKey, ...orderData(order) },
  };
}

function rejectionOf({ order, now }: SettleWork, campaign: CampaignTerms, failures: readonly Failure[]): RejectionRecord {
  return {
    id: newId('rejection', now),
    at: instantText(now),
    action: 'ISSUE',
    code: null,
    reason: (failures[0] as Failure).reason,
    failures,
    nearestBasket: null,
    campaignId: campaign.id,
    storeId: order.storeId,
    customerId: order.customerId,
    orderSource: order.source,
    orderExternalId: order.externalId,
  };
}
