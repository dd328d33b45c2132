import type { Job, Outcome } from '@valehub/connector-kit';

export async function eachOf<In, Out>(
  jobs: readonly Job<In>[],
  one: (job: Job<In>) => Promise<Outcome<Out>>,
): Promise<readonly Outcome<Out>[]> {
  const outcomes: Outcome<Out>[] = [];
  for (const job of jobs) outcomes.push(await one(job));
  return outcomes;
}

export const doEach = async <In, Out>(jobs: readonly Job<In>[], one: (job: Job<In>) => Promise<Out>) => ({
  outcomes: await eachOf<In, Out>(jobs, async (job) => ({ job: job.id, done: await one(job) })),
});
