import type { Conditions, Incentive, Limit, Scope, TaxClass } from '../campaign/campaign.types.ts';
import { isDay } from '../shared/business-time.ts';
import { compareDecimals } from '../shared/decimal.ts';
import type { InputFault } from '../shared/errors.ts';
import type { Money } from '../shared/money.ts';
import { isBetween } from './check-basket.ts';
import { checkConditions } from './check-conditions.ts';
import { scopeOf } from './incentive.ts';

/** A campaign as it was put in. null = left out. */
export interface TermsInput {
  readonly name: string;
  readonly incentive: Incentive | null;
  readonly conditions: Conditions;
  readonly limits: readonly Limit[];
  readonly budget: Money | null;
  readonly taxClass: TaxClass | null;
  readonly startsOn: string | null;
  readonly endsOn: string | null;
  readonly storeIds: readonly string[] | null;
  /** Currencies of those stores; not looked at where storeIds is null. */
  readonly storeCurrencies: readonly string[];
  /** null = no parent. `isMain`: it has neither an incentive nor a parent. */
  readonly parent: { readonly isMain: boolean; readonly currency: string | null } | null;
}

type Tell = (path: string, message: string) => void;

/** Faults of form of a campaign, with paths under `path`; empty = sound. */
export function checkTerms(terms: TermsInput, path = 'input'): InputFault[] {
  const faults: InputFault[] = [];
  const tell: Tell = (at, message) => faults.push({ path: `${path}.${at}`, message });
  if (terms.name.trim() === '') tell('name', 'A campaign needs a name.');
  checkPlace(terms, tell);
  if (terms.incentive !== null) checkIncentive(terms.incentive, tell);
  checkConditions(terms.conditions, tell);
  for (const [index, limit] of terms.limits.entries()) checkPositive(limit.max, `limits[${index}].max`, tell);
  if (terms.budget !== null) checkPositive(terms.budget.minor, 'budget.minor', tell);
  if (terms.incentive !== null && 'tender' in terms.incentive && terms.taxClass === 'DISCOUNT') {
    tell('taxClass', 'A part payment does not lower the tax base: DISCOUNT cannot be its tax class.');
  }
  checkDates(terms, tell);
  checkCurrency(terms, tell);
  return faults;
}

function checkPlace(terms: TermsInput, tell: Tell): void {
  if (terms.parent !== null && terms.incentive === null) tell('incentive', 'A sub-campaign needs an incentive.');
  if (terms.parent !== null && !terms.parent.isMain)
    tell('parentId', 'The parent must be a main campaign: one without an incentive and without a parent.');
  if (terms.storeIds?.length === 0) tell('storeIds', 'No store is named; leave it out for all stores.');
}

function checkIncentive(incentive: Incentive, tell: Tell): void {
  if ('percentOff' in incentive) {
    const { percent, maximum } = incentive.percentOff;
    if (!isBetween(percent, '0', '100') || compareDecimals(percent, '0') === 0)
      tell('incentive.percentOff.percent', 'A percentage is above 0 and at most 100.');
    if (maximum !== undefined) checkPositive(maximum.minor, 'incentive.percentOff.maximum.minor', tell);
  } else if ('amountOff' in incentive) checkPositive(incentive.amountOff.amount.minor, 'incentive.amountOff.amount.minor', tell);
  else checkPositive(incentive.tender.value.minor, 'incentive.tender.value.minor', tell);
  const scope = scopeOf(incentive);
  if (scope !== undefined) checkScope(scope, `incentive.${'percentOff' in incentive ? 'percentOff' : 'amountOff'}.scope`, tell);
}

function checkScope(scope: Scope, at: string, tell: Tell): void {
  for (const name of ['triggerQuantity', 'applicableQuantity'] as const) {
    const quantity = scope[name];
    if (quantity !== undefined && (!isBetween(quantity, '0', MOST) || compareDecimals(quantity, '0') === 0))
      tell(`${at}.${name}`, 'The quantity must be above zero.');
  }
  if (scope.pick === 'ALL' && scope.applicableQuantity !== undefined)
    tell(`${at}.applicableQuantity`, 'With ALL every unit counts: choose CHEAPEST or DEAREST to pick some.');
  const lists = Object.values(scope.include ?? {}).filter((list) => list !== undefined);
  if (lists.length > 0 && lists.every((list) => list.length === 0))
    tell(`${at}.include`, 'The lists name no item; leave include out for all items.');
}

const MOST = '1000000000';

function checkPositive(value: number, at: string, tell: Tell): void {
  if (!Number.isSafeInteger(value) || value <= 0) tell(at, 'A whole number above zero is wanted.');
}

function checkDates({ startsOn, endsOn }: TermsInput, tell: Tell): void {
  if (startsOn !== null && !isDay(startsOn)) tell('startsOn', 'There is no such day.');
  if (endsOn !== null && !isDay(endsOn)) tell('endsOn', 'There is no such day.');
  if (startsOn !== null && endsOn !== null && endsOn < startsOn) tell('endsOn', 'The last day is before the first.');
}

/** Money values with their paths. */
function moneyOf({ incentive, budget }: TermsInput): { readonly at: string; readonly currency: string }[] {
  const found: { at: string; currency: string }[] = [];
  if (incentive !== null && 'percentOff' in incentive && incentive.percentOff.maximum !== undefined) {
    found.push({ at: 'incentive.percentOff.maximum.currency', currency: incentive.percentOff.maximum.currency });
  }
  if (incentive !== null && 'amountOff' in incentive)
    found.push({ at: 'incentive.amountOff.amount.currency', currency: incentive.amountOff.amount.currency });
  if (incentive !== null && 'tender' in incentive)
    found.push({ at: 'incentive.tender.value.currency', currency: incentive.tender.value.currency });
  if (budget !== null) found.push({ at: 'budget.currency', currency: budget.currency });
  return found;
}

function checkCurrency(terms: TermsInput, tell: Tell): void {
  const currency = currencyOfTerms(terms);
  if (currency === null) return;
  for (const money of moneyOf(terms))
    if (money.currency !== currency) tell(money.at, `A campaign has one currency; this is ${money.currency} beside ${currency}.`);
  const other = terms.storeIds === null ? undefined : terms.storeCurrencies.find((ofStore) => ofStore !== currency);
  if (other !== undefined) tell('storeIds', `A campaign has one currency; a store in ${other} stands beside ${currency}.`);
}

/** The one currency of a sound campaign: its main's, else that of its money values, else of its stores; null where none says one. */
export function currencyOfTerms(terms: TermsInput): string | null {
  const ofStores = terms.storeIds === null ? undefined : terms.storeCurrencies[0];
  return terms.parent?.currency ?? moneyOf(terms)[0]?.currency ?? ofStores ?? null;
}

/** The tax class where none was given. */
export const defaultTaxClass = (incentive: Incentive | null): TaxClass =>
  incentive !== null && 'tender' in incentive ? 'PAYMENT' : 'DISCOUNT';
