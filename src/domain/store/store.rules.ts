import { isTimeZone } from '../shared/business-time.ts';
import { normaliseDecimal } from '../shared/decimal.ts';
import { InputChecks } from '../shared/input-checks.ts';
import { LANGUAGES } from '../shared/text-format.ts';
import type { StoreDraft, StorePatch, StoreTerms } from './store.types.ts';

/** What a store is, apart from its id and version. */
export type StoreContent = Omit<StoreTerms, 'id' | 'version'>;

const MAX_VOUCHERS_PER_ORDER = 30;
const MAX_TAX_RATES = 200;
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

const isCurrency = (code: string): boolean => CURRENCIES.has(code);

/** The store a draft asks for, with its defaults. Throws BAD_USER_INPUT. */
export function newStore(draft: StoreDraft): StoreContent {
  return sound({
    name: draft.name,
    timeZone: draft.timeZone ?? 'Europe/Madrid',
    businessDayStart: draft.businessDayStart ?? '04:00',
    currency: draft.currency ?? 'EUR',
    groups: draft.groups ?? [],
    language: draft.language ?? 'es',
    defaultTaxRate: draft.defaultTaxRate ?? '10',
    taxRates: draft.taxRates ?? [],
    maxVouchersPerOrder: draft.maxVouchersPerOrder ?? null,
  });
}

/** The store after a change: what was left out stays, null clears what may be empty. Throws BAD_USER_INPUT. */
export function changedStore(store: StoreContent, patch: StorePatch): StoreContent {
  const checks = new InputChecks();
  const kept = (field: string, value: string | null | undefined, before: string): string => {
    if (value === null) checks.fault(`input.${field}`, 'Cannot be cleared.');
    return value ?? before;
  };
  const after = {
    name: kept('name', patch.name, store.name),
    timeZone: kept('timeZone', patch.timeZone, store.timeZone),
    businessDayStart: kept('businessDayStart', patch.businessDayStart, store.businessDayStart),
    currency: store.currency,
    groups: patch.groups === undefined ? store.groups : (patch.groups ?? []),
    language: kept('language', patch.language, store.language),
    defaultTaxRate: kept('defaultTaxRate', patch.defaultTaxRate, store.defaultTaxRate),
    taxRates: patch.taxRates === undefined ? store.taxRates : (patch.taxRates ?? []),
    maxVouchersPerOrder: patch.maxVouchersPerOrder === undefined ? store.maxVouchersPerOrder : patch.maxVouchersPerOrder,
  };
  return sound(after, checks);
}

function sound(store: StoreContent, checks = new InputChecks()): StoreContent {
  checks.line('input.name', store.name);
  if (!isTimeZone(store.timeZone)) checks.fault('input.timeZone', 'Must be a time zone of the IANA database, such as Europe/Madrid.');
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(store.businessDayStart))
    checks.fault('input.businessDayStart', 'Must be a time from 00:00 to 23:59.');
  if (!isCurrency(store.currency)) checks.fault('input.currency', 'Must be a currency code of ISO 4217, such as EUR.');
  if (!LANGUAGES.some((language) => language === store.language)) checks.fault('input.language', `Must be one of ${LANGUAGES.join(', ')}.`);
  checks.lines('input.groups', store.groups);
  checks.percent('input.defaultTaxRate', store.defaultTaxRate);
  checkTaxRates(checks, store.taxRates);
  if (store.maxVouchersPerOrder !== null) checks.integer('input.maxVouchersPerOrder', store.maxVouchersPerOrder, 1, MAX_VOUCHERS_PER_ORDER);
  checks.settle();
  return {
    ...store,
    defaultTaxRate: normaliseDecimal(store.defaultTaxRate),
    taxRates: store.taxRates.map(({ group, rate }) => ({ group, rate: normaliseDecimal(rate) })),
  };
}

function checkTaxRates(checks: InputChecks, taxRates: StoreTerms['taxRates']): void {
  if (taxRates.length > MAX_TAX_RATES) checks.fault('input.taxRates', `Must have at most ${MAX_TAX_RATES} entries.`);
  else
    taxRates.forEach(({ group, rate }, at) => {
      checks.line(`input.taxRates[${at}].group`, group, 100);
      checks.percent(`input.taxRates[${at}].rate`, rate);
      if (taxRates.findIndex((other) => other.group === group) < at)
        checks.fault(`input.taxRates[${at}].group`, `There is a rate for "${group}" already.`);
    });
}
