import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { addDays, isDay } from '../shared/business-time.ts';
import { canonicalJson } from '../shared/canonical.ts';
import { badInput, type InputFault } from '../shared/errors.ts';
import { InputChecks, isGiven, isStorable } from '../shared/input-checks.ts';
import type { CustomerDraft, CustomerRecord, CustomerRef } from './customer.types.ts';

/** What a customer is known by; null = not said. */
export interface Identity {
  readonly phone: string | null;
  readonly email: string | null;
}

const E164 = /^\+[1-9]\d{6,14}$/;
const EMAIL = /^[^\s@,;<>"()]+@[^\s@,;<>"()]+\.[^\s@.,;<>"()]+$/;
const MAX_EMAIL = 254;
const FIRST_DAY = '1900-01-01';

/** The one form of a phone number; null where it is no E.164 number of any country. */
function normalPhone(text: string): string | null {
  return E164.test(text) ? (parsePhoneNumberFromString(text, { extract: false })?.number ?? null) : null;
}

/** Lower case; null where it is no e-mail address. */
function normalEmail(text: string): string | null {
  const email = text.normalize('NFC').toLowerCase();
  return email.length <= MAX_EMAIL && EMAIL.test(email) && isStorable(email) ? email : null;
}

/** A reference or draft's identity in its one form. Throws BAD_USER_INPUT with paths under `path`, if there is one. */
export function readIdentity(ref: CustomerRef | CustomerDraft, path: string): Identity {
  const faults: InputFault[] = [];
  const under = path === '' ? '' : `${path}.`;
  const phone = ref.phone ? normalPhone(ref.phone) : null;
  const email = ref.email ? normalEmail(ref.email) : null;
  if (phone === null && isGiven(ref.phone))
    faults.push({ path: `${under}phone`, message: 'Must be a phone number in the form of E.164, such as +34600111222.' });
  if (email === null && isGiven(ref.email)) faults.push({ path: `${under}email`, message: 'Must be an e-mail address.' });
  const [first, ...others] = faults;
  if (first) throw badInput(first, ...others);
  return { phone, email };
}

export const twoPeople = (path: string) => badInput({ path, message: 'These name two different people.' });

/** What else a draft says. `today`: a day that no birthday can lie behind. Throws BAD_USER_INPUT. */
export function checkDetails(draft: CustomerDraft, today: string): void {
  const checks = new InputChecks();
  if (isGiven(draft.name)) checks.line('input.name', draft.name);
  if (draft.groups) checks.lines('input.groups', draft.groups);
  for (const field of ['birthday', 'anniversary'] as const) {
    const day = draft[field];
    if (isGiven(day) && !(isDay(day) && day >= FIRST_DAY && day <= addDays(today, 1)))
      checks.fault(`input.${field}`, `Must be a day from ${FIRST_DAY} to today.`);
  }
  checks.settle();
}

type Told = 'given' | 'changed' | null;

/** What a change of a person's details may tell to others: which, not from what into what. */
export function changesOf(
  before: CustomerRecord | null,
  after: CustomerRecord,
): { before: Record<string, Told> | null; after: Record<string, Told> } {
  const fields = Object.keys(after).filter((name): name is Exclude<keyof CustomerRecord, 'id'> => name !== 'id');
  const told = (value: unknown): Told => (value === null || (Array.isArray(value) && value.length === 0) ? null : 'given');
  const same = (name: keyof CustomerRecord): boolean => canonicalJson(before?.[name] ?? null) === canonicalJson(after[name]);
  const now = (name: keyof CustomerRecord): Told =>
    told(before?.[name] ?? null) && told(after[name]) && !same(name) ? 'changed' : told(after[name]);
  return {
    before: before && Object.fromEntries(fields.map((name) => [name, told(before[name])])),
    after: Object.fromEntries(fields.map((name) => [name, now(name)])),
  };
}
