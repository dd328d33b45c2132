import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HubClient } from './demo/hub-client.ts';
import { ledgerHead, ledgerLine } from './demo/print.ts';

/** `npm run follow`: the ledger of a running hub, live in the terminal. `npm run follow -- all` begins with the first event. */
const { PORT = '4000', VALEHUB_URL = `http://localhost:${PORT}`, VALEHUB_HOME = '.valehub' } = process.env;
const key = process.env.VALEHUB_KEY ?? (await readFile(join(VALEHUB_HOME, 'admin.key'), 'utf8')).trim();
const hub = new HubClient(VALEHUB_URL.replace(/\/+$/, ''), key);
const stopping = new AbortController();
process.on('SIGINT', () => stopping.abort());

process.stdout.write(`${ledgerHead()}\n`);
for await (const event of hub.ledger(process.argv[2] === 'all' ? await hub.start() : null, stopping.signal))
  process.stdout.write(`${ledgerLine(event)}\n`);
process.exit(0);
