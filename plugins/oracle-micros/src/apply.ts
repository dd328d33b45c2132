import {
  type Applied,
  type Apply,
  CallError,
  doInTurn,
  exactNumber,
  inTurn,
  type Job,
  type JsonBody,
  type Verb,
} from '@valehub/connector-kit';
import { reductionsOf } from './amounts.ts';
import { findCheck, postRound } from './client.ts';
import { givenBy } from './payments.ts';
import type { Place } from './places.ts';
import type { Check } from './schemas.ts';
import type { SimphonyCtx, settings } from './settings.ts';
import { APP, JOB, ours, uuidDigits, VOUCHER } from './texts.ts';

/** What Simphony keeps of a reference text. */
const LONGEST_CODE = 20;

async function checkOf(ctx: SimphonyCtx, orderId: string): Promise<{ readonly check: Check; readonly place: Place }> {
  const found = await findCheck(ctx, orderId);
  if (!found) throw new CallError({ code: 'NOT_FOUND', message: `Simphony has no check ${orderId}.`, path: 'orderId' });
  return found;
}

/** What we put on the check under this mark, if it is there. */
const markedWith = (check: Check, mark: string) =>
  [...check.discounts, ...check.tenders].find(({ extensions }) => ours(extensions, JOB) === mark);

function number(ctx: SimphonyCtx, kind: Apply['kind']): number {
  const given = kind === 'TENDER' ? ctx.settings.voucherTender : ctx.settings.voucherDiscount;
  if (given !== undefined) return given;
  const what = kind === 'TENDER' ? 'tender' : 'discount';
  throw new CallError({
    code: 'BAD_INPUT',
    message: `The connection does not say which ${what} of Simphony vouchers are booked on; enter its number as "Voucher ${what}".`,
    path: `settings.voucher${kind === 'TENDER' ? 'Tender' : 'Discount'}`,
  });
}

/** Kept with the entry and told again with it, but printed nowhere. That it is told again is documented and was never seen. */
const extension = (dataName: string, data: string): JsonBody => ({
  displayName: dataName,
  appName: APP,
  dataName,
  dataType: 'string',
  data,
  options: ['includeInApiResponse'],
});

function round(
  ctx: SimphonyCtx,
  { check, place }: { readonly check: Check; readonly place: Place },
  job: Job<Apply>,
): Readonly<Record<string, JsonBody>> {
  const { code, kind, amount } = job.input;
  const ref = number(ctx, kind);
  const { serviceTotal } = ctx.settings;
  const entry = {
    // In major units, and without a minus for a discount. Oracle's collection shows the member and no example of it.
    total: ctx.money.number(amount),
    referenceText: code,
    extensions: [extension(VOUCHER, code), extension(JOB, job.key)],
  };
  const closing = serviceTotal === undefined || kind === 'TENDER' ? [] : [{ tenderId: serviceTotal }];
  const { checkEmployeeRef, orderTypeRef } = check.header;
  const employee = ctx.settings.employee ?? checkEmployeeRef;
  return {
    header: {
      orgShortName: ctx.settings.organization,
      locRef: place.locRef,
      rvcRef: exactNumber(place.rvcRef),
      checkRef: check.header.checkRef,
      idempotencyId: uuidDigits(Buffer.from(job.key).toString('hex').slice(0, 32).padEnd(32, '0')),
      ...(employee ? { checkEmployeeRef: exactNumber(String(employee)) } : {}),
      ...(orderTypeRef ? { orderTypeRef: exactNumber(orderTypeRef) } : {}),
    },
    ...(kind === 'TENDER' ? { tenders: [{ tenderId: ref, ...entry }] } : { discounts: [{ discountId: ref, ...entry }] }),
    ...(closing.length > 0 ? { tenders: closing } : {}),
  };
}

async function applyOne(ctx: SimphonyCtx, job: Job<Apply>): Promise<Applied> {
  const { orderId, code } = job.input;
  const found = await checkOf(ctx, orderId);
  const done = { orderId, id: job.key };
  if (markedWith(found.check, job.key)) return done;
  if (found.check.header.status === 'closed')
    throw new CallError({ code: 'BAD_INPUT', message: 'The check is paid, and Simphony changes it no more.', path: 'orderId' });
  if (code.length > LONGEST_CODE)
    throw new CallError({
      code: 'BAD_INPUT',
      message: `Simphony keeps ${LONGEST_CODE} characters of a code; this one is longer.`,
      path: 'code',
    });
  await postRound(ctx, found.place, orderId, round(ctx, found, job));
  return done;
}

/**
 * A round adds to a check and never alters what was sent before: what is taken off single dishes stands as a discount over the whole check,
 * with the amount that the hub has decided.
 */
export const apply: Verb<Apply, Applied, typeof settings> = {
  repeat: {
    // Of the duplicates that Simphony drops it remembers the ids for 300 seconds; after that the mark on the check tells.
    key: { max: 16, lives: 'PT5M' },
    find: (ctx, jobs) =>
      inTurn(jobs, async (job) => {
        const { check } = await checkOf(ctx, job.input.orderId);
        return markedWith(check, job.key)
          ? { job: job.id, done: { orderId: job.input.orderId, id: job.key } }
          : { job: job.id, absent: true };
      }),
  },
  run: (ctx, jobs) => doInTurn(jobs, (job) => applyOne(ctx, job)),
};

async function removeOne(ctx: SimphonyCtx, { orderId, id }: Applied): Promise<null> {
  const { check } = await checkOf(ctx, orderId);
  const there = id === null ? undefined : markedWith(check, id);
  const reading = { money: ctx.money, currency: ctx.store(ctx.location)?.currency ?? 'XXX' };
  const inForce = [
    ...reductionsOf(check.discounts, reading).map(({ told }) => told),
    ...givenBy(check.tenders, reading).map(({ tender }) => tender),
  ];
  if (!there || !inForce.includes(there)) return null;
  throw new CallError({
    code: 'NOT_SUPPORTED',
    message: 'Simphony lets nobody take a discount or tender off a check from outside; void it at the till.',
  });
}

/** Only what somebody has voided at the till already can be said to be off. */
export const remove: Verb<Applied, null, typeof settings> = {
  repeat: 'safe',
  run: (ctx, jobs) => doInTurn(jobs, ({ input }) => removeOne(ctx, input)),
};
