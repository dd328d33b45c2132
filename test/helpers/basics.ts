import { pino } from 'pino';
import type { Actor, Role } from '../../src/domain/access/roles.ts';

/** A clock that stands where a test puts it. */
export class TestClock {
  #now: number;
  constructor(at = '2026-05-04T18:00:00.000Z') {
    this.#now = Date.parse(at);
  }
  now(): number {
    return this.#now;
  }
  set(at: string): void {
    this.#now = Date.parse(at);
  }
  /** Later things are later, so that lists have one order. */
  tick(ms = 1): void {
    this.#now += ms;
  }
}

export const silent = pino({ level: 'silent' });

export const actor = (role: Role, storeIds: readonly string[] | null = null): Actor => ({
  id: `key_${role.toLowerCase()}`,
  role,
  storeIds,
  connectionId: null,
  partnerId: null,
});

const PATIENCE_MS = 20_000;
const LOOK_AGAIN_MS = 10;

/** Asks until `look` gives something or no longer throws; what it threw last is what is wrong at the deadline. */
export async function eventually<T>(look: () => Promise<T> | T, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}

/** A seeded source of chance (mulberry32): the same seed, the same run. */
export function chanceOf(seed: number): { next(): number; below(n: number): number; pick<T>(list: readonly T[]): T } {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    pick: (list) => {
      if (list.length === 0) throw new Error('There is nothing to pick from.');
      return list[below(list.length)] as (typeof list)[number];
    },
  };
}
