import type {
  BuyXGetYTerms,
  Incentive,
  IncentiveName,
  IncentiveTerms,
  ItemChoice,
  ItemSelector,
  Scope,
} from '../campaign/incentive.types.ts';
import { compareDecimals } from '../shared/decimal.ts';
import { isBetween } from './check-basket.ts';
import { moneyIn, nameOf } from './incentive.ts';

type Tell = (path: string, message: string) => void;

const MOST = '1000000000';
const MOST_PIECES = 10_000;

/** What of an incentive is wrong apart from its money; `tell` takes paths within the terms. */
const CHECKS: { readonly [Name in IncentiveName]: (terms: IncentiveTerms[Name], tell: Tell) => void } = {
  percentOff: ({ percent, scope }, tell) => {
    checkPercent(percent, 'percent', tell);
    if (scope !== undefined) checkScope(scope, tell);
  },
  amountOff: ({ scope }, tell) => {
    if (scope !== undefined) checkScope(scope, tell);
  },
  specialPrice: ({ scope }, tell) => checkScope(scope, tell),
  freeItem: ({ quantity, scope }, tell) => {
    if (!isAboveZero(quantity)) tell('quantity', QUANTITY_WANTED);
    checkScope(scope, tell);
    if (scope.applicableQuantity !== undefined)
      tell('scope.applicableQuantity', 'How many are free is what quantity says: leave applicableQuantity out.');
    if (scope.pick === 'ALL') tell('scope.pick', 'So many as quantity says are free: choose CHEAPEST or DEAREST.');
  },
  buyXGetY: checkBuyXGetY,
  freeDelivery: ({ items }, tell) => {
    if (items !== undefined)
      checkSelector(items, 'items', 'The lists name no item; leave items out for the lines of group "delivery".', tell);
  },
  tender: () => undefined,
  giftBalance: () => undefined,
};

/** Faults of form of an incentive, with paths beginning at `incentive`. */
export function checkIncentive(incentive: Incentive, tell: Tell): void {
  const name = nameOf(incentive);
  for (const [path, { minor }] of moneyIn(incentive))
    if (!Number.isSafeInteger(minor) || minor <= 0) tell(`incentive.${path}.minor`, 'A whole number above zero is wanted.');
  checkAs(name, incentive, (path, message) => tell(`incentive.${name}.${path}`, message));
}

function checkAs<Name extends IncentiveName>(name: Name, incentive: Incentive, tell: Tell): void {
  CHECKS[name]((incentive as unknown as IncentiveTerms)[name], tell);
}

function checkBuyXGetY({ buyQuantity, getQuantity, maximumTimes, percentOff, buy, get }: BuyXGetYTerms, tell: Tell): void {
  for (const [name, count] of Object.entries({ buyQuantity, getQuantity, maximumTimes }))
    if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= MOST_PIECES))
      tell(name, `A whole number from 1 to ${MOST_PIECES} is wanted.`);
  checkPercent(percentOff, 'percentOff', tell);
  checkChoice(buy, 'buy', tell);
  if (get !== undefined) checkChoice(get, 'get', tell);
}

/** Faults of form of a scope, with paths beginning at `scope`. */
export function checkScope(scope: Scope, tell: Tell): void {
  for (const name of ['triggerQuantity', 'applicableQuantity'] as const) {
    const quantity = scope[name];
    if (quantity !== undefined && !isAboveZero(quantity)) tell(`scope.${name}`, QUANTITY_WANTED);
  }
  if (scope.pick === 'ALL' && scope.applicableQuantity !== undefined)
    tell('scope.applicableQuantity', 'With ALL every unit counts: choose CHEAPEST or DEAREST to pick some.');
  checkChoice(scope, 'scope', tell);
}

function checkChoice({ include }: ItemChoice, at: string, tell: Tell): void {
  if (include !== undefined) checkSelector(include, `${at}.include`, 'The lists name no item; leave include out for all items.', tell);
}

function checkSelector(selector: ItemSelector, at: string, message: string, tell: Tell): void {
  const lists = Object.values(selector).filter((list) => list !== undefined);
  if (lists.length > 0 && lists.every((list) => list.length === 0)) tell(at, message);
}

const QUANTITY_WANTED = 'The quantity must be above zero.';
const isAboveZero = (quantity: string): boolean => isBetween(quantity, '0', MOST) && compareDecimals(quantity, '0') > 0;

function checkPercent(percent: string, at: string, tell: Tell): void {
  if (!isBetween(percent, '0', '100') || compareDecimals(percent, '0') === 0) tell(at, 'A percentage is above 0 and at most 100.');
}

/** Where an incentive names items: each list of skus, groups or brands with its path, beginning at `incentive`. */
export function itemListsOf(incentive: Incentive): { readonly at: string; readonly names: readonly string[] }[] {
  const terms = Object.values(incentive)[0] as { scope?: Scope; buy?: ItemChoice; get?: ItemChoice; items?: ItemSelector };
  const choices = { scope: terms.scope, buy: terms.buy, get: terms.get };
  const selectors = Object.entries(choices).flatMap(([at, choice]) => [
    { at: `${at}.include`, selector: choice?.include },
    { at: `${at}.exclude`, selector: choice?.exclude },
  ]);
  return [...selectors, { at: 'items', selector: terms.items }].flatMap(({ at, selector }) =>
    Object.entries(selector ?? {}).map(([kind, names]) => ({ at: `incentive.${nameOf(incentive)}.${at}.${kind}`, names })),
  );
}
