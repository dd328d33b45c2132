import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Message {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** An answer of a platform's own. */
export const plain = (status: number, headers: Answered['headers'] = [], body = '{}'): Answered => ({
  status,
  headers: [['content-type', 'application/json'], ...headers],
  body: Buffer.from(body),
});

const HOP = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'expect']);

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function pairsOf({ rawHeaders }: IncomingMessage): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return pairs.filter(([name]) => !HOP.has(name.toLowerCase()));
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends it to an origin as it is. */
export function send(origin: string, { method, path, headers, body }: Message): Promise<Answered> {
  const url = new URL(path, origin);
  // Given as a list, headers are all that is sent.
  const all = [...headers.flat(), 'host', url.host, 'content-length', String(body.length)];
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent, headers: all });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      bodyOf(incoming).then(
        (answered) => resolve({ status: incoming.statusCode ?? 0, headers: pairsOf(incoming), body: answered }),
        reject,
      );
    });
    outgoing.end(body);
  });
}

export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** Listens on this machine; `serve` answers, or destroys the response, or leaves it hanging. */
export async function listen(serve: (message: Message, response: ServerResponse) => Promise<void>): Promise<Listening> {
  const server = createServer((incoming, response) => {
    const { method = 'GET', url = '/' } = incoming;
    bodyOf(incoming)
      .then((body) => serve({ method, path: url, headers: pairsOf(incoming), body }, response))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
