import { CallError } from './failure.ts';
import type { Job, Outcome } from './verbs.ts';

/**
 * Works jobs one after the other, for platforms that take one thing at a time. A call that fails is the outcome of its own job;
 * those before it keep theirs, and those after it are still worked.
 */
export async function inTurn<In, Out>(
  jobs: readonly Job<In>[],
  one: (job: Job<In>) => Promise<Outcome<Out>>,
): Promise<readonly Outcome<Out>[]> {
  const outcomes: Outcome<Out>[] = [];
  for (const job of jobs) {
    try {
      outcomes.push(await one(job));
    } catch (cause) {
      if (!(cause instanceof CallError)) throw cause;
      outcomes.push({ job: job.id, failed: cause.failure });
    }
  }
  return outcomes;
}

/** A verb whose work gives what each job has done. */
export const doInTurn = async <In, Out>(jobs: readonly Job<In>[], one: (job: Job<In>) => Promise<Out>) => ({
  outcomes: await inTurn<In, Out>(jobs, async (job) => ({ job: job.id, done: await one(job) })),
});
