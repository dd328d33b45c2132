import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connector } from '../connector.ts';
import type { Ctx } from '../context.ts';
import { type Received, receive, receiveQuestion } from '../inbound/receive.ts';
import { type IncomingRequest, pairHeaders } from '../inbound/request.ts';
import type { Delivery, Fact, Notice } from '../notices.ts';
import { runAnswer, runRead, runSplit } from '../run.ts';
import { deskOf } from './contract-questions.ts';
import type { QuestionSample } from './samples.ts';

export interface HubDoorOptions {
  readonly connector: Connector;
  /** The keys that deliveries are proven with. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Of the connection, for `read` and answers; its clock is the door's. */
  readonly ctx: (location?: string) => Ctx;
  /** The address that the platform was told and signs, where it delivers to the door all the same. Left out: the door's own. */
  readonly registered?: string;
  /** What the hub says to each code that it is asked about. */
  readonly codes?: QuestionSample['codes'];
}

/** As much of a hub as a platform sees: it proves, answers, drops repeats, and keeps what it was told. */
export interface HubDoor {
  /** The webhook address; questions are behind it. */
  readonly address: string;
  readonly notices: readonly Notice[];
  readonly facts: readonly Fact[];
  /** Why deliveries or notices could not be taken. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Starts it on 127.0.0.1 and a free port. Facts are there once the delivery was answered. */
export async function startHubDoor({ connector, secrets, ctx, codes = {}, registered }: HubDoorOptions): Promise<HubDoor> {
  const notices: Notice[] = [];
  const facts: Fact[] = [];
  const faults: string[] = [];
  const known = new Set<string>();
  const keys = (name: string): readonly string[] => (secrets[name] === undefined ? [] : [secrets[name]]);

  async function answer(name: string, { body }: Delivery): Promise<Reply> {
    const ran = await runAnswer(connector, ctx(), deskOf(codes, 'EUR').desk, name, body);
    if (ran.ok) return { status: 200, body: JSON.stringify(ran.value) };
    faults.push(ran.failure.message);
    const { status = 503, body: instead } = connector.questions?.[name]?.otherwise ?? {};
    return { status, body: instead === undefined ? '' : JSON.stringify(instead) };
  }

  async function take(delivery: Delivery): Promise<Reply> {
    const split = await runSplit(connector, delivery);
    if (!split.ok) {
      faults.push(split.failure.message);
      return { status: 400, body: '' };
    }
    for (const notice of split.value) {
      if (notice.repeat !== 'signal' && known.has(notice.repeat.key)) continue;
      if (notice.repeat !== 'signal') known.add(notice.repeat.key);
      notices.push(notice);
      const read = await runRead(connector, ctx(notice.location), notice);
      if (read.ok) facts.push(...read.value);
      else faults.push(read.failure.message);
    }
    return { status: 200, body: '' };
  }

  async function serve(request: IncomingRequest, question: string | undefined): Promise<Reply> {
    const options = { keys, nowMs: Date.parse(ctx().now()) };
    const received: Received =
      question === undefined ? await receive(connector, request, options) : await receiveQuestion(connector, question, request, options);
    if (received.kind === 'handshake') return { status: 200, body: received.body };
    if (received.kind === 'delivery') return question === undefined ? take(received.delivery) : answer(question, received.delivery);
    faults.push(received.message);
    return { status: received.status, body: received.message };
  }

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const url = new URL(incoming.url ?? '/', address);
    const request: IncomingRequest = {
      method: incoming.method ?? 'POST',
      url: registered ?? address,
      query: url.search.slice(1),
      headers: pairHeaders(incoming.rawHeaders),
      body: Buffer.concat(chunks),
    };
    const { status, body } = await serve(request, url.pathname.split('/')[2]);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return {
    address,
    notices,
    facts,
    faults,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
