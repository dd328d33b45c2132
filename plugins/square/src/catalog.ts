import { exactId, instantText, type JsonBody, z } from '@valehub/connector-kit';
import { list } from './schemas.ts';
import type { SquareCtx } from './settings.ts';

const text = z.string().nullish();
const id = exactId();

const object = z.object({
  type: z.string(),
  id,
  version: z.int().nonnegative().nullish(),
  updated_at: instantText().nullish(),
  is_deleted: z.boolean().nullish(),
  discount_data: z.object({ name: text }).nullish(),
  pricing_rule_data: z.object({ discount_id: text, match_products_id: text, valid_from_date: text, valid_until_date: text }).nullish(),
});
export type CatalogObject = z.output<typeof object>;

const objects = z.object({ objects: list(object), cursor: text });
const written = z.object({ id_mappings: list(z.object({ client_object_id: z.string(), object_id: id })) });

/** Those that are not there are left out. */
export const getObjects = async (ctx: SquareCtx, ids: readonly string[], withDeleted = false): Promise<readonly CatalogObject[]> => {
  const json = { object_ids: [...ids], include_deleted_objects: withDeleted };
  return (await ctx.call({ path: '/v2/catalog/batch-retrieve', json, reply: objects })).objects;
};

/** One page of what has changed since, the deleted ones too. */
export const changedSince = (ctx: SquareCtx, type: string, since: string, cursor: string | undefined) =>
  ctx.call({
    path: '/v2/catalog/search',
    json: { object_types: [type], include_deleted_objects: true, begin_time: since, limit: 100, ...(cursor ? { cursor } : {}) },
    reply: objects,
  });

/** Rules are asked for as a whole: Square has no question for those of one discount. */
export async function rulesOf(ctx: SquareCtx, discountId: string): Promise<readonly CatalogObject[]> {
  const rules: CatalogObject[] = [];
  for (let cursor: string | null | undefined; ; ) {
    const json = { object_types: ['PRICING_RULE'], limit: 100, ...(cursor ? { cursor } : {}) };
    const page = await ctx.call({ path: '/v2/catalog/search', json, reply: objects });
    rules.push(...page.objects.filter(({ pricing_rule_data: rule }) => rule?.discount_id === discountId));
    cursor = page.cursor;
    if (!cursor) return rules;
  }
}

/** All or nothing, and once for each key. New ones have an id that begins with #; gives what these became. */
export async function writeObjects(ctx: SquareCtx, key: string, batch: readonly JsonBody[]): Promise<ReadonlyMap<string, string>> {
  const json = { idempotency_key: key, batches: [{ objects: [...batch] }] };
  const { id_mappings: mappings } = await ctx.call({ path: '/v2/catalog/batch-upsert', json, reply: written });
  return new Map(mappings.map((mapping) => [mapping.client_object_id, mapping.object_id]));
}

export const deleteObjects = (ctx: SquareCtx, ids: readonly string[]) =>
  ctx.call({ path: '/v2/catalog/batch-delete', json: { object_ids: [...ids] }, reply: z.object({ deleted_object_ids: list(id) }) });
