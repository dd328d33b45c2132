import { type Applied, type Apply, CallError, type Failure, type Job, type Outcome, path, type Roles } from '@valehub/connector-kit';
import { applicableDiscounts, type ReadOrder } from './client.ts';
import { locate } from './orders.ts';
import * as schemas from './schemas.ts';
import type { settings, ToastCtx } from './settings.ts';

type ApplyRole = Roles<typeof settings>['orders.apply'];
type Found = ReadOrder & { readonly location: string };

const scopes = ['orders:read', 'orders.orders:write', 'orders.discounts:write'];

const refuse = (code: Failure['code'], message: string): never => {
  throw new CallError({ code, message });
};

async function orderOf(ctx: ToastCtx, orderId: string, location: string | undefined): Promise<Found> {
  const found = await locate(ctx, orderId, location);
  return found ?? refuse('NOT_FOUND', `Toast does not know the order ${orderId}.`);
}

/** The discount by which the voucher was taken off, where it was: Toast keeps the code that is sent with it. */
const standing = (order: schemas.Order, code: string, discountGuid: string): schemas.AppliedDiscount | undefined =>
  order.checks
    .flatMap(({ appliedDiscounts }) => appliedDiscounts)
    .find(({ appliedPromoCode, discount }) => appliedPromoCode === code && discount?.guid === discountGuid);

/** The check that the voucher is for: the one with its lines, else the only one that is open. */
function checkFor(order: schemas.Order, lines: Apply['lines']): schemas.Check {
  const live = order.checks.filter((check) => !check.voided && !check.deleted);
  const ids = new Set((lines ?? []).map(({ lineId }) => lineId));
  const meant = live.filter((check) => check.selections.some(({ guid }) => ids.has(guid)));
  const open = (meant.length > 0 ? meant : live).filter(({ paymentStatus }) => paymentStatus === 'OPEN');
  const [one, another] = open;
  if (!one) return refuse('BAD_INPUT', 'The check is paid, and Toast takes a discount on an open check only.');
  return another ? refuse('BAD_INPUT', 'The order has several open checks: say by its lines which one is meant.') : one;
}

/** The open-amount discount that staff has made for vouchers in this restaurant. */
const discountOf = ({ settings: { checkDiscounts } }: ToastCtx, location: string): string =>
  checkDiscounts[location] ??
  refuse(
    'NOT_SUPPORTED',
    `Nobody has said by which discount vouchers are taken off at the restaurant ${location}: enter it under checkDiscounts.`,
  );

async function applyOne(ctx: ToastCtx, { input, location: known }: Job<Apply>): Promise<Applied> {
  if (input.kind === 'TENDER')
    return refuse(
      'NOT_SUPPORTED',
      'Toast takes no foreign payment on a check of its tills; a voucher that pays is used through the tender question.',
    );
  const { order, raw, location } = await orderOf(ctx, input.orderId, known);
  const guid = discountOf(ctx, location);
  const already = standing(order, input.code, guid);
  if (already) return { orderId: order.guid, id: already.guid };
  const check = checkFor(order, input.lines);
  const offered = await applicableDiscounts(ctx, location, raw);
  const fits = offered.some(
    ({ discount, applicableChecks: checks }) => discount.guid === guid && checks.some((one) => !one.guid || one.guid === check.guid),
  );
  if (!fits)
    return refuse(
      'BAD_INPUT',
      `Toast does not offer the discount ${guid} for this check: another one on it excludes it, or it is no open-amount discount of a check.`,
    );
  const after = await ctx.call({
    method: 'POST',
    path: path`/orders/v2/orders/${order.guid}/checks/${check.guid}/appliedDiscounts`,
    location,
    json: [{ discount: { guid }, discountAmount: ctx.money.number(input.amount), appliedPromoCode: input.code }],
    reply: schemas.order,
  });
  return { orderId: order.guid, id: standing(after, input.code, guid)?.guid ?? null };
}

/** After an answer that never came: the code stands on the order, or it does not. */
async function findOne(ctx: ToastCtx, job: Job<Apply>): Promise<Outcome<Applied>> {
  const { order, location } = await orderOf(ctx, job.input.orderId, job.location);
  const already = standing(order, job.input.code, discountOf(ctx, location));
  return already ? { job: job.id, done: { orderId: order.guid, id: already.guid } } : { job: job.id, absent: true };
}

/** Toast has no call for it: staff takes a discount off at the till. What is off already is done. */
async function removeOne(ctx: ToastCtx, { input, location }: Job<Applied>): Promise<null> {
  const { order } = await orderOf(ctx, input.orderId, location);
  const isOn = order.checks.some(
    (check) => !check.voided && !check.deleted && check.appliedDiscounts.some(({ guid }) => guid === input.id),
  );
  return isOn && !order.voided && !order.deleted
    ? refuse('NOT_SUPPORTED', 'Toast has no call that takes a discount off a check: it has to be taken off at the till.')
    : null;
}

export const apply: ApplyRole = {
  apply: {
    scopes,
    oneAtATime: 'target',
    repeat: { find: (ctx, jobs) => Promise.all(jobs.map((job) => findOne(ctx, job))) },
    run: async (ctx, jobs) => ({ outcomes: await Promise.all(jobs.map(async (job) => ({ job: job.id, done: await applyOne(ctx, job) }))) }),
  },
  remove: {
    scopes: ['orders:read'],
    repeat: 'safe',
    run: async (ctx, jobs) => ({
      outcomes: await Promise.all(jobs.map(async (job) => ({ job: job.id, done: await removeOne(ctx, job) }))),
    }),
  },
};
