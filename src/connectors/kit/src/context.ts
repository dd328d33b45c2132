import type { z } from 'zod';
import type { Failure } from './failure.ts';
import type { JsonBody } from './json.ts';
import type { MoneyKit } from './money.ts';
import type { Instant, Plain } from './plain.ts';
import type { Readable } from './settings.ts';
import type { TimeKit } from './time.ts';

/** One request to the platform. */
export interface Call<T extends z.ZodType = z.ZodType> {
  /** Which of the declared hosts; `api` where left out. */
  readonly host?: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * From the host's address on: begins with `/`, or is empty for a host that is a whole address. Ids go in by the `path` helper.
   * A link out of a reply is given whole (`https://...`): it is followed where it leads to that declared host, and nowhere else.
   */
  readonly path: string;
  /** Whose name it is made in; the connection's where left out. `app` needs `auth.placeAsApp`. `nobody`: no credential goes along, as where the address is one. */
  readonly as?: 'connection' | 'app' | 'nobody';
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Amounts that the platform wants as JSON numbers go in by `ctx.money.number`, so that no float takes part. */
  readonly json?: JsonBody;
  readonly form?: Readonly<Record<string, string>>;
  /** How the reply is read: exact JSON (where left out), text, or not at all. */
  readonly read?: 'json' | 'text' | 'none';
  /** `answer`: a redirect is the answer itself, with its headers and cookies, and is not followed; for log-ins that are made for a browser. */
  readonly redirects?: 'answer';
  /** Parses the reply; what does not fit is BAD_REPLY. */
  readonly reply: T;
  /** What it costs of the limits counted in points; 1 where left out. */
  readonly cost?: number;
  /** What limits per `target` count by: a channel, a table. */
  readonly target?: string;
  /** The platform's location that it concerns: fills `{location}` and counts for limits per location. The step's own where left out. */
  readonly location?: string;
  /** Milliseconds for this one request, where it is known to take long; the host's usual 10,000 where left out, 120,000 at most. */
  readonly deadlineMs?: number;
}

/** A reply as `pace` and `failure` see it. Header names are in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where the body is JSON, else null. */
  readonly body: Plain;
  /** The body's first 10,000 characters. */
  readonly text: string;
  /** When it was read. */
  readonly at: Instant;
}

export interface Answer<T> {
  readonly value: T;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What the reply set, by name. */
  readonly cookies: Readonly<Record<string, string>>;
}

export interface ConnectedStore {
  readonly storeId: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA zone. */
  readonly zone: string;
}

/** All the means a connector has. It may reach nothing else: no clock, no chance, no network of its own. */
export interface Ctx<S extends z.ZodObject = z.ZodObject> {
  /** Without the secrets. */
  readonly settings: Readable<S>;
  /** Whether a setting has a value, be it of the connection or of its App. Of a secret nothing else is told. */
  isSet(setting: string): boolean;
  /** What `identify` learnt of the account. */
  readonly facts: Readonly<Record<string, string>>;
  /** The account at the platform, once `identify` has told it. */
  readonly account: string | undefined;
  /** The platform's location that this step is about. */
  readonly location: string | undefined;
  /** Aborts when the host gives up on this step. */
  readonly signal: AbortSignal;
  now(): Instant;
  /** `bytes` random bytes in hex. */
  random(bytes: number): string;
  /** Sends one request once. Throws `CallError`; retries are the host's. */
  call<T extends z.ZodType>(call: Call<T>): Promise<z.output<T>>;
  /** The same, with the status and headers, and the failure as a value. */
  tryCall<T extends z.ZodType>(call: Call<T>): Promise<Answer<z.output<T>> | { readonly failed: Failure }>;
  /** The store of one of the platform's locations; without one, the connection's own. Undefined where nobody has said which. */
  store(location?: string): ConnectedStore | undefined;
  /** The locations that the connection's settings name. */
  readonly locations: readonly string[];
  /** For an SDK or a library that takes a transport: the same network rules, no credential, no retries. Declared hosts only. */
  readonly fetch: typeof globalThis.fetch;
  readonly money: MoneyKit;
  readonly time: TimeKit;
}

/** The means of a log-in: only here are secrets seen. Calls carry no credential. */
export interface AuthCtx extends Ctx {
  /** Of the connection and its App. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The whole address of a path at one of the declared hosts. */
  urlOf(host: string, path: string): string;
}
