import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be cut: what stands behind it is then away, for those who go through here. */
export interface Cuttable {
  readonly address: string;
  /** Bytes that came through here on their way to the server. */
  readonly passed: number;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

export async function openProxy(target: string): Promise<Cuttable> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let passed = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const open = (at: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer((near) => {
        const far = connect(Number(port), host);
        keep(near);
        keep(far);
        near.on('data', (chunk: Buffer) => {
          passed += chunk.length;
        });
        near.pipe(far).pipe(near);
        near.once('close', () => far.destroy());
        far.once('close', () => near.destroy());
      });
      server.once('error', reject);
      server.listen(at, '127.0.0.1', () => resolve(server));
    });
  let server = await open(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  return {
    address: `127.0.0.1:${address.port}`,
    get passed() {
      return passed;
    },
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async mend() {
      server = await open(address.port);
    },
  };
}
