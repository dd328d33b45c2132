import { canonicalJson } from '../../domain/shared/canonical.ts';
import type { ClaimedJob } from './outbox-store.ts';

/** Jobs of one verb on one connection that go out together, and who claimed them. */
export interface Chunk {
  readonly owner: number;
  readonly jobs: readonly [ClaimedJob, ...ClaimedJob[]];
}

/** Jobs that may go out in one call: same connection, verb, location and state to go on from. */
export function grouped(jobs: readonly ClaimedJob[]): readonly [ClaimedJob, ...ClaimedJob[]][] {
  const groups = new Map<string, [ClaimedJob, ...ClaimedJob[]]>();
  for (const job of jobs) {
    const key = canonicalJson([job.connectionId, job.verb, job.location, job.state]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [job]);
    else group.push(job);
  }
  return [...groups.values()];
}

export function cut(jobs: readonly ClaimedJob[], max: number): readonly [ClaimedJob, ...ClaimedJob[]][] {
  const parts: [ClaimedJob, ...ClaimedJob[]][] = [];
  for (let from = 0; from < jobs.length; from += max) {
    const [first, ...others] = jobs.slice(from, from + max);
    if (first !== undefined) parts.push([first, ...others]);
  }
  return parts;
}
