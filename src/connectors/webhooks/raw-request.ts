import { Readable } from 'node:stream';
import { type IncomingRequest, pairHeaders } from '@valehub/connector-kit/host';
import type { FastifyRequest } from 'fastify';

/** How much of a body that is too large is still read and thrown away, so that whoever sends it gets to hear the answer. */
const THROWN_AWAY = 16_000_000;

export class TooLarge extends Error {}

/** `url`: the address as it was registered, which is what platforms sign. */
export const incoming = (request: FastifyRequest, url: string, body: Buffer): IncomingRequest => ({
  method: request.method,
  url,
  query: request.url.split('?').slice(1).join('?'),
  headers: pairHeaders(request.raw.rawHeaders),
  body,
});

/** The whole body, or `TooLarge`. */
export async function readBody(request: FastifyRequest, limit: number): Promise<Buffer> {
  const { body } = request;
  if (!(body instanceof Readable)) return Buffer.alloc(0);
  if (Number(request.headers['content-length'] ?? 0) > limit + THROWN_AWAY) throw new TooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (size > limit + THROWN_AWAY) throw new TooLarge();
  }
  if (size > limit) throw new TooLarge();
  return Buffer.concat(chunks);
}
