import { type AuthChoice, clientCredentials, headersAuth, oauth2Code, type Plain, type TokenReply, z } from '@valehub/connector-kit';

/** What is asked of the shop. `read_all_orders` is not: Shopify gives it to an app on request only. */
const SCOPES = [
  'read_orders',
  'read_locations',
  'read_products',
  'read_discounts',
  'write_discounts',
  'read_customers',
  'write_customers',
] as const;

const place = { headers: { 'x-shopify-access-token': '{credential.token}' } };
const token = { host: 'shop', path: '/admin/oauth/access_token', clientAuth: 'body' } as const;

const tokenReply = z.object({
  access_token: z.string().optional(),
  expires_in: z.int().positive().optional(),
  refresh_token: z.string().optional(),
  scope: z.string().optional(),
});

/** Shopify names no type, and its tokens travel in a header of their own. */
const reply = (body: { readonly [name: string]: Plain }): TokenReply => ({ ...tokenReply.parse(body), token_type: 'bearer' });

export const auth: readonly AuthChoice[] = [
  { ...headersAuth({ 'x-shopify-access-token': '{secrets.accessToken}' }), whenSet: 'accessToken' },
  { ...clientCredentials({ place, token, reply }), whenSet: 'logInAs' },
  oauth2Code({
    place,
    // Asked for an expiring token, Shopify gives one for an hour with a refresh token for 90 days. A shop that answers with a lasting
    // one, without a refresh token, is taken at its word.
    token: { ...token, parameters: { expiring: '1' } },
    idleLife: 'P90D',
    reply,
    authorize: {
      host: 'shop',
      path: '/admin/oauth/authorize',
      scopes: SCOPES,
      scopeSeparator: ',',
      pkce: false,
      callback: {
        by: 'hmac',
        hash: 'sha256',
        key: { secret: 'clientSecret' },
        signed: ['body'],
        signature: { query: 'hmac' },
        encoding: 'hex',
        // Shopify's own libraries allow this much.
        time: { at: { query: 'timestamp' }, unit: 's', window: 'PT90S' },
      },
    },
  }),
];
