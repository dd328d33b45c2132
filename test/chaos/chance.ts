import { chanceOf } from '../helpers/basics.ts';

/** FNV-1a of a text, mixed with a seed. */
function hashOf(seed: number, text: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
}

export type Chance = ReturnType<typeof chanceOf>;

/** The chance of one thing, named by a text: the same seed and name give the same, whatever happened before and at once. */
export const chanceFor = (seed: number, name: string): Chance => chanceOf(hashOf(seed, name));

export interface Weighted<T> {
  readonly what: T;
  /** Of a thousand. */
  readonly weight: number;
}

/** One of them, or none: their weights need not make up the thousand. */
export function drawn<T>(chance: Chance, list: readonly Weighted<T>[]): T | undefined {
  let left = chance.next() * 1_000;
  return list.find(({ weight }) => {
    left -= weight;
    return left < 0;
  })?.what;
}
