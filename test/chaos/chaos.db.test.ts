import { expect, jest, test } from '@jest/globals';
import { booksAgree } from '../helpers/agree.ts';
import { platforms } from './platforms/index.ts';
import { playChaos } from './run.ts';

// Only to end an evening that hangs.
jest.setTimeout(1_800_000);

/** `npm run chaos -- --orders 10000 --seed 1` says otherwise. */
const { chaosOrders = 300, chaosSeeds = [1, 2] } = globalThis as { readonly chaosOrders?: number; readonly chaosSeeds?: readonly number[] };

test.each(chaosSeeds.map((seed) => [seed]))(
  'an evening of misbehaving platforms ends with the hub as they are, to the cent (seed %i)',
  async (seed) => {
    const report = await playChaos({ seed, orders: chaosOrders, platforms, books: booksAgree });
    if ((globalThis as { readonly chaosTold?: boolean }).chaosTold)
      process.stdout.write(`${JSON.stringify({ seed, ...report }, null, 2)}\n`);
    expect(report.differences.slice(0, 20)).toEqual([]);
  },
);
