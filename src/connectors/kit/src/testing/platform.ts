import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseExactJson } from '../json.ts';
import type { Awaitable, Plain } from '../plain.ts';
import { type Draft, type Forger } from './forge.ts';

/** A request as a route sees it. */
export interface PlatformRequest {
  readonly method: string;
  readonly path: string;
  /** What stood in the route's `:names`. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; throws where it is none. */
  json(): Plain;
  /** The body as a form. */
  form(): URLSearchParams;
}

export interface PlatformReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: Plain;
}

export interface Route {
  /** `GET /v2/orders/:id` */
  readonly at: string;
  /** Answered without a credential: log-ins. */
  readonly open?: boolean;
  handle(request: PlatformRequest): Awaitable<PlatformReply>;
}

/** What goes wrong, once. `LATE` does what was asked and then hangs up: the outcome nobody knows. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: Plain }
  | 'HANG'
  | 'CUT'
  | 'LATE'
  | 'HTML'
  | 'HALF';

export interface PlatformOptions {
  readonly routes: readonly Route[];
  /** Whether a request carries a good credential; left out: all do. */
  readonly authorised?: (request: PlatformRequest) => boolean;
  /** What is answered to one that does not; 401 with an empty object where left out. */
  readonly refusal?: PlatformReply;
  /** So many requests in so many milliseconds, counted together; beyond it `reply` with the wait. */
  readonly rate?: { readonly requests: number; readonly everyMs: number; reply(waitMs: number): PlatformReply };
  /** Asked for every request: what goes wrong this time. */
  readonly fault?: (request: PlatformRequest) => Fault | undefined;
  /** What the platform's clock shows; the machine's where left out. */
  readonly now?: () => number;
}

/** A platform's API on this machine, with a memory. Plugin authors give it routes; see any plugin's `test/stand-in.ts`. */
export interface Platform {
  /** For the setting `apiBaseUrl`. */
  readonly url: string;
  /** All requests so far; tests look into it. */
  readonly requests: readonly PlatformRequest[];
  /** The next requests go wrong like this, one each. */
  failNext(...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

interface Matched {
  readonly route: Route;
  readonly params: Record<string, string>;
}

function matcher(routes: readonly Route[]): (method: string, path: string) => Matched | undefined {
  const compiled = routes.map((route) => {
    const [method = 'GET', pattern = '/'] = route.at.split(' ');
    const names = [...pattern.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => name ?? '');
    const form = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z]+/g, '([^/]+)');
    return { route, method, names, form: new RegExp(`^${form}$`) };
  });
  return (method, path) => {
    for (const candidate of compiled) {
      const match = candidate.method === method ? candidate.form.exec(path) : null;
      if (match)
        return {
          route: candidate.route,
          params: Object.fromEntries(candidate.names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')])),
        };
    }
    return undefined;
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function requestOf(incoming: IncomingMessage, text: string): PlatformRequest {
  const url = new URL(incoming.url ?? '/', 'http://platform');
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    params: {},
    query: url.searchParams,
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    text,
    json: () => parseExactJson(text),
    form: () => new URLSearchParams(text),
  };
}

function write(response: ServerResponse, { status, headers, body }: PlatformReply, half = false): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status ?? 200, { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json', ...headers });
  response.end(half ? text.slice(0, Math.ceil(text.length / 2)) : text);
}

/** Starts it on 127.0.0.1 and a free port, or on `port`. What no route takes gets 404. */
export async function startPlatform(options: PlatformOptions, port = 0): Promise<Platform> {
  const match = matcher(options.routes);
  const now = options.now ?? Date.now;
  const requests: PlatformRequest[] = [];
  const queue: Fault[] = [];
  let taken: number[] = [];

  function waitFor({ requests: most, everyMs }: NonNullable<PlatformOptions['rate']>): number {
    const at = now();
    taken = taken.filter((before) => at - before < everyMs);
    if (taken.length < most) {
      taken.push(at);
      return 0;
    }
    return everyMs - (at - (taken[0] ?? at));
  }

  async function answer(request: PlatformRequest): Promise<PlatformReply> {
    const found = match(request.method, request.path);
    if (!found) return { status: 404, body: {} };
    if (!found.route.open && options.authorised && !options.authorised(request)) return options.refusal ?? { status: 401, body: {} };
    return found.route.handle({ ...request, params: found.params });
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = requestOf(incoming, await textOf(incoming));
    requests.push(request);
    const fault = queue.shift() ?? options.fault?.(request);
    if (fault === 'HANG') return;
    if (fault === 'CUT') return void response.destroy();
    if (fault === 'HTML')
      return write(response, { status: 200, headers: { 'content-type': 'text/html' }, body: '<html><body>Back soon</body></html>' });
    if (typeof fault === 'object') return write(response, { body: {}, ...fault });
    const wait = options.rate ? waitFor(options.rate) : 0;
    const reply = wait > 0 && options.rate ? options.rate.reply(wait) : await answer(request);
    if (fault === 'LATE') return void response.destroy();
    write(response, reply, fault === 'HALF');
  }

  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((cause: unknown) => {
      write(response, { status: 500, body: { fault: cause instanceof Error ? cause.message : String(cause) } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    failNext: (...faults) => void queue.push(...faults),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Cuts a list into pages: from the cursor (an offset as text) on, with the next one where there is more. */
export function pageOf<T>(
  list: readonly T[],
  cursor: string | null | undefined,
  size: number,
): { readonly items: readonly T[]; readonly next?: string } {
  const from = cursor ? Number(cursor) : 0;
  const items = list.slice(from, from + size);
  return from + size < list.length ? { items, next: String(from + size) } : { items };
}

/** Tokens that run out and refresh tokens that work once, as platforms give them out. */
export function tokenDesk(options: { readonly lifeMs: number; readonly now?: () => number; readonly name?: string }): {
  give(): { readonly access: string; readonly refresh: string; readonly seconds: number };
  /** A refresh token is good once; undefined = it was not good. */
  renew(refresh: string): { readonly access: string; readonly refresh: string; readonly seconds: number } | undefined;
  isGood(access: string | undefined): boolean;
  /** All tokens given out so far are worth nothing from now on. */
  revokeAll(): void;
} {
  const now = options.now ?? Date.now;
  const access = new Map<string, number>();
  const refresh = new Set<string>();
  let count = 0;
  function give() {
    count += 1;
    const pair = {
      access: `${options.name ?? 'stand-in'}-access-${count}`,
      refresh: `${options.name ?? 'stand-in'}-refresh-${count}`,
      seconds: Math.floor(options.lifeMs / 1000),
    };
    access.set(pair.access, now() + options.lifeMs);
    refresh.add(pair.refresh);
    return pair;
  }
  return {
    give,
    renew: (token) => (refresh.delete(token) ? give() : undefined),
    isGood: (token) => token !== undefined && (access.get(token) ?? 0) > now(),
    revokeAll() {
      access.clear();
      refresh.clear();
    },
  };
}

/** Sends a signed delivery to the hub as the platform would, and gives the status. `to` is where the hub listens, where that is not the registered address. */
export async function deliver(forger: Forger, draft: Draft & { readonly to?: string }): Promise<number> {
  const request = forger.sign(draft);
  const target = draft.to ?? draft.url;
  const url = request.query === '' ? target : `${target}?${request.query}`;
  const response = await fetch(url, {
    method: request.method,
    headers: request.headers.map(([name, value]) => [name, value] as [string, string]),
    ...(request.method === 'GET' ? {} : { body: new Uint8Array(request.body) }),
  });
  await response.arrayBuffer();
  return response.status;
}
