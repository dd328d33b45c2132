import { CallError, type JsonBody, z } from '@valehub/connector-kit';
import { ask, operation } from './client.ts';
import { globalId } from './ids.ts';
import { ITEMS_PER_LIST } from './limits.ts';
import { nodesOf } from './schemas.ts';
import type { ShopCtx } from './settings.ts';

const refs = nodesOf(z.object({ id: globalId }));
const items = z.object({ products: refs.optional(), productVariants: refs.optional(), collections: refs.optional() });
const itemsQuery = operation(
  100,
  `query DiscountItems($id: ID!) {
  codeDiscountNode(id: $id) {
    codeDiscount {
      ... on DiscountCodeBasic {
        customerGets {
          items {
            ... on DiscountProducts { products(first: 250) { nodes { id } } productVariants(first: 250) { nodes { id } } }
            ... on DiscountCollections { collections(first: 250) { nodes { id } } }
          }
        }
      }
    }
  }
}`,
  { codeDiscountNode: z.object({ codeDiscount: z.object({ customerGets: z.object({ items }).optional() }) }).nullable() },
);

type Sort = 'Product' | 'ProductVariant' | 'Collection';
const sortOf = (id: string): string => /^gid:\/\/shopify\/(Product|ProductVariant|Collection)\/\d+$/.exec(id)?.[1] ?? '';

const wrong = (message: string): never => {
  throw new CallError({ code: 'BAD_INPUT', message, path: 'items' });
};

/** Products and variants go together, collections only with their like. */
function sorted(wanted: readonly string[]): Readonly<Record<Sort, readonly string[]>> {
  if (wanted.length > ITEMS_PER_LIST) wrong(`Shopify limits a discount to at most ${ITEMS_PER_LIST} items.`);
  const of = (sort: Sort): readonly string[] => wanted.filter((id) => sortOf(id) === sort);
  const by = { Product: of('Product'), ProductVariant: of('ProductVariant'), Collection: of('Collection') };
  if (by.Product.length + by.ProductVariant.length + by.Collection.length !== wanted.length)
    wrong('Items are given by their global ids, such as gid://shopify/Product/123, of products, variants or collections.');
  if (by.Collection.length > 0 && by.Collection.length !== wanted.length)
    wrong('A discount is for collections or for products, not for both.');
  return by;
}

/** What the discount of this id is limited to now. */
async function itemsOf(ctx: ShopCtx, id: string) {
  const { codeDiscountNode } = await ask(ctx, itemsQuery, { id });
  const told = codeDiscountNode?.codeDiscount.customerGets?.items;
  const ids = (list: readonly { readonly id: string }[] | undefined) => (list ?? []).map((entry) => entry.id);
  return { Product: ids(told?.products), ProductVariant: ids(told?.productVariants), Collection: ids(told?.collections) };
}

const without = (list: readonly string[], other: readonly string[]): readonly string[] => list.filter((id) => !other.includes(id));

/** Shopify is told what to add and what to take away, not what there shall be. */
export async function itemsInput(ctx: ShopCtx, wanted: readonly string[] | undefined, have: string | undefined): Promise<JsonBody> {
  if (!wanted) return { all: true };
  const want = sorted(wanted);
  const had = have === undefined ? { Product: [], ProductVariant: [], Collection: [] } : await itemsOf(ctx, have);
  if (want.Collection.length > 0)
    return { collections: { add: without(want.Collection, had.Collection), remove: without(had.Collection, want.Collection) } };
  return {
    products: {
      productsToAdd: without(want.Product, had.Product),
      productsToRemove: without(had.Product, want.Product),
      productVariantsToAdd: without(want.ProductVariant, had.ProductVariant),
      productVariantsToRemove: without(had.ProductVariant, want.ProductVariant),
    },
  };
}
