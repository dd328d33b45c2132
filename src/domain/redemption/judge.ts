import type pg from 'pg';
import type { VersionKey } from '../campaign/campaign-versions.ts';
import { maxUsesOf } from '../decision/counters.ts';
import { decide } from '../decision/decide.ts';
import type {
  CampaignTerms,
  CodeLookup,
  CounterState,
  CustomerFacts,
  Decision,
  DecisionInput,
  RejectionDraft,
  VoucherState,
} from '../decision/decision.types.ts';
import { type FactsAsked, factsAsked, type LoadedFacts, tellsOf } from '../decision/facts-asked.ts';
import { overSince } from '../hold/hold-record.ts';
import type { ReasonCode } from '../shared/reasons.ts';
import type { StoreTerms } from '../store/store.types.ts';
import { bookAmount } from './book-amount.ts';
import { heldBasketHash } from './fingerprint.ts';
import type { CodeHit, Prepared } from './prepared.ts';
import type { DecisionState, HoldState } from './state.ts';
import type { Seen } from './stored-inputs.ts';

/** The snapshots and small services that judging needs; none of them waits for anything but `readTerms` and `readFacts`, which are called between two tries. */
export interface JudgeMeans {
  /** For a voucher issued under `termsVersion`, with what was promised then. */
  campaign(id: string, termsVersion?: number | null): CampaignTerms | undefined;
  /** Old versions that `campaign` does not have at hand. */
  unread(id: string, termsVersion: number | null): readonly VersionKey[];
  readTerms(versions: readonly VersionKey[]): Promise<void>;
  readFacts(run: Pick<pg.Pool, 'query'>, item: Prepared, asked: FactsAsked): Promise<LoadedFacts>;
  store(id: string): StoreTerms | undefined;
  lookup(code: string): CodeHit;
  voucherId(patternId: number, index: number): string;
  seal(text: string, context: string): string;
}

export interface Verdict {
  readonly decision: Decision | null;
  readonly rejections: readonly RejectionDraft[];
  /** The hold that is used up or replaced by this. */
  readonly ownHold: HoldState | null;
  /** As it was when this was decided. */
  readonly store: StoreTerms;
  /** What it was decided on; null where nothing was. */
  readonly seen: Seen | null;
}

/** Why a hold cannot be redeemed, for each voucher in it; for a hold that there is not, once and of no voucher. */
function refuseHold(hold: HoldState | undefined, reason: ReasonCode, means: JudgeMeans): RejectionDraft[] {
  const facts = hold && reason === 'HOLD_EXPIRED' ? overSince(hold) : {};
  const refusal = { outcome: 'rejected', failures: [{ reason, facts }], nearestBasket: null } as const;
  if (!hold) return [{ ...refusal, code: '', voucherId: null, campaignId: null }];
  return hold.content.vouchers.map(({ patternId, index, code, campaignId }) => ({
    ...refusal,
    code,
    voucherId: means.voucherId(patternId, index),
    campaignId,
  }));
}

/** Decides one request on the state as it is now. Changes nothing. */
export function judge(prepared: Prepared, state: DecisionState, means: JudgeMeans): Verdict {
  const store = means.store(prepared.order.storeId);
  if (!store) throw new Error(`Store ${prepared.order.storeId} left the snapshot while a request was under way.`);
  let hits = prepared.codes;
  let own = ownHoldOf(prepared, state);
  if (prepared.holdId !== null) {
    const named = state.holds.get(prepared.holdId);
    const open = named?.status === 'ACTIVE' && named.expiresAt > prepared.now;
    const reason = !open ? 'HOLD_EXPIRED' : named.content.basketHash !== heldBasketHash(prepared) ? 'HOLD_MISMATCH' : null;
    if (reason !== null) return { decision: null, rejections: refuseHold(named, reason, means), ownHold: null, store, seen: null };
    own = named as HoldState;
    hits = own.codes.map((code) => means.lookup(code));
  }
  const counters = new Map<string, CounterState>();
  const counter = (key: string) => {
    const stands = state.counter(key, own);
    if (state.counters.has(key)) counters.set(key, stands);
    return stands;
  };
  const lookups = hits.map((hit) => lookupOf(hit, state, means, own, prepared.now));
  const input: DecisionInput = {
    now: prepared.now,
    store,
    basket: prepared.basket,
    placedAt: prepared.placedAt,
    customer: prepared.customer,
    customerFacts: factsOf(prepared, lookups, state),
    payments: prepared.order.payments,
    lookups,
    counter,
    earlier: state.checkoutsOf(prepared.order.source, prepared.order.externalId),
    ownHoldId: own?.id ?? null,
    tillKey: prepared.tillId ?? prepared.actor.id,
    storeName: (id) => means.store(id)?.name ?? id,
  };
  const decided = decide(input);
  const { booked } = prepared;
  const decision =
    booked === null
      ? decided
      : { ...decided, outcomes: decided.outcomes.map((outcome) => bookAmount(outcome, booked[outcome.code], counter)) };
  return {
    decision,
    rejections: decision.outcomes.filter((outcome) => outcome.outcome === 'rejected'),
    ownHold: own,
    store,
    seen: { input, counters, seal: means.seal },
  };
}

/** Nobody's where nobody asks. Where more is asked than is known, the decision is not worth anything until it is. */
function factsOf(prepared: Prepared, lookups: readonly CodeLookup[], state: DecisionState): CustomerFacts | null {
  if (!prepared.customer.given || prepared.customer.unknownId) return null;
  const asked = factsAsked(lookups.flatMap((lookup) => (lookup.found === 'voucher' ? [lookup.campaign] : [])));
  if (asked === null) return null;
  const known = state.facts.get(prepared) ?? prepared.facts;
  if (known !== null && tellsOf(known, asked)) return known.facts;
  state.strangers.set(prepared, asked);
  return null;
}

/** The open hold of this order: a new hold replaces it whatever is in it, a redeem uses it up where it holds one of its codes. */
function ownHoldOf(prepared: Prepared, state: DecisionState): HoldState | null {
  const hold = state.holdOfOrder(prepared.order.source, prepared.order.externalId, prepared.now);
  return hold && (prepared.action === 'HOLD' || prepared.codes.some(({ code }) => hold.codes.includes(code))) ? hold : null;
}

function lookupOf(hit: CodeHit, state: DecisionState, means: JudgeMeans, own: HoldState | null, now: number): CodeLookup {
  if (hit.found !== 'code') return { code: hit.code, found: hit.found };
  const row = state.voucher(hit);
  const campaign = means.campaign(hit.campaignId, row.termsVersion);
  if (!campaign) return { code: hit.code, found: 'unknown' };
  state.unread.push(...means.unread(hit.campaignId, row.termsVersion));
  const maxUses = maxUsesOf(campaign, hit.shared);
  const voucher: VoucherState = {
    id: means.voucherId(hit.patternId, hit.index),
    code: hit.code,
    spaceId: hit.patternId,
    index: hit.index,
    campaignId: hit.campaignId,
    shared: hit.shared,
    status: row.status,
    uses: row.uses,
    maxUses,
    customerId: row.customerId,
    validFrom: row.validFrom,
    validUntil: row.validUntil,
    holds: row.holds > 0 ? holdsOn(hit.code, state, own, now, row.holds) : [],
  };
  return { code: hit.code, found: 'voucher', voucher, campaign };
}

/** One entry a hold. Where the row counts more holds than were read, their end is unknown: as late as a hold can last. */
function holdsOn(
  code: string,
  state: DecisionState,
  own: HoldState | null,
  now: number,
  count: number,
): { id: string; expiresAt: number }[] {
  const found = [...state.holds.values()]
    .filter((hold) => hold.status === 'ACTIVE' && hold.codes.includes(code))
    .map(({ id, expiresAt }) => ({ id, expiresAt }));
  const unread = count - found.length;
  for (let i = 0; i < unread; i += 1) found.push({ id: `unread-${i}`, expiresAt: now + 4 * 3_600_000 });
  return own && !found.some((hold) => hold.id === own.id) && own.codes.includes(code)
    ? [...found, { id: own.id, expiresAt: own.expiresAt }]
    : found;
}

/** Whether an outcome has to say until when something is held of a limit, a budget or a balance. */
export const tellsOfHolds = (outcome: Decision['outcomes'][number] | RejectionDraft): boolean =>
  outcome.outcome === 'rejected' &&
  outcome.failures.some(({ reason, facts }) => isOfCounter(reason) || (reason === 'HELD_ELSEWHERE' && !facts.at));

const isOfCounter = (reason: ReasonCode): boolean => reason.startsWith('LIMIT_') || reason === 'BUDGET_EXHAUSTED';

/** Fills in what was asked of customers and not known. */
export async function meetStrangers(
  run: Pick<pg.Pool, 'query'>,
  strangers: ReadonlyMap<Prepared, FactsAsked>,
  state: DecisionState,
  means: JudgeMeans,
): Promise<void> {
  for (const [item, asked] of strangers) state.facts.set(item, await means.readFacts(run, item, asked));
}
