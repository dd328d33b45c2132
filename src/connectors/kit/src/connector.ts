import type { z } from 'zod';
import type { Auth, AuthChoice } from './auth/auth.ts';
import type { Capabilities, Publishing } from './capabilities.ts';
import type { Ctx, Reply } from './context.ts';
import type { Failure } from './failure.ts';
import type { Feed } from './feeds.ts';
import type { Fetch, Resource, Webhooks } from './notices.ts';
import type { Awaitable, Day, Duration, Instant } from './plain.ts';
import type { Question } from './questions.ts';
import type { Action, Roles } from './verbs.ts';

/**
 * Where the platform answers. `url` may hold `{settings.x}`, `{facts.x}` and, for an address that is itself a secret, `{secrets.x}`.
 * An object gives it by the kit's setting `environment`, where the platform has more than one.
 */
export interface HostRule {
  readonly url: string | { readonly [environment in 'production' | 'sandbox']: string };
  /** What the host name must be where a setting or a fact makes it: exact, `*.example.com`, or `*` where the customer runs it (then a private address needs the operator's leave). */
  readonly allow?: readonly string[];
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
  readonly per: 'app' | 'grant' | 'account' | 'location' | 'target';
  readonly unit: 'request' | 'point' | 'concurrent';
  /** A number, or a fact of the account (Shopify's plan) with what holds while it is unknown. */
  readonly amount: number | { readonly fact: string; readonly otherwise: number };
  /** For requests and points. */
  readonly every?: Duration;
  readonly burst?: number;
}

/** What a reply told about a limit. `remaining`: units left now. `wait`: nothing more for so long. */
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

/** One of the values that a setting may have: a pipeline, a channel, a sheet. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/**
 * A connector is this value. What the host must know without calling is data; functions take and give plain data only.
 * Everything left out is not offered.
 */
export interface Connector<S extends z.ZodObject = z.ZodObject, A extends z.ZodObject = z.ZodObject> {
  /** Lower case with dashes; the package is `@valehub/connector-<id>` or a partner's own name. */
  readonly id: string;
  readonly title: string;
  /** Where the platform explains its API. */
  readonly docs: string;
  /** The kit's versions it was written for: `^0.2.0`. Checked at boot. */
  readonly kit: string;
  /** The first is the one that is called. */
  readonly versions: readonly [ApiVersion, ...ApiVersion[]];
  /**
   * The developer app at the platform: client id and secret, signing keys. A strict object. Entered once as an App and shared by many
   * connections; a connection without an App has the same members among its settings, which the kit adds.
   */
  readonly app?: A;
  /** A strict object. The kit adds `environment`, `apiBaseUrl`, `locations` and `tlsCa`, and the members of `app`. */
  readonly settings: S;
  readonly hosts: { readonly api: HostRule; readonly [name: string]: HostRule };
  readonly auth: Auth | readonly AuthChoice[];
  /** On every call: templates over `{version}`, `{settings.x}`, `{facts.x}`, `{account}`, `{location}`. One that has no value is left out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The cheap test call. A platform that cannot tell (a secret URL) gives what the settings say. Several accounts behind one grant: the person chooses. */
  identify(ctx: Ctx<S>): Awaitable<Identity | { readonly choose: readonly Identity[] }>;
  /** Live values for settings that are marked `.meta({ choices: '<name>' })`. */
  readonly choices?: Readonly<Record<string, (ctx: Ctx<S>) => Awaitable<readonly Choice[]>>>;
  /** Left out: one connection is one store. */
  locations?(ctx: Ctx<S>): Awaitable<readonly PlatformLocation[]>;
  readonly limits: readonly Limit[];
  /** What a reply tells about the limits, beyond `Retry-After`. */
  pace?(reply: Reply): readonly Pace[];
  /** Only where the platform differs from the table by status; undefined = as the table says. Asked for 2xx too. */
  failure?(reply: Reply): Failure | undefined;
  readonly webhooks?: Webhooks<S>;
  /** Where the platform calls and waits for an answer, by name: the address is the webhook address + `/<name>`. */
  readonly questions?: Readonly<Record<string, Question<S>>>;
  /** What is read at intervals, by name. */
  readonly feeds?: Readonly<Record<string, Feed<S>>>;
  readonly fetch?: { readonly [resource in Resource]?: Fetch<S> };
  readonly roles: Partial<Roles<S>>;
  readonly actions?: Readonly<Record<string, Action<S>>>;
  /** What is left out is NOT_POSSIBLE. */
  readonly capabilities: Capabilities;
  /** Bounds of what `vouchers.publish` can take. */
  readonly publishing?: Publishing;
  /** What this very account can do less: by plan, scopes, edition. May only lower; asked on connect and daily. */
  narrow?(ctx: Ctx<S>): Awaitable<Capabilities>;
}

/** Gives the declaration its types and returns it as the host takes it. Faults are found by `checkConnector` at boot, all at once. */
export function defineConnector<S extends z.ZodObject, A extends z.ZodObject = z.ZodObject>(connector: Connector<S, A>): Connector {
  return connector as unknown as Connector;
}
