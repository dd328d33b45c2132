import type { Idea } from './platform.ts';

type Dishes = Idea['dishes'];

export const sum = (numbers: readonly number[]): number => numbers.reduce((all, number) => all + number, 0);
export const grossOf = ({ unit, quantity }: Dishes[number]): number => unit * quantity;

/** What the guest pays for it, without a tip. */
export const dueOf = ({ dishes, discount }: Idea): number => sum(dishes.map(grossOf)) - (discount?.amount ?? 0);

/** An amount over the dishes in the measure of their price; the last takes the rest. */
export function sharesOver(dishes: Dishes, amount: number): number[] {
  const all = sum(dishes.map(grossOf));
  const before = dishes.slice(0, -1).map((dish) => Math.floor((amount * grossOf(dish)) / all));
  return [...before, amount - sum(before)];
}
