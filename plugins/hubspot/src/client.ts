import { type Call, type Failure, failureOfStatus, type Pace, type Reply, withoutAddresses, type z } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { HubSpotCtx } from './settings.ts';

/** Of every path. */
export const API_VERSION = '2026-03';

/** The kinds of records, as paths name them. The specification of deals writes their type as a number, that of contacts as a word. */
export const CONTACTS = { name: 'contacts', path: `/crm/objects/${API_VERSION}/contacts` } as const;
export const DEALS = { name: 'deals', path: `/crm/objects/${API_VERSION}/0-3` } as const;
export type Kind = typeof CONTACTS | typeof DEALS;

/** Searches alone are counted in points, so all other calls cost none. */
export const ask = <T extends z.ZodType>(ctx: HubSpotCtx, call: Call<T>) => ctx.tryCall({ ...call, cost: call.cost ?? 0 });

/** How long to leave HubSpot alone. It gives no `Retry-After` with 429, so its policy's name has to tell. */
const WAITS: Readonly<Record<string, string>> = { SECONDLY: 'PT1S', TEN_SECONDLY_ROLLING: 'PT10S' };
/** The day turns at midnight in the account's own zone: tried again each hour. */
const TILL_THE_DAY_TURNS = 'PT1H';
/** A record that is written much is locked for two seconds. */
const LOCKED = 423;
/** The account is being moved to another data centre; `Retry-After` says how long. */
const MIGRATING = 477;

function verdict(status: number, policy: string | undefined): Pick<Failure, 'code' | 'wait'> | undefined {
  if (status === LOCKED) return { code: 'RATE_LIMITED', wait: 'PT2S' };
  if (status === MIGRATING) return { code: 'RATE_LIMITED', wait: 'PT1H' };
  if (status === 429 && policy === 'DAILY') return { code: 'QUOTA_SPENT', wait: TILL_THE_DAY_TURNS };
  if (status === 429) return { code: 'RATE_LIMITED', wait: WAITS[policy ?? ''] ?? 'PT10S' };
  if (status === 524) return { code: 'TIMEOUT' };
  const code = failureOfStatus(status);
  return code && { code };
}

/** HubSpot's words for a person, with the rights that are missing. */
function words(told: schemas.ErrorBody): string {
  const scopes = told.errors.flatMap(({ context }) => context?.requiredGranularScopes ?? context?.requiredScopes ?? []);
  return [
    ...(told.category ? [told.category] : []),
    ...(told.message ? [told.message] : []),
    ...(scopes.length > 0 ? [`Needed: ${[...new Set(scopes)].join(', ')}.`] : []),
  ].join(' ');
}

/** The property that HubSpot complains of stands in `context`, or in JSON inside the message. */
export const propertyOf = ({ errors, message }: schemas.ErrorBody): string | undefined =>
  errors.flatMap(({ context, in: at }) => context?.propertyName ?? (at ? [at] : []))[0] ??
  /"name":"([^"]{1,100})"/.exec(message ?? '')?.[1];

export function failure(reply: Reply): Failure | undefined {
  const told = schemas.errorBody.safeParse(reply.body).data;
  const found = verdict(reply.status, told?.policyName);
  if (!found || (!told && found.wait === undefined && found.code !== 'TIMEOUT')) return undefined;
  const { code, wait } = found;
  const path = told && propertyOf(told);
  return {
    code,
    message: withoutAddresses(`HubSpot answered ${reply.status}${told ? ` ${words(told)}` : ''}`.trim()),
    ...(path ? { path } : {}),
    ...(told?.correlationId ? { reference: told.correlationId } : {}),
    ...(wait === undefined || reply.headers['retry-after'] !== undefined ? {} : { wait }),
    ...(code === 'TIMEOUT' ? { unknown: true } : {}),
  };
}

const count = (text: string | undefined): number | undefined => (text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined);

/** Calls by OAuth tell nothing of the day, and searches nothing at all. */
export function pace({ headers, at }: Reply): readonly Pace[] {
  const remaining = count(headers['x-hubspot-ratelimit-remaining']);
  const today = count(headers['x-hubspot-ratelimit-daily-remaining']);
  const interval = count(headers['x-hubspot-ratelimit-interval-milliseconds']) ?? 10_000;
  return [
    ...(remaining === undefined ? [] : [{ limit: 'calls', remaining, restoresAt: new Date(Date.parse(at) + interval).toISOString() }]),
    ...(today === undefined ? [] : [{ limit: 'day', remaining: today }]),
  ];
}
