import type { Job, Outcome } from '@valehub/connector-kit';

/** One after the other, as Slack's limit wants it. */
export async function inTurn<In, Out>(
  jobs: readonly Job<In>[],
  one: (job: Job<In>) => Promise<Outcome<Out>>,
): Promise<{ outcomes: Outcome<Out>[] }> {
  const outcomes: Outcome<Out>[] = [];
  for (const job of jobs) outcomes.push(await one(job));
  return { outcomes };
}
