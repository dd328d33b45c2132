import { FAILURES, type Fact, type Failure, type Resource } from '@valehub/connector-kit';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';

export interface ReadingAgain {
  readonly runner: ConnectorRunner;
  readonly live: Runnable;
  readonly location: string | undefined;
  readonly background: boolean;
}

/** What came of reading some things again. `left`: what could not be read, and why. */
export interface ReadAgain {
  readonly facts: readonly Fact[];
  readonly left: readonly { readonly id: string; readonly failure: Failure }[];
}

/**
 * Reads things again, as many at once as the connector can. Where one of several makes the platform refuse them all, each is asked for
 * by itself; where the platform is not to be asked now, the rest is left.
 */
export async function readAgain(means: ReadingAgain, resource: Resource, ids: readonly string[]): Promise<ReadAgain> {
  const { runner, live, location, background } = means;
  const max = live.connector.fetch?.[resource]?.max ?? 1;
  const facts: Fact[] = [];
  const left: { id: string; failure: Failure }[] = [];
  const queue = Array.from({ length: Math.ceil(ids.length / max) }, (_, chunk) => ids.slice(chunk * max, (chunk + 1) * max));
  for (let chunk = queue.shift(); chunk !== undefined; chunk = queue.shift()) {
    const ran = await runner.ask(live, { op: 'fetch', resource, ids: chunk }, { location, background });
    if (ran.ok) facts.push(...ran.value);
    else if (FAILURES[ran.failure.code].retry === 'NEVER') {
      if (chunk.length > 1) queue.unshift(...chunk.map((id) => [id]));
      else left.push(...chunk.map((id) => ({ id, failure: ran.failure })));
    } else {
      const { failure } = ran;
      left.push(...[chunk, ...queue].flat().map((id) => ({ id, failure })));
      break;
    }
  }
  return { facts, left };
}

/**
 * "Read this one too" of a page, read now: many at once, and told apart from what is known by what they say. What cannot be read now is
 * left as it is, for the notices to work one by one.
 */
export async function withoutAgain(
  means: Omit<ReadingAgain, 'location'>,
  facts: readonly Fact[],
  location: string | null,
): Promise<readonly Fact[]> {
  const again = facts.filter((fact) => fact.kind === 'again');
  if (again.length === 0) return facts;
  const made: Fact[] = facts.filter((fact) => fact.kind !== 'again');
  const groups = Map.groupBy(again, (fact) => JSON.stringify([fact.resource, fact.location ?? location]));
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const where = first.location ?? location ?? undefined;
    const ids = [...new Set(group.map(({ id }) => id))];
    const { facts: read, left } = await readAgain({ ...means, location: where }, first.resource, ids);
    made.push(...read, ...left.map(({ id }) => ({ ...first, id })));
  }
  return made;
}
