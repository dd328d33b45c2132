import { once } from 'node:events';
import { createServer } from 'node:http';

/** A local stand-in for SendGrid that keeps the mails instead of sending them. Addresses at `full.example` are refused. */
export interface MailSink {
  readonly url: string;
  readonly mails: readonly { readonly to: string; readonly text: string }[];
  readonly refused: number;
  close(): Promise<void>;
}

interface Mail {
  readonly personalizations: readonly { readonly to: readonly { readonly email: string }[] }[];
  readonly content?: readonly { readonly value: string }[];
}

export async function startMailSink(): Promise<MailSink> {
  const mails: { to: string; text: string }[] = [];
  let refused = 0;
  const server = createServer(async (request, response) => {
    if (request.url === '/v3/scopes') {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"scopes":["mail.send"]}');
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const mail = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Mail;
    const to = mail.personalizations[0]?.to[0]?.email ?? '';
    if (to.endsWith('@full.example')) {
      refused += 1;
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end('{"errors":[{"message":"The mailbox takes no mail","field":"personalizations.0.to"}]}');
      return;
    }
    mails.push({ to, text: mail.content?.[0]?.value ?? '' });
    response.writeHead(202, { 'x-message-id': `MAIL-${mails.length}` }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The stand-in for SendGrid found no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    mails,
    get refused() {
      return refused;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
