import { CallError, type Identity, type PlatformLocation } from '@valehub/connector-kit';
import { getLocations, getOrganizations, getRevenueCenters } from './client.ts';
import { locationOf } from './places.ts';
import type { SimphonyCtx } from './settings.ts';

/** The organizations that the API account may see; ours has to be among them. */
export async function identify(ctx: SimphonyCtx): Promise<Identity> {
  const { organization } = ctx.settings;
  const mine = (await getOrganizations(ctx)).find(({ orgShortName }) => orgShortName.toLowerCase() === organization);
  if (!mine)
    throw new CallError({ code: 'FORBIDDEN_SCOPE', message: `The API account is not authorised for the organization ${organization}.` });
  return { account: organization, name: mine.name || mine.orgShortName };
}

/** Every revenue centre is a location of its own. */
export async function locations(ctx: SimphonyCtx): Promise<readonly PlatformLocation[]> {
  const all: PlatformLocation[] = [];
  for (const { locRef, name } of await getLocations(ctx)) {
    for (const center of await getRevenueCenters(ctx, locRef)) {
      const own = typeof center.name === 'string' && center.name !== '' ? center.name : center.rvcRef;
      all.push({ id: locationOf({ locRef, rvcRef: center.rvcRef }), name: `${name || locRef}, ${own}` });
    }
  }
  return all;
}
