import type { z } from 'zod';
import type { Capabilities } from './capabilities.ts';
import type { Ctx, Reply } from './context.ts';
import type { Failure } from './failure.ts';
import type { Fetch, Resource, Webhooks } from './notices.ts';
import type { Awaitable, Day, Duration, Instant } from './plain.ts';
import type { Action, Roles } from './verbs.ts';

/**
 * Where the platform answers. `url` may hold `{settings.x}` and, for an address that is itself a secret, `{secrets.x}`.
 * An object gives it by the kit's setting `environment`, where the platform has more than one.
 */
export interface HostRule {
  readonly url: string | { readonly [environment in 'production' | 'sandbox']: string };
  /** What the host name must be where a setting makes it: exact, or `*.example.com`. */
  readonly allow?: readonly string[];
}

/** How a call carries the credential: templates over `{secrets.x}`, `{settings.x}`, `{facts.x}`. */
export interface Placing {
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** Made by `bearer`, `headersAuth`, `noAuth`. OAuth and log-ins follow. */
export interface Auth {
  readonly by: 'secret' | 'none';
  readonly place: Placing;
}

/** Who the credentials belong to. */
export interface Identity {
  readonly account: string;
  readonly name: string;
  readonly scopes?: readonly string[];
  readonly facts?: Readonly<Record<string, string>>;
}

export interface PlatformLocation {
  readonly id: string;
  readonly name: string;
  readonly currency?: string;
  readonly zone?: string;
}

/** What the platform lets us do. Shared by all processes; the host keeps it. */
export interface Limit {
  readonly name: string;
  readonly per: 'account' | 'location' | 'target';
  readonly unit: 'request' | 'point' | 'concurrent';
  readonly amount: number;
  /** For requests and points. */
  readonly every?: Duration;
  readonly burst?: number;
}

/** What a reply told about a limit. `wait`: nothing more for so long. */
export interface Pace {
  readonly limit: string;
  readonly remaining?: number;
  readonly restoresAt?: Instant;
  readonly wait?: Duration;
}

/** A version of the platform's API. The host warns 90 days before `until`. */
export interface ApiVersion {
  readonly id: string;
  readonly link: string;
  readonly until?: Day;
}

/**
 * A connector is this value. What the host must know without calling is data; functions take and give plain data only.
 * Everything left out is not offered.
 */
export interface Connector<S extends z.ZodObject = z.ZodObject> {
  /** Lower case with dashes; the package is `@valehub/connector-<id>` or a partner's own name. */
  readonly id: string;
  readonly title: string;
  /** Where the platform explains its API. */
  readonly docs: string;
  /** The kit's versions it was written for: `^0.1.0`. Checked at boot. */
  readonly kit: string;
  /** The first is the one that is called. */
  readonly versions: readonly [ApiVersion, ...ApiVersion[]];
  /** A strict object. The kit adds `environment`, `apiBaseUrl`, `locations` and `tlsCa`. */
  readonly settings: S;
  readonly hosts: { readonly api: HostRule; readonly [name: string]: HostRule };
  readonly auth: Auth;
  /** On every call: templates over `{version}`, `{settings.x}`, `{facts.x}`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The cheap test call. A platform that cannot tell (a secret URL) gives what the settings say. */
  identify(ctx: Ctx<S>): Awaitable<Identity>;
  /** Left out: one connection is one store. */
  locations?(ctx: Ctx<S>): Awaitable<readonly PlatformLocation[]>;
  readonly limits: readonly Limit[];
  /** What a reply tells about the limits, beyond `Retry-After`. */
  pace?(reply: Reply): readonly Pace[];
  /** Only where the platform differs from the table by status; undefined = as the table says. Asked for 2xx too. */
  failure?(reply: Reply): Failure | undefined;
  readonly webhooks?: Webhooks<S>;
  readonly fetch?: { readonly [resource in Resource]?: Fetch<S> };
  readonly roles: Partial<Roles<S>>;
  readonly actions?: Readonly<Record<string, Action<S>>>;
  /** What is left out is NOT_POSSIBLE. */
  readonly capabilities: Capabilities;
}

/** Gives the declaration its types and returns it as the host takes it. Faults are found by `checkConnector` at boot, all at once. */
export function defineConnector<S extends z.ZodObject>(connector: Connector<S>): Connector {
  return connector;
}

/** `Authorization: Bearer <the secret setting>`. */
export const bearer = (setting: string): Auth => ({ by: 'secret', place: { headers: { authorization: `Bearer {secrets.${setting}}` } } });

/** The credential in headers of the platform's own, as templates: `{ 'x-api-key': '{secrets.apiKey}' }`. */
export const headersAuth = (headers: Readonly<Record<string, string>>): Auth => ({ by: 'secret', place: { headers } });

/** Nothing is added to a call: the address itself is the secret, or the platform is open. */
export const noAuth = (): Auth => ({ by: 'none', place: {} });
