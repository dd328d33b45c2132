import { expect, test } from '@jest/globals';
import { CallError } from './failure.ts';
import { doInTurn } from './in-turn.ts';

const jobs = ['a', 'b', 'c'].map((id) => ({ id, key: id, input: id }));

test('a call that fails is the outcome of its own job only, and the jobs are worked in their order', async () => {
  const worked: string[] = [];
  const failure = { code: 'NOT_FOUND', message: 'There is no b.' } as const;
  const { outcomes } = await doInTurn(jobs, ({ input }) => {
    worked.push(input);
    return input === 'b' ? Promise.reject(new CallError(failure)) : Promise.resolve(input.toUpperCase());
  });
  expect(worked).toEqual(['a', 'b', 'c']);
  expect(outcomes).toEqual([
    { job: 'a', done: 'A' },
    { job: 'b', failed: failure },
    { job: 'c', done: 'C' },
  ]);
});

test('an author’s mistake is not hidden as a failed call', async () => {
  await expect(doInTurn(jobs, () => Promise.reject(new TypeError('a mistake')))).rejects.toThrow(TypeError);
});
