import * as oauth from 'oauth4webapi';
import type { AuthCtx } from '../context.ts';
import { CallError } from '../failure.ts';
import type { Duration, Plain } from '../plain.ts';
import { durationMs } from '../time.ts';
import { type Auth, type Authorize, BEARER_TOKEN, type Callback, type Credential, type Placing } from './auth.ts';

/** Where tokens are given out. */
export interface TokenEndpoint {
  /** One of the declared hosts. */
  readonly host: string;
  readonly path: string;
  /** How the client proves itself: Basic, or `client_id` and `client_secret` in the body, or the id alone (PKCE). */
  readonly clientAuth: 'basic' | 'body' | 'none';
  /** More members of the request, as they are. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A token reply as the standard has it; what platforms do otherwise is put right by `reply`. */
export interface TokenReply {
  readonly access_token?: string | undefined;
  readonly token_type?: string | undefined;
  /** Seconds. */
  readonly expires_in?: number | undefined;
  readonly refresh_token?: string | undefined;
  readonly id_token?: string | undefined;
  readonly scope?: string | undefined;
}

/** A refusal as the standard has it: `invalid_grant` and `invalid_client` mean that a person has to act. */
export interface TokenRefusal {
  readonly error: string;
  readonly error_description?: string | undefined;
}

interface Common {
  readonly token: TokenEndpoint;
  readonly place?: Placing;
  readonly placeAsApp?: Placing;
  readonly idleLife?: Duration;
  /** Brings a platform's own form of the token reply into the standard's. Adding `token_type` is the usual case. */
  reply?(body: { readonly [name: string]: Plain }): TokenReply;
  /** Brings a platform's own form of a refusal into the standard's, where it has no `error`; undefined where it is none. */
  refusal?(body: { readonly [name: string]: Plain }): TokenRefusal | undefined;
  /** What the reply and the callback tell that calls need. */
  facts?(told: {
    readonly reply: { readonly [name: string]: Plain };
    readonly callback: Readonly<Record<string, string>>;
  }): Readonly<Record<string, string>>;
}

export interface OAuth2CodeOptions extends Common {
  readonly authorize: Authorize;
  readonly shared?: Auth['shared'];
  readonly revoke?: { readonly host: string; readonly path: string };
  /** `false`: access tokens never expire and there is no refresh token. Left out: as the token reply says, where it hangs on the app (Slack, Shopify). */
  readonly refreshes?: boolean;
}

export interface ClientCredentialsOptions extends Common {
  readonly shared?: Auth['shared'];
  readonly scopes?: readonly string[];
}

type Told = { readonly [name: string]: Plain };
interface Obtained {
  readonly tokens: TokenReply;
  readonly told: Told;
}

const clientOf = (ctx: AuthCtx, endpoint: TokenEndpoint): { readonly client: oauth.Client; readonly auth: oauth.ClientAuth } => {
  const { clientId, clientSecret } = ctx.secrets;
  const id = clientId ?? (typeof ctx.settings['clientId'] === 'string' ? ctx.settings['clientId'] : undefined);
  if (id === undefined || (endpoint.clientAuth !== 'none' && clientSecret === undefined))
    throw new CallError({ code: 'BAD_CREDENTIALS', message: 'Client id and client secret have not been entered.' });
  const auth = {
    basic: () => oauth.ClientSecretBasic(clientSecret ?? ''),
    body: () => oauth.ClientSecretPost(clientSecret ?? ''),
    none: () => oauth.None(),
  }[endpoint.clientAuth]();
  return { client: { client_id: id }, auth };
};

function serverOf(ctx: AuthCtx, endpoint: { readonly host: string; readonly path: string }): oauth.AuthorizationServer {
  const url = ctx.urlOf(endpoint.host, endpoint.path);
  return { issuer: new URL(url).origin, token_endpoint: url, revocation_endpoint: url };
}

/** The host decides which addresses may be called, so the library's own rule of https only must not stand in the way of stand-ins. */
const means = (ctx: AuthCtx) => ({ [oauth.customFetch]: ctx.fetch, [oauth.allowInsecureRequests]: true, signal: ctx.signal });

/** The platform's word on a refused grant: only `invalid_client` and `invalid_grant` mean that a person has to act. */
function refused(cause: unknown): never {
  if (cause instanceof CallError) throw cause;
  if (cause instanceof oauth.ResponseBodyError) {
    const dead = /^(invalid_grant|invalid_client|unauthorized_client|access_denied)$/.test(cause.error);
    throw new CallError({
      code: dead ? 'BAD_CREDENTIALS' : cause.status === 429 ? 'RATE_LIMITED' : cause.status >= 500 ? 'PLATFORM_DOWN' : 'BAD_CREDENTIALS',
      message: `The platform refused to give a token: ${cause.error}${cause.error_description ? `, ${cause.error_description}` : ''}.`,
    });
  }
  if (cause instanceof oauth.OperationProcessingError || cause instanceof oauth.WWWAuthenticateChallengeError)
    throw new CallError({ code: 'BAD_REPLY', message: `The token reply is not in the form of OAuth 2 (${cause.code ?? 'unknown'}).` });
  throw cause;
}

/** Reads the reply once for the facts and the platform's own form, and once by the library. */
async function processed(
  response: Response,
  options: Common,
  process: (response: Response) => Promise<oauth.TokenEndpointResponse>,
): Promise<Obtained> {
  const text = await response.text();
  let told: Told = {};
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) told = body as Told;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  if (response.status >= 500 || (response.status === 429 && !('error' in told)))
    throw new CallError({
      code: response.status === 429 ? 'RATE_LIMITED' : 'PLATFORM_DOWN',
      message: `The platform answered ${response.status} when asked for a token.`,
    });
  const refusal = response.ok || 'error' in told ? undefined : options.refusal?.(told);
  const standard = response.ok && options.reply ? JSON.stringify(options.reply(told)) : refusal ? JSON.stringify(refusal) : text;
  const again = new Response(standard, { status: response.status, headers: { 'content-type': 'application/json' } });
  return { tokens: await process(again), told };
}

function credentialOf(
  ctx: AuthCtx,
  options: Common,
  { tokens, told }: Obtained,
  callback: Readonly<Record<string, string>>,
  have?: Credential,
): Credential {
  const now = Date.parse(ctx.now());
  const refreshToken = tokens.refresh_token ?? have?.secrets['refreshToken'];
  const facts = { ...have?.facts, ...options.facts?.({ reply: told, callback }) };
  return {
    secrets: {
      token: tokens.access_token ?? '',
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(tokens.id_token === undefined ? {} : { idToken: tokens.id_token }),
    },
    ...(tokens.expires_in === undefined ? {} : { expiresAt: new Date(now + tokens.expires_in * 1000).toISOString() }),
    // What cannot be renewed does not die of not being renewed.
    ...(options.idleLife === undefined || refreshToken === undefined
      ? {}
      : { useBefore: new Date(now + durationMs(options.idleLife)).toISOString() }),
    ...(Object.keys(facts).length === 0 ? {} : { facts }),
  };
}

/** Authorization code with refresh: a person says yes in a browser, once. Settings or app have `clientId` and `clientSecret`. */
export function oauth2Code(options: OAuth2CodeOptions): Auth {
  const { token } = options;
  async function exchange(ctx: AuthCtx, callback: Callback): Promise<Credential> {
    const { client, auth } = clientOf(ctx, token);
    const server = serverOf(ctx, token);
    try {
      const query = new URLSearchParams(callback.query);
      // The host has checked the state, and some platforms name an issuer of their own.
      query.delete('state');
      query.delete('iss');
      const parameters = oauth.validateAuthResponse(server, client, query, oauth.expectNoState);
      const response = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        auth,
        parameters,
        callback.redirectUri,
        callback.codeVerifier ?? oauth.nopkce,
        { ...means(ctx), ...(token.parameters ? { additionalParameters: token.parameters } : {}) },
      );
      const obtained = await processed(response, options, (again) => oauth.processGenericTokenEndpointResponse(server, client, again));
      return credentialOf(ctx, options, obtained, callback.query);
    } catch (cause) {
      if (cause instanceof oauth.AuthorizationResponseError)
        throw new CallError({
          code: 'BAD_CREDENTIALS',
          message: `The platform did not agree: ${cause.error}${cause.error_description ? `, ${cause.error_description}` : ''}.`,
        });
      return refused(cause);
    }
  }
  async function renew(ctx: AuthCtx, have: Credential | undefined): Promise<Credential> {
    const refreshToken = have?.secrets['refreshToken'];
    if (have !== undefined && (options.refreshes === false || refreshToken === undefined))
      throw new CallError({
        code: 'BAD_CREDENTIALS',
        message: 'The platform no longer accepts the token of this connection; authorise it again.',
      });
    if (refreshToken === undefined)
      throw new CallError({ code: 'BAD_CREDENTIALS', message: 'Nobody has authorised this connection at the platform yet.' });
    const { client, auth } = clientOf(ctx, token);
    const server = serverOf(ctx, token);
    try {
      const response = await oauth.refreshTokenGrantRequest(server, client, auth, refreshToken, {
        ...means(ctx),
        ...(token.parameters ? { additionalParameters: token.parameters } : {}),
      });
      const obtained = await processed(response, options, (again) => oauth.processGenericTokenEndpointResponse(server, client, again));
      return credentialOf(ctx, options, obtained, {}, have);
    } catch (cause) {
      return refused(cause);
    }
  }
  async function revoke(ctx: AuthCtx, have: Credential): Promise<void> {
    if (!options.revoke) return;
    const { client, auth } = clientOf(ctx, token);
    try {
      const response = await oauth.revocationRequest(
        serverOf(ctx, options.revoke),
        client,
        auth,
        have.secrets['refreshToken'] ?? have.secrets['token'] ?? '',
        means(ctx),
      );
      await oauth.processRevocationResponse(response);
    } catch (cause) {
      refused(cause);
    }
  }
  return {
    by: 'token',
    shared: options.shared ?? 'grant',
    place: options.place ?? BEARER_TOKEN,
    ...(options.placeAsApp ? { placeAsApp: options.placeAsApp } : {}),
    ...(options.idleLife ? { idleLife: options.idleLife } : {}),
    authorize: options.authorize,
    accept: exchange,
    obtain: renew,
    ...(options.revoke ? { revoke } : {}),
  };
}

/** A machine's own log-in: client id and secret for a token, nobody in between. */
export function clientCredentials(options: ClientCredentialsOptions): Auth {
  const { token } = options;
  return {
    by: 'token',
    shared: options.shared ?? 'connection',
    place: options.place ?? BEARER_TOKEN,
    ...(options.placeAsApp ? { placeAsApp: options.placeAsApp } : {}),
    async obtain(ctx) {
      const { client, auth } = clientOf(ctx, token);
      const server = serverOf(ctx, token);
      try {
        const parameters = { ...token.parameters, ...(options.scopes ? { scope: options.scopes.join(' ') } : {}) };
        const response = await oauth.clientCredentialsGrantRequest(server, client, auth, parameters, means(ctx));
        return credentialOf(
          ctx,
          options,
          await processed(response, options, (again) => oauth.processClientCredentialsResponse(server, client, again)),
          {},
        );
      } catch (cause) {
        return refused(cause);
      }
    },
  };
}

/** A new PKCE verifier with its S256 challenge. */
export async function pkcePair(): Promise<{ readonly verifier: string; readonly challenge: string }> {
  const verifier = oauth.generateRandomCodeVerifier();
  return { verifier, challenge: await oauth.calculatePKCECodeChallenge(verifier) };
}
