import type { Connector } from '../connector.ts';
import { CallError } from '../failure.ts';
import { failureOfTransport } from './judge.ts';
import { addressOf } from './outgoing.ts';
import type { TemplateValues } from './template.ts';
import { type Transport, TransportError } from './transport.ts';

export interface FetchOptions {
  readonly connector: Connector;
  readonly values: () => TemplateValues;
  readonly transport: Transport;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly maxReplyBytes: number;
  readonly gate?: (use: { readonly cost: number }) => Promise<void>;
  readonly onOver?: (use: { readonly cost: number }) => void;
}

/** A `fetch` for libraries that take one: to declared hosts only, over the hub's transport, one attempt, no redirect, no credential of its own. */
export function createFetch(options: FetchOptions): typeof globalThis.fetch {
  const { connector, transport } = options;

  function mayCall(url: URL): boolean {
    return Object.keys(connector.hosts).some((host) => {
      try {
        return addressOf(connector, { host, path: '' }, options.values(), transport).origin === url.origin;
      } catch (cause) {
        if (cause instanceof CallError) return false;
        throw cause;
      }
    });
  }

  return async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (!mayCall(url)) throw new CallError({ code: 'NOT_SUPPORTED', message: 'The connector calls a host that it has not declared.' });
    const use = { cost: 1 };
    await options.gate?.(use);
    try {
      return await sent(request, url);
    } finally {
      options.onOver?.(use);
    }
  };

  async function sent(request: Request, url: URL): Promise<Response> {
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const ca = options.values().settings['tlsCa'];
    try {
      const reply = await transport.send({
        method: request.method,
        url,
        headers: {
          ...Object.fromEntries(request.headers),
          'accept-encoding': 'identity',
          ...(body ? { 'content-length': String(body.length) } : {}),
        },
        ...(body ? { body } : {}),
        ...(typeof ca === 'string' ? { ca } : {}),
        signal: AbortSignal.any([options.signal, request.signal, AbortSignal.timeout(options.deadlineMs)]),
        maxReplyBytes: options.maxReplyBytes,
      });
      const isBodyless = reply.status === 204 || reply.status === 205 || reply.status === 304;
      return new Response(isBodyless ? null : new Uint8Array(reply.body), { status: reply.status, headers: { ...reply.headers } });
    } catch (cause) {
      if (cause instanceof TransportError) throw new CallError(failureOfTransport(cause, request.method));
      throw cause;
    }
  }
}
