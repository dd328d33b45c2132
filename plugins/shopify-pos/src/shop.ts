import { type Capabilities, type Identity, type PlatformLocation, z } from '@valehub/connector-kit';
import { lostWithout } from './capabilities.ts';
import { allPages, ask, operation } from './client.ts';
import { numberId } from './ids.ts';
import { ONLINE } from './normalise.ts';
import { cost, pageOf } from './schemas.ts';
import type { ShopCtx } from './settings.ts';

const scopes = z.object({ accessScopes: z.array(z.object({ handle: z.string() })) });

const shopData = {
  shop: z.object({ name: z.string(), myshopifyDomain: z.string().min(1), currencyCode: z.string(), ianaTimezone: z.string() }),
  currentAppInstallation: scopes,
};
const shopQuery = operation(
  3,
  `query Shop {
  shop { name myshopifyDomain currencyCode ianaTimezone }
  currentAppInstallation { accessScopes { handle } }
}`,
  shopData,
);

const scopesQuery = operation(2, 'query Scopes { currentAppInstallation { accessScopes { handle } } }', { currentAppInstallation: scopes });

const locationsQuery = operation(
  10,
  `query Locations($after: String) {
  locations(first: 50, after: $after) { pageInfo { hasNextPage endCursor } nodes { id name } }
}`,
  { locations: pageOf(z.object({ id: numberId, name: z.string() })) },
);

/** The shop, with how fast its bucket of points fills: that hangs on its plan. */
export async function identify(ctx: ShopCtx): Promise<Identity> {
  const { document, reply } = shopQuery;
  const told = await ctx.call({
    path: '/graphql.json',
    json: { query: document, variables: {} },
    cost: shopQuery.cost,
    reply: reply.extend({ extensions: cost.shape.extensions.nullish() }),
  });
  const { shop, currentAppInstallation } = told.data;
  const restoreRate = told.extensions?.cost.throttleStatus.restoreRate;
  return {
    account: shop.myshopifyDomain,
    name: shop.name,
    scopes: currentAppInstallation.accessScopes.map(({ handle }) => handle),
    facts: {
      currency: shop.currencyCode,
      zone: shop.ianaTimezone,
      ...(restoreRate === undefined ? {} : { restoreRate: String(restoreRate) }),
    },
  };
}

/** What the shop has agreed to; a right to write holds the right to read. */
export async function grantedScopes(ctx: ShopCtx): Promise<ReadonlySet<string>> {
  const { currentAppInstallation } = await ask(ctx, scopesQuery);
  const handles = currentAppInstallation.accessScopes.map(({ handle }) => handle);
  return new Set(handles.flatMap((handle) => [handle, handle.replace(/^write_/, 'read_')]));
}

/** The shop's own places, and one for all that is not sold at a till. */
export async function locations(ctx: ShopCtx): Promise<readonly PlatformLocation[]> {
  const { currency, zone } = ctx.facts;
  const common = { ...(currency ? { currency } : {}), ...(zone ? { zone } : {}) };
  const found = await allPages(async (after) => (await ask(ctx, locationsQuery, { after })).locations);
  const places = [...found, { id: ONLINE, name: 'Online store and other channels' }];
  return places.map((place) => ({ ...place, ...common }));
}

/** By what the shop has agreed to. */
export const narrow = async (ctx: ShopCtx): Promise<Capabilities> => lostWithout(await grantedScopes(ctx));
