import type { Conditions } from '../campaign/campaign.types.ts';
import { isDay } from '../shared/business-time.ts';
import { isStorable } from '../shared/input-checks.ts';
import { conditionFault } from './condition-expression.ts';

const MOST_SEGMENTS = 100;
const MOST_NAMES = 100;
const MOST_NAME = 255;
const MOST_WINDOWS = 100;
const MOST_DAYS = 1_000;
const MOST_AROUND = 366;

/** How a fault is told: a path below the campaign, and what is wrong. */
type Tell = (path: string, message: string) => void;

export function checkConditions(conditions: Conditions, tellUnder: Tell): void {
  const tell: Tell = (at, message) => tellUnder(`conditions.${at}`, message);
  const { minimumOrder, maximumOrder, channels, expression } = conditions;
  if (minimumOrder !== undefined && !isAmount(minimumOrder)) tell('minimumOrder', AMOUNT_WANTED);
  if (maximumOrder !== undefined && !isAmount(maximumOrder)) tell('maximumOrder', AMOUNT_WANTED);
  if (minimumOrder !== undefined && maximumOrder !== undefined && maximumOrder < minimumOrder)
    tell('maximumOrder', 'The maximum is below the minimum.');
  if (channels?.length === 0) tell('channels', 'No channel is named; leave it out for all channels.');
  checkNames('segmentIds', 'segment', conditions.segmentIds, MOST_SEGMENTS, tell);
  checkNames('excludedGroups', 'group', conditions.excludedGroups, MOST_NAMES, tell);
  checkNames('paymentMethods', 'method', conditions.paymentMethods, MOST_NAMES, tell);
  checkWindows(conditions.windows, tell);
  checkDays(conditions.blackoutDays, tell);
  for (const name of ['birthdayWindow', 'anniversaryWindow'] as const) {
    for (const [side, days] of Object.entries(conditions[name] ?? {}))
      if (!Number.isInteger(days) || days < 0 || days > MOST_AROUND)
        tell(`${name}.${side}`, `A number of days from 0 to ${MOST_AROUND} is wanted.`);
  }
  const fault = expression === undefined ? undefined : conditionFault(expression);
  if (fault !== undefined) tell('expression', `${fault.message} (line ${fault.line}, column ${fault.column}).`);
}

const AMOUNT_WANTED = 'An amount is a whole number of minor units, 0 or more.';
const isAmount = (minor: number): boolean => Number.isSafeInteger(minor) && minor >= 0;

function checkNames(at: string, what: string, names: readonly string[] | undefined, most: number, tell: Tell): void {
  if (names === undefined) return;
  if (names.length === 0) tell(at, `No ${what} is named; leave it out instead.`);
  if (names.length > most) tell(at, `At most ${most} entries are taken; these are ${names.length}.`);
  for (const [index, name] of names.slice(0, most).entries()) {
    if (name.trim() === '' || name.length > MOST_NAME || !isStorable(name))
      tell(`${at}[${index}]`, `A line of 1 to ${MOST_NAME} characters is wanted.`);
    else if (names.indexOf(name) < index) tell(`${at}[${index}]`, `"${name}" stands in the list twice.`);
  }
}

function checkWindows(windows: Conditions['windows'], tell: Tell): void {
  if (windows === undefined) return;
  if (windows.length === 0) tell('windows', 'No window is given; leave it out for any time.');
  if (windows.length > MOST_WINDOWS) tell('windows', `At most ${MOST_WINDOWS} windows are taken; these are ${windows.length}.`);
  for (const [index, { weekdays }] of windows.entries())
    if (weekdays.length === 0) tell(`windows[${index}].weekdays`, 'No weekday is named: the window would never open.');
}

function checkDays(days: readonly string[] | undefined, tell: Tell): void {
  if (days === undefined) return;
  if (days.length > MOST_DAYS) tell('blackoutDays', `At most ${MOST_DAYS} days are taken; these are ${days.length}.`);
  for (const [index, day] of days.entries()) if (!isDay(day)) tell(`blackoutDays[${index}]`, 'There is no such day.');
}
