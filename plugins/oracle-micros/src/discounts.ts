import { CallError, doInTurn, exactNumber, inTurn, type Publication, type Ref, type Verb, z } from '@valehub/connector-kit';
import { type At, atOf, configured, discountsOf, refOf } from './configuration.ts';
import type { ConfiguredDiscount } from './schemas.ts';
import type { SimphonyCtx, settings } from './settings.ts';

interface Range {
  readonly hierUnitId: number;
  readonly first: number;
  readonly last: number;
}

function rangeOf({ settings: { hierarchyUnit, firstDiscount, lastDiscount } }: SimphonyCtx): Range {
  if (hierarchyUnit !== undefined && firstDiscount !== undefined && lastDiscount !== undefined)
    return { hierUnitId: hierarchyUnit, first: firstDiscount, last: lastDiscount };
  throw new CallError({
    code: 'BAD_INPUT',
    message: 'To publish, the connection needs the hierarchy unit and the first and last number of the discounts that the hub may make.',
    path: 'settings.hierarchyUnit',
  });
}

/** A shared word stands in the name, where the till shows it and the hub finds it again. */
function nameOf({ name, codes }: Publication): string {
  const [word, ...others] = codes;
  if (others.length > 0)
    throw new CallError({
      code: 'NOT_SUPPORTED',
      message: 'Simphony has no voucher codes: a discount carries one word at most.',
      path: 'codes',
    });
  return word === undefined || name.includes(word) ? name : `${name} ${word}`;
}

/**
 * The members that hold the value are not in any document that could be read. So what was written is read back and compared, and a discount
 * without its value is never left behind as published.
 */
function incentiveValue(
  ctx: SimphonyCtx,
  { incentive, items, minimumOrder }: Publication,
): { readonly percentage: string } | { readonly amount: string } {
  if (items || minimumOrder)
    throw new CallError({
      code: 'NOT_SUPPORTED',
      message: 'Articles and minimum orders of a discount are set up in the EMC; the hub cannot write them.',
    });
  if (incentive.kind === 'percentOff' && !incentive.maximum) return { percentage: incentive.percent };
  if (incentive.kind === 'amountOff') return { amount: ctx.money.toMajor(incentive.amount) };
  throw new CallError({ code: 'NOT_SUPPORTED', message: 'Simphony takes a percentage without a bound, or an amount.', path: 'incentive' });
}

const sameDecimal = (ctx: SimphonyCtx, told: string | null | undefined, wanted: string): boolean =>
  told !== null && told !== undefined && ctx.money.addDecimals([told]) === ctx.money.addDecimals([wanted]);

async function write(ctx: SimphonyCtx, at: At, publication: Publication, isNew: boolean): Promise<Ref> {
  const value = incentiveValue(ctx, publication);
  const [member = 'amount', wanted = '0'] = Object.entries(value)[0] ?? [];
  const name = { [ctx.settings.language]: nameOf(publication) };
  // 0: entered by hand. Nothing applies by itself, so nobody gets it without a voucher.
  const json = { ...at, name, activationType: 0, [member]: exactNumber(wanted) };
  await configured(ctx, 'upsertDiscounts', json, z.unknown());
  const kept = (await discountsOf(ctx, at.hierUnitId)).find(({ objectNum }) => objectNum === at.objectNum);
  if (kept && sameDecimal(ctx, member === 'amount' ? kept.amount : kept.percentage, wanted)) return refOf(at);
  if (isNew) await configured(ctx, 'deleteDiscounts', { ...at }, z.unknown());
  throw new CallError({
    code: 'NOT_SUPPORTED',
    message: 'Simphony took the discount and did not keep its value. Set the discount up in the EMC instead.',
  });
}

const wordsOf = ({ name }: ConfiguredDiscount): readonly (string | null)[] =>
  typeof name === 'string' ? [name] : Object.values(name ?? {});

/** Under the number that an earlier attempt has taken, else under the lowest that is free. */
async function publishOne(ctx: SimphonyCtx, publication: Publication): Promise<Ref> {
  const { hierUnitId, first, last } = rangeOf(ctx);
  const name = nameOf(publication);
  const there = (await discountsOf(ctx, hierUnitId)).filter(({ objectNum }) => objectNum >= first && objectNum <= last);
  const earlier = there.find((discount) => wordsOf(discount).includes(name));
  const taken = new Set(there.map(({ objectNum }) => objectNum));
  let objectNum = earlier?.objectNum ?? first;
  while (earlier === undefined && taken.has(objectNum)) objectNum += 1;
  if (objectNum > last)
    throw new CallError({
      code: 'QUOTA_SPENT',
      message: `All numbers from ${first} to ${last} are taken by discounts; withdraw some, or let the hub have more.`,
    });
  return write(ctx, { hierUnitId, objectNum }, publication, earlier === undefined);
}

export const publish: Verb<Publication, Ref, typeof settings> = {
  oneAtATime: 'account',
  repeat: 'safe',
  run: (ctx, jobs) => doInTurn(jobs, ({ input }) => publishOne(ctx, input)),
};

export const update: Verb<{ readonly to: Ref; readonly publication: Publication }, Ref, typeof settings> = {
  oneAtATime: 'account',
  repeat: 'safe',
  run: (ctx, jobs) => doInTurn(jobs, ({ input }) => write(ctx, atOf(input.to), input.publication, false)),
};

export const withdraw: Verb<Ref, null, typeof settings> = {
  oneAtATime: 'account',
  repeat: {
    find: (ctx, jobs) =>
      inTurn(jobs, async ({ id, input }) => {
        const at = atOf(input);
        const isThere = (await discountsOf(ctx, at.hierUnitId)).some(({ objectNum }) => objectNum === at.objectNum);
        return isThere ? { job: id, absent: true } : { job: id, done: null };
      }),
  },
  run: (ctx, jobs) =>
    doInTurn(jobs, async ({ input }) => {
      await configured(ctx, 'deleteDiscounts', { ...atOf(input) }, z.unknown());
      return null;
    }),
};
