import { type Day, type Failure, failureOfStatus, type Identity, type Reply } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { UpserveCtx } from './settings.ts';

const MOST = 100;

/** Upserve's own words beside the code of the table by status. UNVERIFIED: that it has words, and where they stand. */
export function failure(reply: Reply): Failure | undefined {
  const code = failureOfStatus(reply.status);
  const told = schemas.errorMessage.safeParse(reply.body);
  if (code === undefined || !told.success) return undefined;
  const { error_message: message, error, message: other, detail } = told.data;
  const words = message || error || other || detail;
  if (!words) return undefined;
  return { code, message: `Upserve answered ${reply.status}: ${words}`, ...(code === 'TIMEOUT' ? { unknown: true } : {}) };
}

/** The checks of a trading day from a place on. */
export async function checksFrom(
  ctx: UpserveCtx,
  day: Day,
  offset: number,
  limit = MOST,
): Promise<{ readonly checks: readonly schemas.Check[]; readonly next?: number }> {
  const { objects, meta } = await ctx.call({
    path: '/ws/v2/checks.json',
    query: { date: day.replaceAll('-', ''), limit: String(limit), offset: String(offset) },
    reply: schemas.page,
  });
  const next = offset + objects.length;
  // An empty page is the last one, whatever it says: else a list that shrinks meanwhile would be read for ever.
  const isMore = objects.length > 0 && (meta.total_count == null ? Boolean(meta.next) : next < meta.total_count);
  return isMore ? { checks: objects, next } : { checks: objects };
}

export async function checksOf(ctx: UpserveCtx, day: Day): Promise<readonly schemas.Check[]> {
  const all: schemas.Check[] = [];
  for (let offset: number | undefined = 0; offset !== undefined; ) {
    const page: Awaited<ReturnType<typeof checksFrom>> = await checksFrom(ctx, day, offset);
    all.push(...page.checks);
    offset = page.next;
  }
  return all;
}

/** Upserve has no call that says whose the user name is: it is the account, if it may read checks. */
export async function identify(ctx: UpserveCtx): Promise<Identity> {
  const { username } = ctx.settings;
  await checksFrom(ctx, ctx.now().slice(0, 10), 0, 1);
  return { account: username, name: username };
}
