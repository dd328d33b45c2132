import type { Issuance } from '../campaign/campaign.types.ts';
import { DURATION } from '../shared/duration.ts';
import { checkConditions } from './check-conditions.ts';
import { checkScope } from './check-incentive.ts';
import { MOST_ON_ONE_ORDER } from './earning.ts';

type Tell = (path: string, message: string) => void;

/** Faults of form of what a paid order earns; paths below the campaign. */
export function checkIssuance(issuance: Issuance, isMain: boolean, tell: Tell): void {
  if (isMain) tell('issuance', 'A main campaign has no vouchers of its own: its sub-campaigns issue them.');
  checkConditions(issuance.conditions, (at, message) => tell(`issuance.${at}`, message));
  if (issuance.scope !== undefined) checkScope(issuance.scope, (at, message) => tell(`issuance.${at}`, message));
  checkCount(issuance.count, 'issuance.count', tell);
  if (issuance.maximumPerOrder !== undefined) checkCount(issuance.maximumPerOrder, 'issuance.maximumPerOrder', tell);
  if (issuance.everyAmount !== undefined && (!Number.isSafeInteger(issuance.everyAmount) || issuance.everyAmount <= 0))
    tell('issuance.everyAmount', 'The amount is a whole number of minor units above zero.');
  checkDuration(issuance.validAfter, 'issuance.validAfter', tell);
  checkDuration(issuance.validFor, 'issuance.validFor', tell);
  if (issuance.validFor !== undefined && DURATION.test(issuance.validFor) && !/[1-9]/.test(issuance.validFor))
    tell('issuance.validFor', 'A voucher is good for some time: leave it out for as long as the campaign lasts.');
}

function checkCount(count: number, at: string, tell: Tell): void {
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST_ON_ONE_ORDER) tell(at, `A whole number from 1 to ${MOST_ON_ONE_ORDER}.`);
}

/** As far ahead as a date can be written. */
const MOST_YEARS = 1_000;

function checkDuration(duration: string | undefined, at: string, tell: Tell): void {
  if (duration === undefined) return;
  if (!DURATION.test(duration)) tell(at, 'This is no ISO 8601 duration in whole numbers, such as PT2H or P45D.');
  else if (Number(/(\d+)Y/.exec(duration)?.[1] ?? 0) > MOST_YEARS) tell(at, `At most ${MOST_YEARS} years.`);
}
