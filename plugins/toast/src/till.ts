import type { Money, MoneyKit } from '@valehub/connector-kit';

/** How a restaurant's amounts are read: Toast tells no currency with them. */
export interface Till {
  readonly money: MoneyKit;
  readonly currency: string;
  /** What stands in front of its guests' phone numbers. */
  readonly phonePrefix: string | undefined;
}

/** Toast reckons in doubles, so an amount may have more digits than the currency. */
export const amount = ({ money, currency }: Till, decimal: string | null | undefined): Money => money.rounded(decimal ?? '0', currency);

export const total = ({ money, currency }: Till, amounts: readonly Money[]): Money => money.sum(amounts, currency);

export const texts = (...values: readonly (string | null | undefined)[]): string[] =>
  values.filter((value) => value !== null && value !== undefined && value.trim() !== '').map((value) => String(value).slice(0, 1000));

/** E.164 where the country is known, else nothing: a number without it could be anybody's. */
export function phoneOf(till: Till, phone: string | null | undefined, countryCode?: string | null): string | undefined {
  const digits = (phone ?? '').replace(/\D/g, '');
  const prefix = (countryCode ?? till.phonePrefix ?? '').replace(/\D/g, '');
  if (digits === '') return undefined;
  if ((phone ?? '').trim().startsWith('+')) return `+${digits}`;
  return prefix === '' ? undefined : `+${prefix}${digits}`;
}
