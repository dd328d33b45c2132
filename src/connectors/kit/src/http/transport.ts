import { lookup as lookupAll } from 'node:dns';
import * as http from 'node:http';
import * as https from 'node:https';
import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { privateAddresses } from './private-address.ts';

export interface TransportRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** PEM, besides the authorities that the system trusts. */
  readonly ca?: string;
  readonly signal: AbortSignal;
  readonly maxReplyBytes: number;
}

export interface TransportReply {
  readonly status: number;
  /** Names in lower case; doubles joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** What it set, by name, without attributes. */
  readonly cookies: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export type TransportFault = 'PRIVATE_ADDRESS' | 'NOT_REACHED' | 'LOST' | 'REPLY_TOO_LARGE' | 'ABORTED';

/** `sent`: the request may have arrived. The message holds no address. */
export class TransportError extends Error {
  readonly fault: TransportFault;
  readonly sent: boolean;

  constructor(fault: TransportFault, sent: boolean, detail: string) {
    super(`${fault}: ${detail}`);
    this.name = 'TransportError';
    this.fault = fault;
    this.sent = sent;
  }
}

/** Sends requests over kept connections. The host makes one for the process and closes it at the end. */
export interface Transport {
  readonly allowPrivateHosts: boolean;
  readonly isPrivate: (address: string) => boolean;
  /** Follows no redirect. Throws `TransportError`. */
  send(request: TransportRequest): Promise<TransportReply>;
  close(): void;
}

export interface TransportOptions {
  readonly allowPrivateHosts?: boolean;
  /** Stands in for the resolver in tests. */
  readonly lookup?: typeof lookupAll;
}

/** Checks what a name resolves to at the moment of connecting, so that a name cannot be pointed elsewhere after the check. */
function guardedLookup(isPrivate: (address: string) => boolean, resolver: typeof lookupAll): LookupFunction {
  return (hostname, options, done) => {
    resolver(hostname, { ...options, all: true }, (fault, addresses) => {
      if (fault) return done(fault, []);
      const inside = addresses.some(({ address }) => isPrivate(address));
      const first = addresses[0];
      if (inside || !first) return done(Object.assign(new Error('private address'), { code: 'EPRIVATE' }), []);
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}

const flatten = (headers: http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));

function cookiesOf(headers: http.IncomingHttpHeaders): Record<string, string> {
  const pairs = (headers['set-cookie'] ?? []).map((line) => (line.split(';', 1)[0] ?? '').trim());
  return Object.fromEntries(
    pairs.filter((pair) => pair.includes('=')).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

function codeOf(cause: unknown): string {
  const { code, name } = cause as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' ? code : String(name);
}

/** Faults of connecting: not a byte of the request has left. */
const BEFORE_SENDING =
  /^(EPRIVATE|ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|CERT_\w+|DEPTH_ZERO_\w+|SELF_SIGNED_\w+|UNABLE_TO_\w+|ERR_TLS_\w+|ERR_SSL_\w+|EPROTO|ERR_INVALID_\w+)$/;

function readBody(reply: http.IncomingMessage, max: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    reply.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > max) reply.destroy(new TransportError('REPLY_TOO_LARGE', true, `more than ${max} bytes`));
      else chunks.push(chunk);
    });
    reply.on('end', () => resolve(Buffer.concat(chunks)));
    reply.on('error', reject);
  });
}

const IDLE_MS = 4000;

export function createTransport(options: TransportOptions = {}): Transport {
  const allowPrivateHosts = options.allowPrivateHosts ?? false;
  const isPrivate = privateAddresses();
  // An idle connection that the platform has closed meanwhile would leave an outcome nobody knows, so none is kept for long.
  const kept = { keepAlive: true, timeout: IDLE_MS, scheduling: 'lifo' } as const;
  const agents = { 'http:': new http.Agent(kept), 'https:': new https.Agent(kept) };
  const resolver = options.lookup ?? lookupAll;
  const guard = allowPrivateHosts ? {} : { lookup: guardedLookup(isPrivate, resolver) };

  function open(request: TransportRequest): Promise<http.IncomingMessage> {
    const { url } = request;
    const secure = url.protocol === 'https:';
    const common = { method: request.method, headers: { ...request.headers }, signal: request.signal, ...guard };
    return new Promise((resolve, reject) => {
      const out = secure
        ? https.request(url, {
            ...common,
            agent: agents['https:'],
            ...(request.ca === undefined ? {} : { ca: [...rootCertificates, request.ca] }),
          })
        : http.request(url, { ...common, agent: agents['http:'] });
      out.on('response', resolve);
      out.on('error', reject);
      out.end(request.body);
    });
  }

  return {
    allowPrivateHosts,
    isPrivate,
    async send(request) {
      try {
        const reply = await open(request);
        const body = await readBody(reply, request.maxReplyBytes);
        return { status: reply.statusCode ?? 0, headers: flatten(reply.headers), cookies: cookiesOf(reply.headers), body };
      } catch (cause) {
        if (cause instanceof TransportError) throw cause;
        if (request.signal.aborted) throw new TransportError('ABORTED', true, 'no reply in time');
        const code = codeOf(cause);
        if (code === 'EPRIVATE') throw new TransportError('PRIVATE_ADDRESS', false, 'the name points into a private network');
        const before = BEFORE_SENDING.test(code);
        throw new TransportError(before ? 'NOT_REACHED' : 'LOST', !before, code);
      }
    },
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}
