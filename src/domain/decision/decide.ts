import { businessDay } from '../shared/business-time.ts';
import { checkCombining, checkLocked } from './combining.ts';
import { boundLimits } from './counters.ts';
import type {
  AllocationShare,
  ApplicableDraft,
  CampaignTerms,
  CodeLookup,
  CodeOutcome,
  Decision,
  DecisionInput,
} from './decision.types.ts';
import { withFirstOrder } from './first-order.ts';
import { findItems, type Gift } from './incentive.ts';
import { checkLimits, checkVoucherUses, meterOver, redemptionCounters, redemptionSubjects } from './limits.ts';
import { nearestBasket } from './nearest-basket.ts';
import { effectOf, giftOf, inOrderOfApplication, type Turn } from './order-of-application.ts';
import { dueBeforeTender, priceUnits } from './price.ts';
import { noRefusals, refuseInto } from './refusals.ts';
import { RULES } from './rules.ts';
import { sumOf, takeApplied, taxRateOf, type Units, unitNumber, unitsOfBasket } from './units.ts';
import type { Watch } from './watch.ts';

/** The order as it stands while the vouchers take their turns. */
interface Desk {
  readonly input: DecisionInput;
  readonly day: string;
  /** As handed in. */
  readonly given: Units;
  /** `due` falls with every voucher taken. */
  readonly units: Units;
  tendered: number;
  readonly accepted: ApplicableDraft[];
  readonly watch: Watch | undefined;
}

/**
 * May these codes be used on this basket, and what do they give? Pure: the same input always gives the same answer.
 * The basket has passed checkBasket. A voucher that is refused takes nothing, neither from the basket nor from a counter.
 */
export function decide(input: DecisionInput, watch?: Watch): Decision {
  const desk = openDesk(input, watch);
  const outcomes: CodeOutcome[] = [];
  const turns: Turn[] = [];
  const seen = new Set<string>();
  for (const lookup of input.lookups) {
    if (seen.has(lookup.code)) continue;
    seen.add(lookup.code);
    if (lookup.found === 'voucher') turns.push(firstLook(desk, lookup, seen.size - 1));
    else outcomes[seen.size - 1] = noVoucher(lookup);
  }
  const queue = inOrderOfApplication(turns, { tendered: 0, open: () => dueBeforeTender(input.basket, input.store, desk.given) });
  watch?.queued(queue);
  for (const { turn } of queue) outcomes[turn.index] = takeTurn(desk, turn);
  return close(desk, outcomes);
}

function openDesk(input: DecisionInput, watch: Watch | undefined): Desk {
  const given = unitsOfBasket(input.basket);
  const applied = input.earlier.flatMap((checkout) => checkout.applied ?? []);
  const units = { ...given, due: given.due.slice() };
  if (applied.length > 0) takeApplied(units, applied);
  const tendered = sumOf(applied.map((voucher) => (voucher.kind === 'TENDER' ? voucher.amount : 0)));
  return { input, day: businessDay(input.placedAt, input.store), given, units, tendered, accepted: [], watch };
}

function close(desk: Desk, outcomes: readonly CodeOutcome[]): Decision {
  const { basket, store, earlier } = desk.input;
  const locks = desk.accepted.some((draft) => draft.kind === 'ORDER_DISCOUNT');
  const locked = locks || earlier.some((checkout) => checkout.lockedDiscounts !== null);
  return {
    outcomes: withFirstOrder(desk.input, outcomes),
    priced: priceUnits(basket, store, desk.units, { tendered: desk.tendered, locked }),
    lockedDiscounts: locks ? Object.fromEntries(basket.lines.map((line) => [line.id, line.discount])) : null,
  };
}

function noVoucher(lookup: Exclude<CodeLookup, { found: 'voucher' }>): CodeOutcome {
  const reason = ({ malformed: 'CODE_MALFORMED', unknown: 'CODE_UNKNOWN', checkFailed: 'CODE_CHECK_FAILED' } as const)[lookup.found];
  return {
    outcome: 'rejected',
    code: lookup.code,
    voucherId: null,
    campaignId: null,
    failures: [{ reason, facts: {} }],
    nearestBasket: null,
  };
}

/** All that can be said of a voucher before it is seen beside the others. */
function firstLook(desk: Desk, { voucher, campaign }: Extract<CodeLookup, { found: 'voucher' }>, index: number): Turn {
  const { input, day, given } = desk;
  const candidate = {
    input,
    voucher,
    campaign,
    day,
    units: given,
    scoped: campaign.incentive === null ? null : findItems(campaign.incentive, given.lines),
    oneCurrency: oneCurrency(input, campaign),
  };
  const refusals = noRefusals();
  const refuse = refuseInto(refusals);
  for (const rule of RULES) rule(candidate, refuse);
  return { index, candidate, refusals, kind: effectOf(candidate) };
}

function oneCurrency({ basket, store }: DecisionInput, campaign: CampaignTerms): boolean {
  const own = campaign.currency ?? store.currency;
  return basket.currency === store.currency && own === store.currency && (campaign.main?.currency ?? own) === own;
}

function takeTurn(desk: Desk, turn: Turn): CodeOutcome {
  const gift = giftOf(turn.candidate, desk.units.due, { tendered: desk.tendered, open: () => openAmount(desk) });
  if (desk.watch === undefined) return settle(desk, turn, gift);
  const before = { due: desk.units.due.slice(), gift };
  const outcome = settle(desk, turn, gift);
  desk.watch.turned(turn, outcome, before);
  return outcome;
}

function settle(desk: Desk, turn: Turn, gift: Gift | null): CodeOutcome {
  const { input, day, accepted } = desk;
  const { voucher, campaign } = turn.candidate;
  const refuse = refuseInto(turn.refusals);
  const subjects = redemptionSubjects(input, voucher, day);
  const bound = boundLimits(campaign, subjects, false);
  checkVoucherUses(input, voucher, campaign, refuse);
  checkLimits(input, campaign, day, bound, gift?.amount ?? null, meterOver(input.counter, accepted), refuse);
  checkCombining(input, campaign, accepted, refuse);
  checkLocked(input, refuse);
  if (gift?.amount === 0) refuse('NO_EFFECT', { name: campaign.name });
  const [headline, ...others] = turn.refusals.failures;
  if (headline !== undefined) {
    const failures = [headline, ...others] as const;
    return {
      outcome: 'rejected',
      code: voucher.code,
      voucherId: voucher.id,
      campaignId: campaign.id,
      failures,
      nearestBasket: nearestBasket(turn.refusals),
    };
  }
  if (gift === null) throw new Error(`Campaign ${campaign.id} has no incentive, yet voucher ${voucher.id} belongs to it.`);
  return accept(desk, turn, gift, redemptionCounters(campaign, subjects, gift.amount, bound));
}

const openAmount = ({ input, units, tendered }: Desk): number => Math.max(0, dueBeforeTender(input.basket, input.store, units) - tendered);

function accept(desk: Desk, turn: Turn, gift: Gift, counters: ApplicableDraft['counters']): ApplicableDraft {
  const { voucher, campaign } = turn.candidate;
  const allocations: AllocationShare[] = [];
  for (let i = 0; i < gift.units.length; i++) {
    const unit = gift.units[i] ?? 0;
    const amount = gift.shares[i] ?? 0;
    const line = desk.units.lines[desk.units.lineOf[unit] ?? 0];
    if (amount === 0 || line === undefined) continue;
    desk.units.due[unit] = (desk.units.due[unit] ?? 0) - amount;
    allocations.push({ lineId: line.id, unit: unitNumber(desk.units, unit), taxRate: taxRateOf(line, desk.input.store), amount });
  }
  if (turn.kind === 'TENDER') desk.tendered += gift.amount;
  const step = desk.accepted.length + 1;
  const draft = {
    outcome: 'applicable',
    code: voucher.code,
    voucher,
    campaign,
    kind: turn.kind,
    amount: gift.amount,
    allocations,
    counters,
    step,
  } as const;
  desk.accepted.push(draft);
  return draft;
}
