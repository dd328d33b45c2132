import type { Basket, BasketLine } from '../order/basket.types.ts';
import { compareDecimals, parseDecimal } from '../shared/decimal.ts';
import type { InputFault } from '../shared/errors.ts';
import { grossOf, unitsOf } from './units.ts';

const MAX_LINES = 500;
const MAX_UNITS = 10_000;
const MAX_CODES = 30;
const MAX_KEY_LENGTH = 255;
const MAX_TEXT_LENGTH = 1_000;
const MAX_DECIMAL_LENGTH = 40;
const HOUR_MS = 3_600_000;
const MAX_BACK_MS = 24 * HOUR_MS;
const MAX_AHEAD_MS = HOUR_MS / 12;

type Tell = (path: string, message: string) => void;

/** Faults of form of an order, with paths under `path`; empty = fit to be decided. Run before decide() and priceBasket(), which rely on it. */
export function checkBasket(basket: Basket, path = 'input.order'): InputFault[] {
  const faults: InputFault[] = [];
  const tell: Tell = (at, message) => faults.push({ path: `${path}.${at}`, message });
  checkText(basket.externalId, MAX_KEY_LENGTH, 'externalId', tell);
  checkText(basket.source, MAX_KEY_LENGTH, 'source', tell);
  if (basket.lines.length > MAX_LINES) {
    tell('lines', `An order has at most ${MAX_LINES} lines; this one has ${basket.lines.length}.`);
    return faults;
  }
  const ids = new Set<string>();
  let units = 0;
  let subtotal = 0;
  for (const [index, line] of basket.lines.entries()) {
    const at = `lines[${index}]`;
    if (ids.has(line.id)) tell(`${at}.id`, `Line ids are unique within an order; "${line.id}" comes twice.`);
    ids.add(line.id);
    checkTexts(line, at, tell);
    const gross = checkAmounts(line, at, tell);
    if (gross === null) continue;
    subtotal += gross;
    const before = units;
    units += unitsOf(line.quantity);
    if (before <= MAX_UNITS && units > MAX_UNITS) tell(`${at}.quantity`, `An order has at most ${MAX_UNITS} units.`);
  }
  if (!Number.isSafeInteger(subtotal)) tell('lines', 'The sum of the lines is beyond what can be counted exactly.');
  return faults;
}

function checkTexts(line: BasketLine, at: string, tell: Tell): void {
  checkText(line.id, MAX_KEY_LENGTH, `${at}.id`, tell);
  checkText(line.sku, MAX_KEY_LENGTH, `${at}.sku`, tell);
  if (line.name !== null) checkText(line.name, MAX_TEXT_LENGTH, `${at}.name`, tell, 0);
  if (line.group !== null) checkText(line.group, MAX_KEY_LENGTH, `${at}.group`, tell, 0);
  if (line.brand !== null) checkText(line.brand, MAX_KEY_LENGTH, `${at}.brand`, tell, 0);
}

/** The line's gross, or null where it cannot be told. */
function checkAmounts(line: BasketLine, at: string, tell: Tell): number | null {
  const price = checkAmount(line.unitPrice, `${at}.unitPrice`, tell);
  const discount = checkAmount(line.discount, `${at}.discount`, tell);
  if (line.taxRate !== null && !isBetween(line.taxRate, '0', '100')) tell(`${at}.taxRate`, 'A tax rate is a percentage from 0 to 100.');
  if (!isDecimal(line.quantity) || compareDecimals(line.quantity, '0') <= 0) {
    tell(`${at}.quantity`, 'The quantity must be above zero.');
    return null;
  }
  if (!price) return null;
  const gross = exactGross(line);
  if (gross === null) tell(`${at}.quantity`, 'Price times quantity is beyond what can be counted exactly.');
  else if (discount && line.discount > gross)
    tell(`${at}.discount`, `The discount (${line.discount}) is above the line's gross (${gross}).`);
  return gross;
}

function exactGross(line: BasketLine): number | null {
  try {
    const gross = grossOf(line);
    return Number.isSafeInteger(gross) ? gross : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function checkAmount(minor: number, at: string, tell: Tell): boolean {
  const sound = Number.isSafeInteger(minor) && minor >= 0;
  if (!sound) tell(at, 'An amount is a whole number of minor units from 0 to 9007199254740991.');
  return sound;
}

/** A zero character and half a character are what the database cannot keep. */
export function checkText(text: string, longest: number, at: string, tell: Tell, shortest = 1): void {
  if (text.length < shortest || text.length > longest)
    tell(at, `Between ${shortest} and ${longest} characters are wanted; this has ${text.length}.`);
  if (text.includes('\u0000') || !text.isWellFormed()) tell(at, 'The text holds a zero character or half a character.');
}

const isDecimal = (text: string): boolean => text.length <= MAX_DECIMAL_LENGTH && parseDecimal(text) !== null;

/** Both bounds inclusive. */
export const isBetween = (text: string, low: string, high: string): boolean =>
  isDecimal(text) && compareDecimals(text, low) >= 0 && compareDecimals(text, high) <= 0;

export function checkCodes(codes: readonly string[], path = 'input.codes'): InputFault[] {
  if (codes.length === 0) return [{ path, message: 'At least one code is wanted.' }];
  return codes.length > MAX_CODES ? [{ path, message: `At most ${MAX_CODES} codes go in one request; these are ${codes.length}.` }] : [];
}

export function checkIdempotencyKey(key: string, path = 'input.idempotencyKey'): InputFault[] {
  const faults: InputFault[] = [];
  checkText(key, MAX_KEY_LENGTH, path, (at, message) => faults.push({ path: at, message }));
  return faults;
}

/** A TILL or PUBLIC key may place an order at most 24 h back and 5 min ahead of the hub's clock. */
export function checkPlacedAt(placedAt: number, now: number, path = 'input.order.placedAt'): InputFault[] {
  if (placedAt < now - MAX_BACK_MS) return [{ path, message: 'The order was placed more than 24 hours ago.' }];
  return placedAt > now + MAX_AHEAD_MS ? [{ path, message: 'The order is placed more than 5 minutes ahead.' }] : [];
}
