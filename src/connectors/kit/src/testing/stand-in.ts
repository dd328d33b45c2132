import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Plain } from '../plain.ts';

/** What the stand-in answers to one call. Several for the same call are given in turn, the last one ever after. */
export interface StandInReply {
  readonly method?: string;
  /** Without query. Left out: any. */
  readonly path?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, anything else as JSON; left out: an empty body. */
  readonly body?: Plain;
  /** Answers nothing: `HANG` waits for ever, `CUT` closes the connection. */
  readonly instead?: 'HANG' | 'CUT';
}

export interface StandInRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A platform's API on this machine, for tests that want real HTTP. */
export interface StandIn {
  /** For the setting `apiBaseUrl`. */
  readonly url: string;
  readonly requests: readonly StandInRequest[];
  /** Forgets what it was told before, and the requests. */
  answer(replies: readonly StandInReply[]): void;
  close(): Promise<void>;
}

async function read(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function write(response: ServerResponse, reply: StandInReply | undefined): void {
  if (reply?.instead === 'HANG') return;
  if (reply?.instead === 'CUT') {
    response.destroy();
    return;
  }
  const body = reply?.body;
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(reply ? (reply.status ?? 200) : 404, { 'content-type': type, ...reply?.headers });
  response.end(text);
}

/** Starts one on 127.0.0.1 and a free port. What it has no answer for gets 404 with an empty body. */
export async function startStandIn(): Promise<StandIn> {
  const requests: StandInRequest[] = [];
  const queue: StandInReply[] = [];

  function next(method: string, path: string): StandInReply | undefined {
    const fits = (reply: StandInReply): boolean => (reply.method ?? method) === method && (reply.path ?? path) === path;
    const index = queue.findIndex(fits);
    const reply = queue[index];
    if (reply && queue.filter(fits).length > 1) queue.splice(index, 1);
    return reply;
  }

  const server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://stand-in');
    read(incoming).then(
      (body) => {
        const method = incoming.method ?? 'GET';
        const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
        requests.push({ method, path: url.pathname, query: Object.fromEntries(url.searchParams), headers, body });
        write(response, next(method, url.pathname));
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer(replies) {
      requests.length = 0;
      queue.splice(0, queue.length, ...replies);
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
