import { type Auth, type AuthCtx, CallError, type Credential, type Failure, pkcePair, tokenAuth, z } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';

/** API accounts have no page to come back to: this address is the word for it. */
const REDIRECT = 'apiaccount://callback';
const OIDC = '/oidc-provider/v1/oauth2';

interface Account {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

interface Tokens {
  readonly token: string;
  readonly refreshToken: string | undefined;
  /** Seconds. */
  readonly lives: number | undefined;
}

const cookieHeader = (cookies: Readonly<Record<string, string>>): Record<string, string> => {
  const pairs = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? {} : { cookie: pairs.join('; ') };
};

/** A client id that nobody knows, a wrong code: whatever the status, a person has to look at what was entered. */
const refused = (failed: Failure): CallError =>
  new CallError(failed.code === 'BAD_INPUT' || failed.code === 'FORBIDDEN_SCOPE' ? { ...failed, code: 'BAD_CREDENTIALS' } : failed);

async function ask<T extends z.ZodType>(ctx: AuthCtx, call: Parameters<typeof ctx.tryCall<T>>[0]) {
  const answer = await ctx.tryCall({ ...call, host: 'identity' });
  if ('failed' in answer) throw refused(answer.failed);
  return answer;
}

const tokensOf = ({ id_token: token, refresh_token: refresh, expires_in: lives }: z.output<typeof schemas.tokens>): Tokens => ({
  token,
  refreshToken: refresh ?? undefined,
  lives: lives ?? undefined,
});

/** Authorize, sign in, exchange: one after the other, with the cookies of each step brought along to the next. */
async function signIn(ctx: AuthCtx, { clientId, username, password }: Account, orgname: string): Promise<Tokens> {
  const { verifier, challenge } = await pkcePair();
  const begun = await ask(ctx, {
    path: `${OIDC}/authorize`,
    query: {
      response_type: 'code',
      client_id: clientId,
      scope: 'openid',
      redirect_uri: REDIRECT,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    },
    read: 'none',
    redirects: 'answer',
    reply: z.null(),
  });
  const { value, cookies } = await ask(ctx, {
    path: `${OIDC}/signin`,
    headers: cookieHeader(begun.cookies),
    form: { username, password, orgname },
    reply: schemas.signedIn,
  });
  const [, code = ''] = /[?&]code=([^&]+)/.exec(value.redirectUrl) ?? [];
  const exchanged = await ask(ctx, {
    path: `${OIDC}/token`,
    headers: cookieHeader({ ...begun.cookies, ...cookies }),
    form: {
      scope: 'openid',
      grant_type: 'authorization_code',
      client_id: clientId,
      code_verifier: verifier,
      code: decodeURIComponent(code),
      redirect_uri: REDIRECT,
    },
    reply: schemas.tokens,
  });
  return tokensOf(exchanged.value);
}

/** Undefined where the provider will not renew it any more: it is asked anew with the password then. */
async function renewed(ctx: AuthCtx, { clientId }: Account, refreshToken: string): Promise<Tokens | undefined> {
  const form = { scope: 'openid', grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken, redirect_uri: REDIRECT };
  const answer = await ctx.tryCall({ host: 'identity', path: `${OIDC}/token`, form, reply: schemas.tokens });
  // Where the reply brings no new refresh token, the old one stays good.
  if (!('failed' in answer)) return tokensOf({ ...answer.value, refresh_token: answer.value.refresh_token ?? refreshToken });
  if (/^(BAD_INPUT|BAD_CREDENTIALS|FORBIDDEN_SCOPE|NOT_FOUND)$/.test(answer.failed.code)) return undefined;
  throw new CallError(answer.failed);
}

const logIn = async (ctx: AuthCtx, account: Account, organization: string, refreshToken: string | undefined): Promise<Tokens> =>
  (refreshToken === undefined ? undefined : await renewed(ctx, account, refreshToken)) ?? (await signIn(ctx, account, organization));

const accounts = z.object({
  organization: z.string(),
  clientId: z.string(),
  username: z.string(),
  configurationClientId: z.string().optional(),
  configurationUsername: z.string().optional(),
});

/**
 * The account of the Configuration API is one of another kind, with a password of its own. Where it cannot log in, checks must still come
 * in: its token is left out then, and only publishing fails.
 */
async function configurationTokens(ctx: AuthCtx, have: Credential | undefined): Promise<Record<string, string>> {
  const { organization, configurationClientId: clientId, configurationUsername: username } = accounts.parse(ctx.settings);
  const password = ctx.secrets['configurationPassword'];
  if (clientId === undefined || username === undefined || password === undefined) return {};
  try {
    const { token, refreshToken } = await logIn(ctx, { clientId, username, password }, organization, have?.secrets['configurationRefresh']);
    return { configurationToken: token, ...(refreshToken === undefined ? {} : { configurationRefresh: refreshToken }) };
  } catch (cause) {
    if (cause instanceof CallError && cause.failure.code === 'BAD_CREDENTIALS') return {};
    throw cause;
  }
}

async function obtain(ctx: AuthCtx, have: Credential | undefined): Promise<Credential> {
  const { organization, clientId, username } = accounts.parse(ctx.settings);
  const account = { clientId, username, password: ctx.secrets['password'] ?? '' };
  const { token, refreshToken, lives } = await logIn(ctx, account, organization, have?.secrets['refreshToken']);
  return {
    secrets: { token, ...(refreshToken === undefined ? {} : { refreshToken }), ...(await configurationTokens(ctx, have)) },
    // A token is good for 14 days; Oracle advises to renew it after half of them, so that there is time where the provider is away.
    ...(lives === undefined ? {} : { expiresAt: new Date(Date.parse(ctx.now()) + lives * 500).toISOString() }),
  };
}

/** The id token is the bearer, not the access token. Nobody has to be there: the API account signs itself in. */
export const auth: Auth = tokenAuth({
  obtain,
  placeAt: { configuration: { headers: { authorization: 'Bearer {credential.configurationToken}' } } },
});
