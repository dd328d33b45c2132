import type { Money, MoneyKit } from '@valehub/connector-kit';

/** How a restaurant's amounts are read: Upserve tells no currency with them. */
export interface Till {
  readonly money: MoneyKit;
  readonly currency: string;
}

/** Rounded, for percentages that a till has reckoned may have more digits than the currency. */
export const amount = ({ money, currency }: Till, decimal: string | null | undefined): Money => money.rounded(decimal ?? '0', currency);

export const cents = ({ currency }: Till, minor: number): Money => ({ minor, currency });

export const sum = (minors: readonly number[]): number => minors.reduce((all, minor) => all + minor, 0);

export const texts = (...values: readonly (string | null | undefined)[]): string[] =>
  values.filter((value) => value !== null && value !== undefined && value.trim() !== '').map((value) => String(value).slice(0, 1000));
