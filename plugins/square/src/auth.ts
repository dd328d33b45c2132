import { type Auth, type AuthChoice, type AuthCtx, BEARER_TOKEN, bearer, CallError, type Credential, z } from '@valehub/connector-kit';
import { tokens } from './schemas.ts';

/** What the connector makes use of; a seller may give less. */
const SCOPES = [
  'MERCHANT_PROFILE_READ',
  'ORDERS_READ',
  'ORDERS_WRITE',
  'PAYMENTS_READ',
  'ITEMS_READ',
  'ITEMS_WRITE',
  'CUSTOMERS_READ',
  'CUSTOMERS_WRITE',
  'LOYALTY_READ',
] as const;

const clients = z.object({ clientId: z.string().optional() });

function clientOf(ctx: AuthCtx): { readonly id: string; readonly secret: string } {
  const { clientId: id } = clients.parse(ctx.settings);
  const secret = ctx.secrets['clientSecret'];
  if (id !== undefined && secret !== undefined) return { id, secret };
  throw new CallError({
    code: 'BAD_CREDENTIALS',
    message: 'Enter an access token, or the application ID and secret with which sellers give leave.',
  });
}

/** Square's tokens live for 30 days; its engineers ask to renew them about weekly, so that one that does not work is seen in time. */
const RENEW_MS = 8 * 86_400_000;

async function give(ctx: AuthCtx, grant: Readonly<Record<string, string>>, refreshToken?: string): Promise<Credential> {
  const { id, secret } = clientOf(ctx);
  const answer = await ctx.tryCall({
    path: '/oauth2/token',
    json: { client_id: id, client_secret: secret, ...grant },
    reply: tokens,
  });
  if ('failed' in answer) {
    const { code } = answer.failed;
    // Whatever is wrong with a grant, a person has to give leave anew.
    const isDead = code === 'BAD_INPUT' || code === 'FORBIDDEN_SCOPE' || code === 'NOT_FOUND';
    throw new CallError(isDead ? { ...answer.failed, code: 'BAD_CREDENTIALS' } : answer.failed);
  }
  const { access_token: token, refresh_token: fresh, expires_at: expires } = answer.value;
  const kept = fresh ?? refreshToken;
  const renewBy = Date.parse(ctx.now()) + RENEW_MS;
  return {
    secrets: { token, ...(kept === undefined ? {} : { refreshToken: kept }) },
    ...(expires ? { expiresAt: new Date(Math.min(Date.parse(expires), renewBy)).toISOString() } : {}),
  };
}

const AS_APP = { headers: { authorization: 'Bearer {secrets.appAccessToken}' } };

/** Square's own form of OAuth 2: bodies in JSON, times instead of lives, refusals as lists of errors. */
const byLeave: Auth = {
  by: 'token',
  shared: 'grant',
  place: BEARER_TOKEN,
  placeAsApp: AS_APP,
  authorize: { host: 'api', path: '/oauth2/authorize', scopes: SCOPES, pkce: false },
  accept(ctx, { query, redirectUri }) {
    const code = query['code'];
    if (code !== undefined) return give(ctx, { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
    const words = [query['error'], query['error_description']].filter((word) => word !== undefined).join(', ');
    throw new CallError({ code: 'BAD_CREDENTIALS', message: `Square brought no leave back: ${words || 'nothing was said'}.` });
  },
  obtain(ctx, have) {
    const refreshToken = have?.secrets['refreshToken'];
    if (refreshToken !== undefined) return give(ctx, { grant_type: 'refresh_token', refresh_token: refreshToken }, refreshToken);
    clientOf(ctx);
    throw new CallError({ code: 'BAD_CREDENTIALS', message: 'The seller has not given leave yet.' });
  },
  async revoke(ctx, have) {
    const { id, secret } = clientOf(ctx);
    await ctx.call({
      path: '/oauth2/revoke',
      headers: { authorization: `Client ${secret}` },
      json: { client_id: id, access_token: have.secrets['token'] ?? '' },
      reply: z.object({ success: z.literal(true) }),
    });
  },
};

/** A seller's own token does not expire; the leave of any other seller is given in the browser and renewed. */
export const auth: readonly AuthChoice[] = [{ ...bearer('accessToken'), placeAsApp: AS_APP, whenSet: 'accessToken' }, byLeave];
