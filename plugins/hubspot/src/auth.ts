import { type AuthChoice, bearer, oauth2Code, type Placing, z } from '@valehub/connector-kit';
import { API_VERSION } from './client.ts';

/** What the hub asks for. The properties of its own are made with the rights to schemas. */
const SCOPES = [
  'oauth',
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.objects.deals.read',
  'crm.objects.deals.write',
  'crm.schemas.contacts.write',
  'crm.schemas.deals.write',
] as const;

/** UNVERIFIED for date-versioned paths: their specification names the scheme and the rights `developers-*`, earlier pages showed the key. */
const asApp: Placing = { query: { hapikey: '{secrets.developerApiKey}' } };

const told = z.object({ hub_id: z.union([z.int(), z.string()]).optional(), scopes: z.array(z.string()).optional() });
const ownRefusal = z.object({ status: z.string(), message: z.string().optional() });

/** OAuth 1 (`/oauth/v1`) ends on 2027-02-16 and is not used. */
const agreed = oauth2Code({
  authorize: {
    host: 'app',
    path: '/oauth/authorize',
    scopes: [...SCOPES],
    // The specification of tokens takes a verifier; that of the page that a person sees says nothing of a challenge.
    pkce: false,
    query: { optional_scope: 'communication_preferences.read_write timeline' },
  },
  token: { host: 'api', path: `/oauth/${API_VERSION}/token`, clientAuth: 'body' },
  revoke: { host: 'api', path: `/oauth/${API_VERSION}/token/revoke` },
  placeAsApp: asApp,
  // Before version 3 a dead grant had this form; that it never has it now is UNVERIFIED.
  refusal(body) {
    const { data } = ownRefusal.safeParse(body);
    return data && /^BAD_(REFRESH_TOKEN|AUTH_CODE|CLIENT_ID|CLIENT_SECRET)$/.test(data.status)
      ? { error: 'invalid_grant', error_description: data.message }
      : undefined;
  },
  facts({ reply }) {
    const { data } = told.safeParse(reply);
    return {
      ...(data?.hub_id === undefined ? {} : { portalId: String(data.hub_id) }),
      ...(data?.scopes === undefined ? {} : { scopes: data.scopes.join(' ') }),
    };
  },
});

export const auth: readonly AuthChoice[] = [{ ...bearer('accessToken'), placeAsApp: asApp, whenSet: 'accessToken' }, agreed];
