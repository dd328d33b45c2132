import { CallError, type MoreCodes, type Outcome, type Publication, type Ref, type Verb, z } from '@valehub/connector-kit';
import { addOn, type BulkState, bulkState, NOTHING_ADDED } from './bulk-codes.ts';
import { ask, operation } from './client.ts';
import { type DiscountKind, discountInput, kindOf } from './discount-input.ts';
import { type CodeDiscount, discountByCode } from './discounts.ts';
import { throwRefused } from './failure.ts';
import { globalId, numberOf } from './ids.ts';
import { userErrors } from './schemas.ts';
import type { ShopCtx, settings } from './settings.ts';

const payload = z.object({ codeDiscountNode: z.object({ id: globalId }).nullish(), userErrors });
type Payload = z.output<typeof payload>;

/** Both kinds have the same mutations under other names. */
const write = (name: string, argument: string, type: string, hasId: boolean) =>
  operation(
    10,
    `mutation ${name[0]?.toUpperCase()}${name.slice(1)}(${hasId ? '$id: ID!, ' : ''}$input: ${type}!) {
  payload: ${name}(${hasId ? 'id: $id, ' : ''}${argument}: $input) { codeDiscountNode { id } userErrors { field message code } }
}`,
    { payload },
  );
const CREATE = {
  basic: write('discountCodeBasicCreate', 'basicCodeDiscount', 'DiscountCodeBasicInput', false),
  freeShipping: write('discountCodeFreeShippingCreate', 'freeShippingCodeDiscount', 'DiscountCodeFreeShippingInput', false),
} as const;
const UPDATE = {
  basic: write('discountCodeBasicUpdate', 'basicCodeDiscount', 'DiscountCodeBasicInput', true),
  freeShipping: write('discountCodeFreeShippingUpdate', 'freeShippingCodeDiscount', 'DiscountCodeFreeShippingInput', true),
} as const;
const deactivateMutation = operation(
  10,
  'mutation DiscountCodeDeactivate($id: ID!) { payload: discountCodeDeactivate(id: $id) { codeDiscountNode { id } userErrors { field message code } } }',
  { payload },
);
const deleteMutation = operation(
  10,
  'mutation DiscountCodeDelete($id: ID!) { payload: discountCodeDelete(id: $id) { userErrors { field message code } } }',
  { payload: z.object({ userErrors }) },
);

const made = (ctx: ShopCtx, id: string): Ref => ({ id, url: `https://${ctx.settings.shop}/admin/discounts/${numberOf(id)}` });

function idIn({ codeDiscountNode, userErrors: errors }: Payload, codes: readonly string[]): string {
  throwRefused(errors, codes);
  if (codeDiscountNode) return codeDiscountNode.id;
  throw new CallError({ code: 'BAD_REPLY', message: 'Shopify says nothing of the discount that it was asked for.', unknown: true });
}

const TYPES: Readonly<Record<DiscountKind, string>> = { basic: 'DiscountCodeBasic', freeShipping: 'DiscountCodeFreeShipping' };

const isSame = (publication: Publication, { codeDiscount }: CodeDiscount): boolean =>
  codeDiscount.title === publication.name && codeDiscount.__typename === TYPES[kindOf(publication)];

async function overwrite(ctx: ShopCtx, id: string, publication: Publication): Promise<string> {
  const input = await discountInput(ctx, publication, id);
  return idIn((await ask(ctx, UPDATE[kindOf(publication)], { id, input })).payload, publication.codes);
}

/** A discount of the same name under the first code is what an earlier attempt left, or what was withdrawn: it is set right. */
async function begin(ctx: ShopCtx, publication: Publication): Promise<string> {
  const kind = kindOf(publication);
  const [code] = publication.codes;
  if (code === undefined) throw new CallError({ code: 'BAD_INPUT', message: 'A discount at Shopify begins with one code.', path: 'codes' });
  const there = await discountByCode(ctx, code);
  if (there && isSame(publication, there)) return overwrite(ctx, there.id, publication);
  if (there)
    throw new CallError({ code: 'BAD_INPUT', message: 'The code belongs to another discount of the shop already.', path: 'codes.0' });
  const input = { ...(await discountInput(ctx, publication)), code };
  return idIn((await ask(ctx, CREATE[kind], { input })).payload, publication.codes);
}

const publishing = z.strictObject({ id: globalId, bulk: bulkState });

const isWhole = (publication: Publication, { codeDiscount }: CodeDiscount): boolean =>
  (codeDiscount.codesCount?.count ?? 0) >= publication.codes.length;

async function takeBack(ctx: ShopCtx, id: string): Promise<void> {
  throwRefused((await ask(ctx, deleteMutation, { id })).payload.userErrors);
}

/** What Shopify refuses outright is not left there in part. */
async function addOrTakeBack(ctx: ShopCtx, id: string, codes: readonly string[], bulk: BulkState): ReturnType<typeof addOn> {
  try {
    return await addOn(ctx, id, codes, bulk);
  } catch (fault) {
    if (fault instanceof CallError && fault.failure.code === 'BAD_INPUT') await takeBack(ctx, id);
    throw fault;
  }
}

/** All its codes or none: what could not take all of them is taken back. */
export const publish: Verb<Publication, Ref, typeof settings, z.infer<typeof publishing>> = {
  scopes: ['write_discounts'],
  repeat: {
    async find(ctx, jobs) {
      const outcomes: Outcome<Ref>[] = [];
      for (const { id, input } of jobs) {
        const there = await discountByCode(ctx, input.codes[0] ?? '');
        const isThere = there !== null && isSame(input, there) && isWhole(input, there);
        outcomes.push(isThere ? { job: id, done: made(ctx, there.id) } : { job: id, absent: true });
      }
      return outcomes;
    },
  },
  async run(ctx, [job], state) {
    if (!job) return { outcomes: [] };
    const { id, bulk } = state ? publishing.parse(state) : { id: await begin(ctx, job.input), bulk: NOTHING_ADDED };
    const step = await addOrTakeBack(ctx, id, job.input.codes.slice(1), bulk);
    if (!step.isDone) return { goOn: { id, bulk: step.state }, ...(step.at ? { at: step.at } : {}) };
    const refused = step.state.refused.length;
    if (refused === 0) return { outcomes: [{ job: job.id, done: made(ctx, id) }] };
    await takeBack(ctx, id);
    const message = `Shopify refused ${refused} of ${job.input.codes.length} codes, as other discounts have them; the discount was taken back.`;
    return { outcomes: [{ job: job.id, failed: { code: 'BAD_INPUT', message, path: 'codes' } }] };
  },
};

const target = ({ id }: { readonly id: string | null }): string => {
  if (id !== null) return id;
  throw new CallError({ code: 'BAD_INPUT', message: 'It was never published: there is no id of a discount.', path: 'to.id' });
};

export const update: Verb<{ readonly to: Ref; readonly publication: Publication }, Ref, typeof settings> = {
  scopes: ['write_discounts'],
  repeat: 'safe',
  async run(ctx, [job]) {
    if (!job) return { outcomes: [] };
    const id = await overwrite(ctx, target(job.input.to), job.input.publication);
    return { outcomes: [{ job: job.id, done: made(ctx, id) }] };
  },
};

/** Ended, not deleted: the shop keeps what it says of past orders. */
export const withdraw: Verb<Ref, null, typeof settings> = {
  scopes: ['write_discounts'],
  repeat: 'safe',
  async run(ctx, [job]) {
    if (!job) return { outcomes: [] };
    const { payload: told } = await ask(ctx, deactivateMutation, { id: target(job.input) });
    const isGone = told.userErrors.some(({ code, message }) => code === 'NOT_FOUND' || /does not exist/i.test(message));
    if (!isGone) throwRefused(told.userErrors);
    return { outcomes: [{ job: job.id, done: null }] };
  },
};

export const addCodes: Verb<
  MoreCodes,
  { readonly added: number; readonly refused: readonly string[] },
  typeof settings,
  z.infer<typeof bulkState>
> = {
  scopes: ['write_discounts'],
  oneAtATime: 'account',
  repeat: 'safe',
  async run(ctx, [job], state) {
    if (!job) return { outcomes: [] };
    const step = await addOn(ctx, target(job.input.to), job.input.codes, state ? bulkState.parse(state) : NOTHING_ADDED);
    if (!step.isDone) return { goOn: step.state, ...(step.at ? { at: step.at } : {}) };
    const { added, refused } = step.state;
    return { outcomes: [{ job: job.id, done: { added, refused } }] };
  },
};
