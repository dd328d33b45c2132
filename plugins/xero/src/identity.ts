import { CallError, type Capabilities, type Choice, type Identity } from '@valehub/connector-kit';
import { getAccounts, getConnections, getOrganisation } from './client.ts';
import type { XeroCtx } from './settings.ts';

interface Tenant {
  readonly account: string;
  readonly name: string;
}

/** The organisations that the person has let the app into; practices have no books. */
async function tenantsOf(ctx: XeroCtx): Promise<readonly Tenant[]> {
  const connections = await getConnections(ctx);
  return connections
    .filter(({ tenantType }) => (tenantType ?? 'ORGANISATION') === 'ORGANISATION')
    .map(({ tenantId, tenantName }) => ({ account: tenantId, name: tenantName ?? tenantId }));
}

async function identityOf(ctx: XeroCtx, tenant?: string): Promise<Identity> {
  const { OrganisationID, Name, BaseCurrency, CountryCode, ShortCode } = await getOrganisation(ctx, tenant);
  const scopes = ctx.facts['scopes']?.split(' ').filter((scope) => scope !== '');
  return {
    // The same id as the tenant's; a custom connection learns it here only.
    account: tenant ?? OrganisationID,
    name: Name ?? OrganisationID,
    ...(scopes === undefined ? {} : { scopes }),
    facts: {
      ...(BaseCurrency ? { baseCurrency: BaseCurrency } : {}),
      ...(CountryCode ? { country: CountryCode } : {}),
      ...(ShortCode ? { shortCode: ShortCode } : {}),
    },
  };
}

/** The setting names the organisation; else the one that the connection has had so far; else the only one; else a person chooses. */
export async function identify(ctx: XeroCtx): Promise<Identity | { readonly choose: readonly Identity[] }> {
  if (ctx.settings.customConnection) return identityOf(ctx);
  const tenants = await tenantsOf(ctx);
  const wanted = ctx.settings.tenantId ?? ctx.account;
  const chosen = wanted === undefined && tenants.length === 1 ? tenants[0] : tenants.find(({ account }) => account === wanted);
  if (chosen) return identityOf(ctx, chosen.account);
  if (wanted !== undefined)
    throw new CallError({
      code: 'BAD_CREDENTIALS',
      message: `The consent does not cover the organisation ${wanted}: connect anew and choose it, or change the setting tenantId.`,
    });
  if (tenants.length > 0) return { choose: tenants };
  throw new CallError({
    code: 'BAD_CREDENTIALS',
    message: 'The app is connected to no organisation of Xero: connect anew and choose one.',
  });
}

export async function tenants(ctx: XeroCtx): Promise<readonly Choice[]> {
  return (await tenantsOf(ctx)).map(({ account, name }) => ({ value: account, label: name }));
}

/** Accounts without a code, banks among them, cannot be posted to. */
export async function accounts(ctx: XeroCtx): Promise<readonly Choice[]> {
  const all = await getAccounts(ctx, ctx.settings.tenantId ?? ctx.account);
  return all.flatMap(({ Code, Name, Status }) =>
    Code && Status !== 'ARCHIVED' ? [{ value: Code, label: Name ? `${Code} ${Name}` : Code }] : [],
  );
}

const NEEDS: readonly (readonly [scope: string, ...keys: (keyof Capabilities)[]])[] = [
  ['accounting.invoices', 'document.post', 'document.list'],
  ['accounting.manualjournals', 'journal.post'],
  ['accounting.contacts', 'customer.read'],
];

/** What the person has not granted, or an app with the broad scopes calls otherwise. */
export function narrow(ctx: XeroCtx): Capabilities {
  const granted = ctx.facts['scopes']?.split(' ');
  if (granted === undefined) return {};
  const broad = granted.includes('accounting.transactions');
  const lacking = NEEDS.filter(([scope]) => !granted.includes(scope) && !(broad && scope !== 'accounting.contacts'));
  return Object.fromEntries(lacking.flatMap(([, ...keys]) => keys.map((key) => [key, 'NOT_POSSIBLE'])));
}
