import { CallError, type Capabilities, type Identity } from '@valehub/connector-kit';
import { API_VERSION, ask, CONTACTS, DEALS, type Kind } from './client.ts';
import * as schemas from './schemas.ts';
import type { HubSpotCtx } from './settings.ts';

/** What replies tell of the plan, by the facts that the limits are made of. */
const LIMITS = { callsPerTenSeconds: 'x-hubspot-ratelimit-max', callsPerDay: 'x-hubspot-ratelimit-daily' } as const;

/** UNVERIFIED: whether a service key may ask this; OAuth always may. */
export async function identify(ctx: HubSpotCtx): Promise<Identity> {
  const answer = await ask(ctx, { path: `/account-info/${API_VERSION}/details`, reply: schemas.account });
  if ('failed' in answer) throw new CallError(answer.failed);
  const { portalId, companyCurrency, additionalCurrencies, timeZone } = answer.value;
  const scopes = ctx.facts['scopes'];
  const limits = Object.entries(LIMITS).flatMap(([fact, header]) => {
    const told = answer.headers[header];
    return told !== undefined && /^\d{1,9}$/.test(told) ? [[fact, told] as const] : [];
  });
  return {
    account: portalId,
    name: `HubSpot ${portalId}`,
    ...(scopes === undefined ? {} : { scopes: scopes.split(' ') }),
    facts: {
      ...(companyCurrency ? { currency: companyCurrency } : {}),
      ...(additionalCurrencies?.length ? { currencies: additionalCurrencies.join(',') } : {}),
      ...(timeZone ? { zone: timeZone } : {}),
      ...Object.fromEntries(limits),
    },
  };
}

const NEEDED = {
  'customer.read': ['crm.objects.contacts.read'],
  'customer.write': ['crm.objects.contacts.write'],
  'event.push': ['crm.objects.deals.read', 'crm.objects.deals.write', 'crm.objects.contacts.write'],
} as const;

async function mayRead(ctx: HubSpotCtx, kind: Kind): Promise<boolean> {
  const answer = await ask(ctx, { path: kind.path, query: { limit: '1' }, reply: schemas.found });
  if (!('failed' in answer)) return true;
  if (answer.failed.code === 'FORBIDDEN_SCOPE') return false;
  throw new CallError(answer.failed);
}

/** A log-in tells its scopes. A static token tells none, so it is tried; what it may write is seen only by writing. */
export async function narrow(ctx: HubSpotCtx): Promise<Capabilities> {
  const scopes = ctx.facts['scopes']?.split(' ');
  if (scopes) {
    const lacking = Object.entries(NEEDED).filter(([, needed]) => needed.some((scope) => !scopes.includes(scope)));
    return Object.fromEntries(lacking.map(([key]) => [key, 'NOT_POSSIBLE']));
  }
  return {
    ...((await mayRead(ctx, CONTACTS)) ? {} : { 'customer.read': 'NOT_POSSIBLE' }),
    ...((await mayRead(ctx, DEALS)) ? {} : { 'event.push': 'NOT_POSSIBLE' }),
  };
}
