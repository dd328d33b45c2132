import { atScale, exactDecimal, parseDecimal } from '../shared/decimal.ts';
import type { InputChecks } from '../shared/input-checks.ts';
import { largestRemainder } from '../shared/money.ts';
import type { Funder, FundingShare } from './campaign.types.ts';

/** What one party bears of an amount, in minor units. */
export interface FundedAmount {
  readonly by: Funder;
  readonly name: string | null;
  /** Exact decimal text. */
  readonly percent: string;
  readonly amount: number;
}

const HOUSE_ALONE: readonly FundingShare[] = [{ by: 'HOUSE', percent: '100' }];
const PLACES = 4;
const WHOLE = 100n * 10n ** BigInt(PLACES);
const MAX_SHARES = 10;

/** Percentages above 0 that are 100 together, each party once. */
export function checkFunding(checks: InputChecks, funding: readonly FundingShare[]): void {
  if (funding.length === 0) return;
  if (funding.length > MAX_SHARES) {
    checks.fault('input.funding', `Must have at most ${MAX_SHARES} entries.`);
    return;
  }
  const before = checks.faults.length;
  const seen = new Set<string>();
  for (const [at, { by, name, percent }] of funding.entries()) {
    if (name !== undefined) checks.line(`input.funding[${at}].name`, name, 200);
    if (seen.has(JSON.stringify([by, name]))) checks.fault(`input.funding[${at}]`, 'This party stands in the list twice.');
    seen.add(JSON.stringify([by, name]));
    const faults = checks.faults.length;
    checks.percent(`input.funding[${at}].percent`, percent);
    if (checks.faults.length === faults && weightOf(percent) === 0n) checks.fault(`input.funding[${at}].percent`, 'Must be above 0.');
  }
  if (checks.faults.length > before) return;
  if (funding.reduce((sum, { percent }) => sum + weightOf(percent), 0n) !== WHOLE)
    checks.fault('input.funding', 'The percentages must be 100 together.');
}

const weightOf = (percent: string): bigint => (parseDecimal(percent) ? atScale(exactDecimal(percent), PLACES) : 0n);

/** Who bears how much of an amount; empty funding is the house alone. The sum is the amount. */
export function fundedBy(funding: readonly FundingShare[], amount: number): FundedAmount[] {
  const shares = funding.length > 0 ? funding : HOUSE_ALONE;
  return told(
    shares,
    largestRemainder(
      amount,
      shares.map(({ percent }) => Number(weightOf(percent))),
    ),
  );
}

/**
 * What each party gets back with each of a redemption's reversals, in the order in which they were made. Each is spread over what is
 * left of the parties' shares, so that all parts together are exactly the split of the whole.
 */
export function fundedBack(funding: readonly FundingShare[], amount: number, reversed: readonly number[]): FundedAmount[][] {
  const shares = funding.length > 0 ? funding : HOUSE_ALONE;
  const left = fundedBy(funding, amount).map((share) => share.amount);
  return reversed.map((part) => {
    const back = largestRemainder(part, left);
    for (const [at, minor] of back.entries()) left[at] = (left[at] ?? 0) - minor;
    return told(shares, back);
  });
}

const told = (shares: readonly FundingShare[], amounts: readonly number[]): FundedAmount[] =>
  shares.map(({ by, name, percent }, at) => ({ by, name: name ?? null, percent, amount: amounts[at] ?? 0 }));
