import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type WorkerHealth = { readonly port: number; stop(): Promise<void> };

/** A worker alone has no API; this tells a container platform at /healthz and /readyz whether it is at work. */
export async function startWorkerHealth(options: { host: string; port: number; atWork: () => boolean }): Promise<WorkerHealth> {
  const server = createServer((request, response) => {
    const known = request.url === '/healthz' || request.url === '/readyz';
    const status = known ? (options.atWork() ? 200 : 503) : 404;
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify({ worker: options.atWork() ? 'at work' : 'starting' }));
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
