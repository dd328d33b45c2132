import type { Conditions, Limit, TaxClass } from '../campaign/campaign.types.ts';
import type { Incentive } from '../campaign/incentive.types.ts';
import { isDay } from '../shared/business-time.ts';
import type { InputFault } from '../shared/errors.ts';
import type { Money } from '../shared/money.ts';
import { checkConditions } from './check-conditions.ts';
import { checkIncentive } from './check-incentive.ts';
import { isTender, kindOf, moneyIn } from './incentive.ts';

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
  if (terms.taxClass === 'DISCOUNT' && defaultTaxClass(terms.incentive) !== 'DISCOUNT')
    tell('taxClass', 'A part payment does not lower the tax base: DISCOUNT cannot be its tax class.');
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
  if (incentive !== null) for (const [path, { currency }] of moneyIn(incentive)) found.push({ at: `incentive.${path}.currency`, currency });
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
export function defaultTaxClass(incentive: Incentive | null): TaxClass {
  if (incentive === null || kindOf(incentive) !== 'TENDER') return 'DISCOUNT';
  return isTender(incentive) ? 'PAYMENT' : 'MULTI_PURPOSE';
}
