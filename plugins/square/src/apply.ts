import { type Applied, type Apply, CallError, doInTurn, inTurn, type Job, type JsonBody, path, type Verb, z } from '@valehub/connector-kit';
import { getOrder } from './client.ts';
import { CODE } from './normalise.ts';
import type { Order } from './schemas.ts';
import type { SquareCtx, settings } from './settings.ts';

/** Who puts a discount on an order chooses its id there: the job's key, with a number for each further line. */
const uidOf = (key: string): string => key.replaceAll(/[^\w-]/g, '_');
const isOurs = (uid: string, own: string): boolean => uid === own || uid.startsWith(`${own}-`);
const isOn = (order: Order, key: string): boolean => order.discounts.some(({ uid }) => isOurs(uid, uidOf(key)));

async function orderOf(ctx: SquareCtx, id: string): Promise<Order> {
  const order = await getOrder(ctx, id);
  if (!order) throw new CallError({ code: 'NOT_FOUND', message: `Square does not know the order ${id}.`, path: 'orderId' });
  return order;
}

/** The version that a change has to name. Orders that the till has made have none for other programs. */
function versionOf({ version, state }: Order): number {
  if (version === null || version === undefined)
    throw new CallError({
      code: 'NOT_SUPPORTED',
      message: 'This order was made at the till of Square, which lets no other program change it. Give the discount at the till.',
    });
  if (state === 'OPEN' || state === 'DRAFT') return version;
  throw new CallError({ code: 'BAD_INPUT', message: 'The order is closed, and Square changes it no more.', path: 'orderId' });
}

const change = (ctx: SquareCtx, order: Order, key: string, changes: Readonly<Record<string, JsonBody>>, clear: readonly string[] = []) => {
  const version = versionOf(order);
  return ctx.call({
    method: 'PUT',
    path: path`/v2/orders/${order.id}`,
    json: {
      // Another version is another change, so that a conflict is not answered with the refusal of the first attempt for ever.
      idempotency_key: `${key}-${version}`,
      order: { ...(order.location_id ? { location_id: order.location_id } : {}), version, ...changes },
      ...(clear.length > 0 ? { fields_to_clear: [...clear] } : {}),
    },
    reply: z.object({ order: z.object({ id: z.string() }) }),
  });
};

/** A discount for the whole order, or one for each line with its part. */
function changesOf({ key, input: { amount, code, name, lines } }: Job<Apply>): Readonly<Record<string, JsonBody>> {
  const discount = (uid: string, minor: number, scope: string) => ({
    uid,
    name: name.slice(0, 255),
    type: 'FIXED_AMOUNT',
    amount_money: { amount: minor, currency: amount.currency },
    scope,
    metadata: { [CODE]: code.slice(0, 255) },
  });
  const own = uidOf(key);
  if (!lines) return { discounts: [discount(own, amount.minor, 'ORDER')] };
  const parts = lines
    .filter(({ amount: part }) => part.minor > 0)
    .map((part, at) => ({ ...part, uid: at === 0 ? own : `${own}-${at + 1}` }));
  return {
    discounts: parts.map(({ uid, amount: part }) => discount(uid, part.minor, 'LINE_ITEM')),
    line_items: parts.map(({ lineId, uid }) => ({ uid: lineId, applied_discounts: [{ discount_uid: uid }] })),
  };
}

async function applyOne(ctx: SquareCtx, job: Job<Apply>): Promise<Applied> {
  const { orderId, kind } = job.input;
  if (kind === 'TENDER')
    throw new CallError({
      code: 'NOT_SUPPORTED',
      message: 'Square takes payments at its till only; take the voucher there.',
      path: 'kind',
    });
  const order = await orderOf(ctx, orderId);
  if (!isOn(order, job.key)) await change(ctx, order, job.key, changesOf(job));
  return { orderId, id: uidOf(job.key) };
}

async function removeOne(ctx: SquareCtx, { key, input: { orderId, id } }: Job<Applied>): Promise<null> {
  const order = await orderOf(ctx, orderId);
  const ours = id === null ? [] : order.discounts.filter(({ uid }) => isOurs(uid, id));
  const clear = ours.map(({ uid }) => `discounts[${uid}]`);
  if (clear.length > 0) await change(ctx, order, key, {}, clear);
  return null;
}

const SCOPES = ['ORDERS_READ', 'ORDERS_WRITE'];

export const apply: Verb<Apply, Applied, typeof settings> = {
  scopes: SCOPES,
  repeat: {
    // Of the 60 characters of an id on an order, some are for the number of the line.
    key: { max: 48 },
    find: (ctx, jobs) =>
      inTurn(jobs, async ({ id, key, input: { orderId } }) =>
        isOn(await orderOf(ctx, orderId), key) ? { job: id, done: { orderId, id: uidOf(key) } } : { job: id, absent: true },
      ),
  },
  run: (ctx, jobs) => doInTurn(jobs, (job) => applyOne(ctx, job)),
};

export const remove: Verb<Applied, null, typeof settings> = {
  scopes: SCOPES,
  repeat: { key: { max: 48 } },
  run: (ctx, jobs) => doInTurn(jobs, (job) => removeOne(ctx, job)),
};
