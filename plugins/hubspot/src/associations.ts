import type { Failure } from '@valehub/connector-kit';
import { failureOf } from './batch.ts';
import { API_VERSION, ask, CONTACTS, DEALS } from './client.ts';
import * as schemas from './schemas.ts';
import type { HubSpotCtx } from './settings.ts';

/** A deal and its contact, for a job. */
export interface Pair {
  readonly job: string;
  readonly from: string;
  readonly to: string;
}

const unsaid: Failure = { code: 'BAD_REPLY', message: 'HubSpot did not say whether the deal was tied to its contact.', unknown: true };

/** Ties deals to contacts by HubSpot's general kind of association; once tied, nothing changes. Gives the jobs that failed. */
export async function associate(ctx: HubSpotCtx, pairs: readonly Pair[]): Promise<ReadonlyMap<string, Failure>> {
  if (pairs.length === 0) return new Map();
  const unique = [...new Map(pairs.map((pair) => [`${pair.from} ${pair.to}`, pair])).values()];
  const answer = await ask(ctx, {
    path: `/crm/associations/${API_VERSION}/${DEALS.name}/${CONTACTS.name}/batch/associate/default`,
    json: { inputs: unique.map(({ from, to }) => ({ from: { id: from }, to: { id: to } })) },
    reply: schemas.associated,
  });
  if ('failed' in answer) return new Map(pairs.map(({ job }) => [job, answer.failed]));
  const tied = new Set(answer.value.results.map(({ from }) => from.id));
  const [error] = answer.value.errors;
  const why = error ? failureOf(error) : unsaid;
  return new Map(pairs.flatMap(({ job, from }) => (tied.has(from) ? [] : [[job, why] as const])));
}
