import type { Line } from './words.ts';

const HOUR = 3_600_000;

/** Spreads an amount by weight: each its share cut off, the cents left to the largest rests, the first of equals. */
export function spread(amount: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return weights.map(() => 0);
  const exact = weights.map((weight, place) => ({ place, cents: Math.floor((amount * weight) / total), rest: (amount * weight) % total }));
  const shares = exact.map(({ cents }) => cents);
  const left = amount - shares.reduce((sum, share) => sum + share, 0);
  for (const { place } of [...exact].sort((a, b) => b.rest - a.rest || a.place - b.place).slice(0, left))
    shares[place] = (shares[place] ?? 0) + 1;
  return shares;
}

/** A whole percentage, halves up. */
export const percentOf = (sum: number, percent: number): number => Math.floor((2 * sum * percent + 100) / 200);

export interface Unit {
  readonly line: string;
  /** From 1. */
  readonly unit: number;
  due: number;
}

/** Each piece with what is due on it after given line discounts. */
export const unitsOf = (lines: readonly Line[]): Unit[] =>
  lines.flatMap(({ id, quantity, price, discount }) => {
    const given = spread(discount, new Array<number>(quantity).fill(1));
    return given.map((off, at) => ({ line: id, unit: at + 1, due: price - off }));
  });

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** The business day in Madrid, which begins at four. */
export function dayOf(at: number): string {
  const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Madrid', dateStyle: 'short', timeStyle: 'short' }).format(at);
  const [date = '', time = ''] = wall.split(' ');
  return time >= '04:00' ? date : plusDays(date, -1);
}

export const plusDays = (day: string, days: number): string => new Date(Date.parse(day) + days * 24 * HOUR).toISOString().slice(0, 10);

/** The Monday of its week. */
export const weekOf = (day: string): string => plusDays(day, -((new Date(day).getUTCDay() + 6) % 7));
