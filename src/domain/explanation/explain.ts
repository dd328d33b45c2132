import { boundLimits, budgetKey, ownersOf } from '../decision/counters.ts';
import type { decide } from '../decision/decide.ts';
import type { AppliedVoucher, CodeOutcome, Decision, DecisionInput } from '../decision/decision.types.ts';
import { redemptionSubjects } from '../decision/limits.ts';
import type { Queued, Turn } from '../decision/order-of-application.ts';
import { priceBasket } from '../decision/price.ts';
import { taxRateOf, unitNumber } from '../decision/units.ts';
import type { Before } from '../decision/watch.ts';
import { bookAmount } from '../redemption/book-amount.ts';
import { differencesOf, sumsDiffer } from './compare.ts';
import type { Difference, ExplainedLimit, ExplainedShare, ExplainedVoucher, Place, RuleCheck, VoucherTrace } from './explanation.types.ts';
import { reckoningOf } from './reckoning.ts';
import type { ReplaySource, StoredRedemption } from './replay-source.ts';
import { CHECKED, combiningChecks } from './rule-checks.ts';

/** What was seen of a decision while it was made again. */
interface Replay {
  readonly input: DecisionInput;
  readonly decision: Decision;
  readonly queue: readonly Queued[];
  readonly turns: ReadonlyMap<string, { readonly turn: Turn; readonly before: Before; readonly standing: number }>;
  /** By code, with a platform's amounts booked. */
  readonly booked: ReadonlyMap<string, CodeOutcome>;
}

export interface Replayed {
  readonly differences: readonly Difference[];
  readonly vouchers: readonly ExplainedVoucher[];
}

/** Decides a stored redeem again and tells how it comes out, step by step. */
export function explainReplay(source: ReplaySource, input: DecisionInput, by: typeof decide): Replayed {
  const replay = replayOf(source, input, by);
  const reckoned = new Map(replay.decision.outcomes.map((outcome) => [outcome.code, outcome]));
  const differences = source.redemptions.flatMap((stored) =>
    differencesOf(stored, reckoned.get(stored.code), replay.booked.get(stored.code)),
  );
  return {
    differences: [...differences, ...(differences.length > 0 ? [] : sumsDiffer(source.checkout.priced, replay.decision.priced))],
    vouchers: source.redemptions.map((stored) => explainedVoucher(stored, replay, source)),
  };
}

function replayOf({ redemptions }: ReplaySource, input: DecisionInput, by: typeof decide): Replay {
  let queue: readonly Queued[] = [];
  const turns = new Map<string, { turn: Turn; before: Before; standing: number }>();
  let standing = input.earlier.reduce((sum, checkout) => sum + checkout.voucherCount, 0);
  const decision = by(input, {
    queued: (list) => {
      queue = list;
    },
    turned: (turn, outcome, before) => {
      turns.set(outcome.code, { turn, before, standing });
      if (outcome.outcome === 'applicable') standing += 1;
    },
  });
  const given = new Map(redemptions.flatMap((stored) => (stored.reckoned === null ? [] : [[stored.code, stored.amount] as const])));
  const booked = new Map(decision.outcomes.map((outcome) => [outcome.code, bookAmount(outcome, given.get(outcome.code), input.counter)]));
  return { input, decision, queue, turns, booked };
}

export function explainedVoucher(stored: StoredRedemption, replay: Replay | null, source: ReplaySource): ExplainedVoucher {
  return {
    redemption: stored,
    step: stored.step,
    campaignName: replay?.turns.get(stored.code)?.turn.candidate.campaign.name ?? null,
    promisedVersion: source.checkout.inputs?.promises?.[stored.code]?.version ?? null,
    reckoned: stored.reckoned,
    trace: replay && traceOf(stored, replay, source),
  };
}

function traceOf(stored: StoredRedemption, replay: Replay, { redemptions, checkout }: ReplaySource): VoucherTrace | null {
  const seen = replay.turns.get(stored.code);
  if (!seen) return null;
  const { input } = replay;
  const earlier = input.earlier.flatMap((checkout) => checkout.applied ?? []);
  const priced = (steps: readonly AppliedVoucher[]) => priceBasket(input.basket, input.store, [...earlier, ...steps]);
  const before = priced(redemptions.filter((other) => other.step < stored.step));
  const reckoning = seen.before.gift && reckoningOf(seen.turn.candidate, seen.before, seen.before.gift);
  return {
    place: placeOf(stored.code, replay.queue),
    checks: checksOf(seen.turn, seen.standing),
    reckoning: reckoning && (stored.kind === 'TENDER' ? { ...reckoning, base: before.due } : reckoning),
    shares: sharesOf(stored, seen.turn, seen.before),
    limits: limitsOf(stored, seen.turn, checkout.inputs?.counters ?? {}),
    before,
    after: priced(redemptions.filter((other) => other.step <= stored.step)),
  };
}

/** Compared with the voucher before it; the first with the one after it. */
function placeOf(code: string, queue: readonly Queued[]): Place {
  const at = queue.findIndex(({ turn }) => turn.candidate.voucher.code === code);
  const own = queue[at];
  const beside = queue[at === 0 ? 1 : at - 1];
  const priority = own?.turn.candidate.campaign.stacking.priority ?? 0;
  const alone = own?.alone ?? null;
  if (!own || !beside) return { because: 'ALONE', beside: null, priority, alone };
  const other = beside.turn.candidate;
  const because =
    own.turn.kind !== beside.turn.kind
      ? 'LEVEL'
      : other.campaign.stacking.priority !== priority
        ? 'PRIORITY'
        : beside.alone !== alone
          ? 'LARGER_DISCOUNT'
          : 'CODE';
  return { because, beside: other.voucher.code, priority, alone };
}

function checksOf(turn: Turn, standing: number): RuleCheck[] {
  const failed = new Map(turn.refusals.failures.map((failure) => [failure.reason, failure.facts]));
  const looked = [
    ...CHECKED.map(({ reason, asked }) => ({ reason, facts: asked(turn.candidate) })),
    ...combiningChecks(turn, standing),
  ].filter(({ reason }) => !failed.has(reason));
  return [
    ...[...failed].map(([reason, facts]) => ({ reason, result: 'NOT_MET' as const, facts })),
    ...looked.map(({ reason, facts }) => ({
      reason,
      result: facts === null ? ('NOT_ASKED' as const) : ('MET' as const),
      facts: facts ?? {},
    })),
  ];
}

/** The shares that were booked, each with what was due on its unit before. */
function sharesOf(stored: StoredRedemption, { candidate: { units, input } }: Turn, { due }: Before): ExplainedShare[] {
  const dueOn = new Map(
    due.map((amount, unit) => [`${units.lines[units.lineOf[unit] ?? 0]?.id}/${unitNumber(units, unit)}`, amount] as const),
  );
  const rates = new Map(units.lines.map((line) => [line.id, taxRateOf(line, input.store)]));
  return stored.allocations.map((share) => ({
    ...share,
    taxRate: rates.get(share.lineId) ?? share.taxRate,
    before: dueOn.get(`${share.lineId}/${share.unit}`) ?? 0,
  }));
}

/** Every ceiling that it took from, with what its sum stood at where it was read. */
function limitsOf(
  stored: StoredRedemption,
  { candidate }: Turn,
  read: Readonly<Record<string, { used: number; held: number }>>,
): ExplainedLimit[] {
  const { campaign, voucher, input, day } = candidate;
  const taken = new Map(stored.taken.map((use) => [use.key, use.delta]));
  const stands = (key: string) => ({ used: read[key]?.used ?? null, held: read[key]?.held ?? null, taken: taken.get(key) ?? 0 });
  const limits = boundLimits(campaign, redemptionSubjects(input, voucher, day), false).map(({ limit, key }) => ({
    ...limit,
    ...stands(key),
  }));
  const budgets = ownersOf(campaign).flatMap((owner) =>
    owner.budget === null
      ? []
      : [
          {
            counts: null,
            per: owner === campaign ? ('CAMPAIGN' as const) : ('MAIN_CAMPAIGN' as const),
            period: 'EVER' as const,
            max: owner.budget,
            ...stands(budgetKey(owner.id)),
          },
        ],
  );
  return [...limits, ...budgets];
}
