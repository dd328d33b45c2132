import { CallError, type Failure, failureOfStatus, type JsonBody, path, type Reply, z } from '@valehub/connector-kit';
import { locationOf, type Place, placeHeaders, placesOf } from './places.ts';
import * as schemas from './schemas.ts';
import type { SimphonyCtx } from './settings.ts';

/** Calls about checks pass through the property, where a slow answer is the rule. What the hub reads or does has less than a minute for it. */
const TILL_MS = 40_000;
/** Simphony itself gives up after 60 seconds. */
const LIST_MS = 65_000;
const PAGE = 100;

const EXPIRED: Failure = {
  code: 'BAD_CREDENTIALS',
  message: 'The password of the Simphony API account has expired. Choose a new one in Reporting and Analytics and enter it here.',
};

/** The till is busy with it: the same request is under way, or somebody has the check open. */
const isBusy = ({ code, message }: { readonly code?: string | null | undefined; readonly message?: string | null | undefined }): boolean =>
  code === 'duplicate_request' || /check (is )?open(ed)? (on|by)/i.test(message ?? '');

/** Simphony says what was wrong in problem details, for faults of the till inside them; 521 is its own time-out. */
export function failure(reply: Reply): Failure | undefined {
  const told = schemas.problem.safeParse(reply.body);
  if (told.success && told.data.nextOp === 'expired') return EXPIRED;
  const code = reply.status === 521 ? 'TIMEOUT' : failureOfStatus(reply.status);
  if (code === undefined || reply.status < 400) return undefined;
  const { title, detail, details, message, code: word, posDetails } = told.success ? told.data : { posDetails: [] };
  const [atTill] = posDetails;
  const words = [atTill?.code ?? word, atTill?.message ?? detail ?? details ?? message ?? title].filter((part) => part);
  if (words.length === 0 && reply.status !== 521) return undefined;
  const really = code === 'BAD_INPUT' && posDetails.some(isBusy) ? 'CONFLICT' : code;
  return {
    code: really,
    message: `Simphony answered ${reply.status}${words.length > 0 ? `: ${words.join(', ')}` : ''}`,
    ...(really === 'TIMEOUT' ? { unknown: true } : {}),
  };
}

/** A check with the place where it was found. Undefined where no revenue centre has it. */
export async function findCheck(
  ctx: SimphonyCtx,
  checkRef: string,
): Promise<{ readonly check: schemas.Check; readonly place: Place } | undefined> {
  for (const place of placesOf(ctx)) {
    const answer = await ctx.tryCall({
      path: path`/checks/${checkRef}`,
      headers: placeHeaders(ctx, place),
      location: locationOf(place),
      deadlineMs: TILL_MS,
      reply: schemas.check,
    });
    if (!('failed' in answer)) return { check: answer.value, place };
    if (answer.failed.code !== 'NOT_FOUND') throw new CallError(answer.failed);
  }
  return undefined;
}

/** Of the revenue centre, open and closed, opened at that time or later. Simphony knows no end of the span and no pages. */
export const listChecks = (ctx: SimphonyCtx, place: Place, since: string) =>
  ctx.call({
    path: '/checks',
    // Only to the minute, as in Oracle's examples.
    query: { sinceTime: `${since.slice(0, 16)}Z`, includeClosed: 'true' },
    headers: placeHeaders(ctx, place),
    deadlineMs: LIST_MS,
    reply: schemas.listOf('check', schemas.check),
  });

/** Lists of the organization service come in pages. One that does not know of pages gives the same again, which ends it too. */
async function allOf<T extends { readonly key: string }>(ctx: SimphonyCtx, at: string, name: string, item: z.ZodType<T>): Promise<T[]> {
  const all = new Map<string, T>();
  for (;;) {
    const page = await ctx.call({
      path: at,
      query: { offset: String(all.size), limit: String(PAGE) },
      reply: schemas.listOf(name, item),
    });
    const fresh = page.filter(({ key }) => !all.has(key));
    for (const one of fresh) all.set(one.key, one);
    if (fresh.length === 0 || page.length < PAGE) return [...all.values()];
  }
}

export const getOrganizations = (ctx: SimphonyCtx) => allOf(ctx, '/organizations', 'organization', schemas.organization);

export const getLocations = (ctx: SimphonyCtx) =>
  allOf(ctx, path`/organizations/${ctx.settings.organization}/locations`, 'location', schemas.location);

export const getRevenueCenters = (ctx: SimphonyCtx, locRef: string) =>
  allOf(ctx, path`/organizations/${ctx.settings.organization}/locations/${locRef}/revenueCenters`, 'revenueCenter', schemas.revenueCenter);

/** Adds to an open check; what was sent before stays as it is. Asked twice under one id, Simphony does it once. */
export const postRound = (ctx: SimphonyCtx, place: Place, checkRef: string, round: Readonly<Record<string, JsonBody>>) =>
  ctx.call({
    method: 'POST',
    path: path`/checks/${checkRef}/round`,
    headers: { ...placeHeaders(ctx, place), 'simphony-features': 'detect-duplicate-request' },
    json: round,
    deadlineMs: TILL_MS,
    reply: z.object({ header: z.object({ checkRef: z.string().nullish() }) }),
  });
