import type { Choice, Identity, PlatformLocation } from '@valehub/connector-kit';
import { getDiscounts, getRestaurant, groupOf } from './client.ts';
import { restaurantsOf } from './orders.ts';
import type { Restaurant } from './schemas.ts';
import type { ToastCtx } from './settings.ts';

const nameOf = ({ general }: Restaurant, guid: string): string => [general.name, general.locationName].filter(Boolean).join(', ') || guid;

/** The restaurant that the settings name speaks for its group: Toast has no call that says whose the credentials are. */
export async function identify(ctx: ToastCtx): Promise<Identity> {
  const { restaurantGuid } = ctx.settings;
  const restaurant = await getRestaurant(ctx, restaurantGuid);
  const { currencyCode, managementGroupGuid } = restaurant.general;
  const prefix = restaurant.location?.phoneCountryCode;
  return {
    account: managementGroupGuid ?? restaurantGuid,
    name: nameOf(restaurant, restaurantGuid),
    facts: {
      ...(currencyCode ? { currency: currencyCode } : {}),
      ...(prefix ? { phonePrefix: prefix } : {}),
      ...(managementGroupGuid ? { group: managementGroupGuid } : {}),
    },
  };
}

export async function locations(ctx: ToastCtx): Promise<readonly PlatformLocation[]> {
  const { restaurantGuid } = ctx.settings;
  const group = ctx.facts['group'];
  const guids = group === undefined ? [restaurantGuid] : await groupOf(ctx, group, restaurantGuid);
  const found: PlatformLocation[] = [];
  for (const id of guids) {
    const restaurant = await getRestaurant(ctx, id);
    const { currencyCode: currency, timeZone: zone, archived } = restaurant.general;
    if (!archived) found.push({ id, name: nameOf(restaurant, id), ...(currency ? { currency } : {}), ...(zone ? { zone } : {}) });
  }
  return found;
}

/** Only an open-amount discount of a check can take off what the hub has decided. */
export async function checkDiscounts(ctx: ToastCtx): Promise<readonly Choice[]> {
  const choices: Choice[] = [];
  for (const location of restaurantsOf(ctx)) {
    const discounts = await getDiscounts(ctx, location);
    const fitting = discounts.filter(
      ({ active, type, selectionType }) => active !== false && type === 'OPEN_FIXED' && selectionType === 'CHECK',
    );
    choices.push(...fitting.map(({ guid, name }) => ({ value: guid, label: `${name ?? guid} (${location})` })));
  }
  return choices;
}
