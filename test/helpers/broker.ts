import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/**
 * The servers of a test run live in jest's own process and are started at the first need of any worker.
 * Workers ask for them over a plain socket: unlike an HTTP call it is out of reach of anything a test does to HTTP.
 */
export type Broker = { readonly port: number; close(): Promise<void> };

type Reply = { readonly value: unknown } | { readonly fault: string };

const PORT_VARIABLE = 'VALEHUB_TEST_BROKER_PORT';

/** Offers what `answers` make; each is made once, at its first request. */
export async function startBroker(answers: Readonly<Record<string, () => Promise<unknown>>>): Promise<Broker> {
  const made = new Map<string, Promise<Reply>>();
  const sockets = new Set<Socket>();
  const replyTo = (name: string): Promise<Reply> => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const make = answers[name];
    const reply =
      make === undefined
        ? Promise.resolve({ fault: `the test run offers no ${name}` })
        : make().then(
            (value) => ({ value }),
            (fault: unknown) => ({ fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) }),
          );
    made.set(name, reply);
    return reply;
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (name) => {
      void replyTo(name).then((reply) => socket.end(`${JSON.stringify(reply)}\n`));
    });
  });
  const port = await listen(server);
  process.env[PORT_VARIABLE] = String(port);
  return {
    port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
    });
  });
}

/** Asks the run for one of its servers, by name; waits while it starts. */
export async function askBroker(name: string): Promise<unknown> {
  const port = Number(process.env[PORT_VARIABLE]);
  if (!(port > 0)) throw new Error('No test run is under way: run the tests through jest with the configuration of this repository.');
  const line = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${name}\n`));
    socket.once('error', reject);
    const lines = createInterface({ input: socket });
    lines.once('line', resolve);
    lines.once('close', () => reject(new Error(`the test run ended before it answered for ${name}`)));
  });
  const reply = JSON.parse(line) as Reply;
  if ('fault' in reply) throw new Error(`The test run could not start ${name}: ${reply.fault}`);
  return reply.value;
}
