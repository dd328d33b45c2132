import { CallError, doInTurn, type Job, type Publication, type Ref, type Verb } from '@valehub/connector-kit';
import { deleteObjects, getObjects, rulesOf, writeObjects } from './catalog.ts';
import { needsRule, objectsOf } from './publication.ts';
import type { SquareCtx, settings } from './settings.ts';

async function publishOne(ctx: SquareCtx, { key, input }: Job<Publication>): Promise<Ref> {
  const ids = await writeObjects(ctx, key, objectsOf(ctx, input, needsRule(ctx, input), {}));
  const id = ids.get('#discount');
  if (id === undefined) throw new CallError({ code: 'BAD_REPLY', message: 'Square did not say which discount was made.', unknown: true });
  return { id };
}

const idOf = ({ id }: Ref): string => {
  if (id !== null) return id;
  throw new CallError({ code: 'BAD_INPUT', message: 'This campaign was not published at Square.', path: 'id' });
};

async function updateOne(
  ctx: SquareCtx,
  { key, input: { to, publication } }: Job<{ readonly to: Ref; readonly publication: Publication }>,
) {
  const isRule = needsRule(ctx, publication);
  const [discount] = await getObjects(ctx, [idOf(to)]);
  if (!discount) throw new CallError({ code: 'NOT_FOUND', message: 'The discount is no more in the catalog of Square.', path: 'id' });
  const [rule] = await rulesOf(ctx, discount.id);
  const setId = rule?.pricing_rule_data?.match_products_id;
  const [set] = setId ? await getObjects(ctx, [setId]) : [];
  const known = { discount, ...(rule ? { rule } : {}), ...(set ? { set } : {}) };
  // What another has changed meanwhile is refused by its version; with the version in the key, the next attempt is a request of its own.
  await writeObjects(ctx, `${key}-${discount.version ?? 0}`, objectsOf(ctx, publication, isRule, known));
  const needless = isRule ? [] : [rule?.id, setId].flatMap((id) => id ?? []);
  if (needless.length > 0) await deleteObjects(ctx, needless);
  return { id: discount.id };
}

async function withdrawOne(ctx: SquareCtx, ref: Ref): Promise<null> {
  const rules = await rulesOf(ctx, idOf(ref));
  const theirs = rules.flatMap(({ id, pricing_rule_data: rule }) => [id, ...(rule?.match_products_id ? [rule.match_products_id] : [])]);
  await deleteObjects(ctx, [...theirs, idOf(ref)]);
  return null;
}

/** Square takes one change of a seller's catalog at a time and refuses the others. */
const ONE_AT_A_TIME = { scopes: ['ITEMS_READ', 'ITEMS_WRITE'], oneAtATime: 'account' } as const;

export const publish: Verb<Publication, Ref, typeof settings> = {
  ...ONE_AT_A_TIME,
  repeat: { key: { max: 128 } },
  run: (ctx, jobs) => doInTurn(jobs, (job) => publishOne(ctx, job)),
};

export const update: Verb<{ readonly to: Ref; readonly publication: Publication }, Ref, typeof settings> = {
  ...ONE_AT_A_TIME,
  repeat: { key: { max: 100 } },
  run: (ctx, jobs) => doInTurn(jobs, (job) => updateOne(ctx, job)),
};

export const withdraw: Verb<Ref, null, typeof settings> = {
  ...ONE_AT_A_TIME,
  repeat: {
    find: async (ctx, jobs) => {
      const there = new Set(
        (
          await getObjects(
            ctx,
            jobs.map(({ input }) => idOf(input)),
          )
        ).map(({ id }) => id),
      );
      return jobs.map(({ id, input }) => (there.has(idOf(input)) ? { job: id, absent: true } : { job: id, done: null }));
    },
  },
  run: (ctx, jobs) => doInTurn(jobs, ({ input }) => withdrawOne(ctx, input)),
};
