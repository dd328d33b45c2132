import type { HubLine } from '@valehub/connector-kit';
import type { Taken } from './discounts.ts';
import type { Check, Selection } from './schemas.ts';
import { amount, type Till } from './till.ts';

/** Sold for what it is worth: no consumption. */
const VALUE = new Set(['TOAST_CARD_SELL', 'TOAST_CARD_RELOAD', 'HOUSE_ACCOUNT_PAY_BALANCE']);

/** What of a check was sold. A voided selection never was. A negative price is no line. */
export const soldOn = (till: Till, check: Check): readonly Selection[] =>
  check.selections.filter((selection) => !selection.voided && amount(till, selection.preDiscountPrice).minor >= 0);

/** Toast adds the taxes of a selection; one of fixed amount is no percentage, and the store's rate has to do. */
function taxRate(till: Till, { appliedTaxes }: Selection): string | undefined {
  const rates = appliedTaxes.map(({ rate, type }) => (type === 'PERCENT' || type == null ? rate : undefined));
  if (rates.some((rate) => rate == null)) return undefined;
  return till.money.addDecimals(rates.map((rate) => `${rate}e2`));
}

type Reference = Selection['item'];

/** The same article in all restaurants of a group, where Toast knows it as such. */
const idOf = (reference: Reference): string | undefined => (reference?.multiLocationId ?? reference?.guid ?? undefined) || undefined;

/** A selection as a line: Toast's `preDiscountPrice` is that of the whole quantity with its modifiers, before tax. */
export function lineOf(till: Till, selection: Selection, taken: Taken | undefined): HubLine {
  const { money, currency } = till;
  const gross = amount(till, selection.preDiscountPrice);
  const name = (selection.displayName ?? '').trim().slice(0, 1000);
  const rate = taxRate(till, selection);
  const group = idOf(selection.itemGroup);
  return {
    id: selection.guid,
    sku: (selection.plu || idOf(selection.item) || name || 'open-item').slice(0, 255),
    ...(name === '' ? {} : { name }),
    ...(group === undefined ? {} : { group }),
    // A dish shared by three guests comes as 0.3333333333333333 of one.
    ...money.units(gross, selection.quantity ?? '1'),
    gross,
    discount: { minor: Math.min(gross.minor, (taken?.own.minor ?? 0) + (taken?.share.minor ?? 0)), currency },
    ...(rate === undefined ? {} : { taxRate: rate }),
    ...(selection.deferred || VALUE.has(selection.selectionType ?? '') ? { gift: true } : {}),
  };
}
