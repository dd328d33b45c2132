import type { AuthCtx } from '../context.ts';
import type { Awaitable, Duration, Instant } from '../plain.ts';
import type { Verification } from '../verification.ts';
import type { Signing } from './signing.ts';

/** How a call carries the credential: templates over `{credential.x}`, `{secrets.x}`, `{settings.x}`, `{facts.x}`. */
export interface Placing {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Where calls are signed, beside or instead of what is placed. */
  readonly sign?: Signing;
}

/** What a log-in gave. The host seals it, keeps it over restarts, and saves it before the first call that uses it. */
export interface Credential {
  /** Named in templates as `{credential.x}`: `token`, `refreshToken`, cookies. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Renewed some time before. Left out: good until the platform says 401. */
  readonly expiresAt?: Instant;
  /** Dies when it is not renewed by then, used or not. */
  readonly useBefore?: Instant;
  /** What the token reply or the callback told and what calls need: tenant, realm, shop, data centre. Become the connection's facts. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Where a person is sent to say yes. The host adds `state`, `redirect_uri` and the PKCE challenge. */
export interface Authorize {
  /** One of the declared hosts. */
  readonly host: string;
  readonly path: string;
  readonly scopes: readonly string[];
  /** A space where left out. */
  readonly scopeSeparator?: ' ' | ',';
  /** The setting whose value is the client id; `clientId` where left out. */
  readonly clientId?: string;
  readonly pkce: boolean;
  /** More of the query, as templates. */
  readonly query?: Readonly<Record<string, string>>;
  /** Where the platform signs the way back (Shopify): checked over the callback's query before anything else. */
  readonly callback?: Verification;
}

/** How the connector proves to the platform who it is. Made by `bearer`, `headersAuth`, `signedAuth`, `noAuth`, `oauth2Code`, `clientCredentials`, `tokenAuth`. */
export interface Auth {
  /** `secret`: settings are placed as they are. `token`: a credential is obtained and renewed. */
  readonly by: 'none' | 'secret' | 'token';
  readonly place: Placing;
  /** For calls in the app's own name (`Call.as: 'app'`): templates over the app's `{secrets.x}`. */
  readonly placeAsApp?: Placing;
  /** For calls to these of the declared hosts, where they want the credential otherwise, or another one of the same log-in. */
  readonly placeAt?: Readonly<Record<string, Placing>>;
  /** Who has the credential together, and so one lock and one renewal: this connection, all of one grant, or all of one app. `connection` where left out. */
  readonly shared?: 'connection' | 'grant' | 'app';
  readonly authorize?: Authorize;
  /** How long an unused credential lives (Xero 60 days). The host renews it in time. */
  readonly idleLife?: Duration;
  /** Exchanges what the callback brought for a credential. */
  accept?(ctx: AuthCtx, callback: Callback): Awaitable<Credential>;
  /** Logs in, or renews what there is. Throws `CallError` BAD_CREDENTIALS where the grant is dead. */
  obtain?(ctx: AuthCtx, have: Credential | undefined): Awaitable<Credential>;
  revoke?(ctx: AuthCtx, have: Credential): Awaitable<void>;
}

/** One of several ways, in force while the setting `whenSet` has a value; the last may leave it out. The first that applies is the only one used. */
export type AuthChoice = Auth & { readonly whenSet?: string };

/** The way back from the platform, its state already checked. */
export interface Callback {
  readonly query: Readonly<Record<string, string>>;
  readonly redirectUri: string;
  readonly codeVerifier?: string;
}

/** `Authorization: Bearer <the secret setting>`. */
export const bearer = (setting: string): Auth => ({ by: 'secret', place: { headers: { authorization: `Bearer {secrets.${setting}}` } } });

/** The credential in headers of the platform's own, as templates: `{ 'x-api-key': '{secrets.apiKey}' }`. */
export const headersAuth = (headers: Readonly<Record<string, string>>): Auth => ({ by: 'secret', place: { headers } });

/** Each call is signed with a key that both sides know, and carries nothing else. */
export const signedAuth = (sign: Signing): Auth => ({ by: 'secret', place: { sign } });

/** Nothing is added to a call: the address itself is the secret, or the platform is open. */
export const noAuth = (): Auth => ({ by: 'none', place: {} });

/** A log-in of the platform's own kind: session, service account, sign-in by several steps. `place` is `Authorization: Bearer {credential.token}` where left out. */
export const tokenAuth = (
  auth: Pick<Auth, 'shared' | 'placeAsApp' | 'placeAt' | 'idleLife'> & {
    readonly place?: Placing;
    readonly obtain: NonNullable<Auth['obtain']>;
    readonly revoke?: NonNullable<Auth['revoke']>;
  },
): Auth => ({ by: 'token', ...auth, place: auth.place ?? BEARER_TOKEN });

export const BEARER_TOKEN: Placing = { headers: { authorization: 'Bearer {credential.token}' } };

/** The way in force: the only one, or the first whose setting has a value, else the one without `whenSet`. */
export function authInForce(auth: Auth | readonly AuthChoice[], isSet: (setting: string) => boolean): Auth | undefined {
  if (!('length' in auth)) return auth;
  return auth.find((choice) => choice.whenSet === undefined || isSet(choice.whenSet));
}
