import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Connector, Ctx, Fact } from '@valehub/connector-kit';
import {
  deskOf,
  pairHeaders,
  type QuestionSample,
  receive,
  receiveQuestion,
  runAbout,
  runAnswer,
  runRead,
  runSplit,
} from '@valehub/connector-kit/testing';

export interface SmallHub {
  readonly address: string;
  readonly facts: Fact[];
  close(): Promise<void>;
}

/** As much of a hub as Slack sees: it verifies, answers, and keeps what it was told. */
export async function startHub(
  connector: Connector,
  secrets: Readonly<Record<string, string>>,
  ctx: () => Ctx,
  codes: QuestionSample['codes'] = {},
): Promise<SmallHub> {
  const facts: Fact[] = [];
  const keys = (name: string) => (secrets[name] === undefined ? [] : [secrets[name]]);

  async function answer(
    path: string,
    rawHeaders: readonly string[],
    body: Buffer,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const question = path.split('/')[2];
    const request = { method: 'POST', url: path, query: '', headers: pairHeaders(rawHeaders), body };
    const options = { keys, nowMs: Date.parse(ctx().now()) };
    const received =
      question === undefined ? await receive(connector, request, options) : await receiveQuestion(connector, question, request, options);
    if (received.kind === 'handshake') return { status: 200, body: received.body };
    if (received.kind === 'refused') return { status: received.status, body: received.message };
    if (question !== undefined) {
      await runAbout(connector, question, received.delivery);
      const ran = await runAnswer(connector, ctx(), deskOf(codes, 'EUR').desk, question, received.delivery.body);
      return { status: 200, body: JSON.stringify(ran.ok ? ran.value : connector.questions?.[question]?.otherwise?.body) };
    }
    const split = await runSplit(connector, received.delivery);
    for (const notice of split.ok ? split.value : []) {
      const read = await runRead(connector, ctx(), notice);
      if (read.ok) facts.push(...read.value);
    }
    return { status: split.ok ? 200 : 400, body: '' };
  }

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { status, body } = await answer(incoming.url ?? '', incoming.rawHeaders, Buffer.concat(chunks));
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    facts,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
