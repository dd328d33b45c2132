import { CallError, type Failure, failureOfStatus, type Plain, path, type Reply, z } from '@valehub/connector-kit';
import { BULK_COST } from './limits.ts';
import * as schemas from './schemas.ts';
import type { ToastCtx } from './settings.ts';

/** Toast's own words beside the code of the table by status. */
export function failure(reply: Reply): Failure | undefined {
  const code = failureOfStatus(reply.status);
  const told = schemas.errorMessage.safeParse(reply.body);
  if (code === undefined || !told.success) return undefined;
  const [first] = told.data.errors;
  const message = told.data.message ?? told.data.developerMessage ?? first?.message ?? first?.developerMessage;
  if (!message) return undefined;
  const { fieldName, requestId } = told.data;
  // Told with status 400: everything that is asked of this restaurant from now on is in vain.
  const isGone = /Restaurant\b.*\bhas been deleted/i.test(message);
  return {
    code: isGone ? 'TARGET_GONE' : code,
    message: `Toast answered ${reply.status}: ${message}`,
    ...(fieldName ? { path: fieldName } : {}),
    ...(requestId ? { reference: requestId } : {}),
    ...(code === 'TIMEOUT' ? { unknown: true } : {}),
  };
}

/** As it came, and as it is read: what is sent back to Toast must lack nothing. */
export interface ReadOrder {
  readonly raw: { readonly [name: string]: Plain };
  readonly order: schemas.Order;
}

const rawObject = z.record(z.string(), z.json()).transform((raw) => raw as ReadOrder['raw']);

const readOrder = rawObject.transform((raw, issue): ReadOrder => {
  const order = schemas.order.safeParse(raw);
  if (order.success) return { raw, order: order.data };
  for (const { path: at, message } of order.error.issues) issue.addIssue({ code: 'custom', path: [...at], message });
  return z.NEVER;
});

/** Undefined where this restaurant does not have it. */
export async function findOrder(ctx: ToastCtx, guid: string, location: string): Promise<ReadOrder | undefined> {
  const answer = await ctx.tryCall({ path: path`/orders/v2/orders/${guid}`, location, reply: readOrder });
  if (!('failed' in answer)) return answer.value;
  if (answer.failed.code === 'NOT_FOUND') return undefined;
  throw new CallError(answer.failed);
}

/** Orders that were changed in a span of time, the last moment not in it. */
export const changedOrders = (
  ctx: ToastCtx,
  span: { readonly from: string; readonly to: string; readonly page: number; readonly pageSize: number },
): Promise<readonly schemas.Order[]> =>
  ctx.call({
    path: '/orders/v2/ordersBulk',
    query: { startDate: span.from, endDate: span.to, pageSize: String(span.pageSize), page: String(span.page) },
    cost: BULK_COST,
    reply: schemas.orders,
  });

export const getRestaurant = (ctx: ToastCtx, guid: string): Promise<schemas.Restaurant> =>
  ctx.call({ path: path`/restaurants/v1/restaurants/${guid}`, location: guid, reply: schemas.restaurant });

/** The restaurants of a group. A partner's client may read its own restaurants only: then there is nobody else. */
export async function groupOf(ctx: ToastCtx, group: string, member: string): Promise<readonly string[]> {
  const answer = await ctx.tryCall({ path: path`/restaurants/v1/groups/${group}/restaurants`, location: member, reply: schemas.group });
  if (!('failed' in answer)) return answer.value.map(({ guid }) => guid);
  if (answer.failed.code === 'FORBIDDEN_SCOPE' || answer.failed.code === 'NOT_FOUND') return [member];
  throw new CallError(answer.failed);
}

/** All pages; Toast names the next one in a header. */
export async function getDiscounts(ctx: ToastCtx, location: string): Promise<z.output<typeof schemas.discounts>> {
  const all: z.output<typeof schemas.discounts> = [];
  for (let pageToken: string | undefined, first = true; first || pageToken !== undefined; first = false) {
    const query = pageToken === undefined ? {} : { pageToken };
    const answer = await ctx.tryCall({ path: '/config/v2/discounts', query, location, reply: schemas.discounts });
    if ('failed' in answer) throw new CallError(answer.failed);
    all.push(...answer.value);
    pageToken = answer.headers['toast-next-page-token'] || undefined;
  }
  return all;
}

/** The discounts that Toast would take for the order as it stands. */
export const applicableDiscounts = (ctx: ToastCtx, location: string, raw: ReadOrder['raw']) =>
  ctx.call({
    method: 'POST',
    path: '/orders/v2/applicableDiscounts',
    location,
    json: { order: raw },
    reply: schemas.applicable,
  });
