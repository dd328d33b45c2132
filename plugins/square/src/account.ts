import type { Identity, PlatformLocation } from '@valehub/connector-kit';
import { getLocations, getMerchant } from './client.ts';
import type { SquareCtx } from './settings.ts';

export async function identify(ctx: SquareCtx): Promise<Identity> {
  const merchant = await getMerchant(ctx);
  return {
    account: merchant.id,
    name: merchant.business_name ?? merchant.id,
    facts: { ...(merchant.country ? { country: merchant.country } : {}), ...(merchant.currency ? { currency: merchant.currency } : {}) },
  };
}

export async function locations(ctx: SquareCtx): Promise<readonly PlatformLocation[]> {
  const all = await getLocations(ctx);
  return all.map(({ id, name, currency, timezone }) => ({
    id,
    name: name ?? id,
    ...(currency ? { currency } : {}),
    ...(timezone ? { zone: timezone } : {}),
  }));
}
