import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { loadConfig } from '../../src/config.ts';
import { isAlive } from '../../src/embedded/processes.ts';
import { type EmbeddedTemporal, startEmbeddedTemporal } from '../../src/embedded/temporal.ts';
import { eventually } from '../helpers/basics.ts';
import { type TemporaryFolder, temporaryFolder } from '../helpers/child-process.ts';

let folder: TemporaryFolder;
let server: EmbeddedTemporal | null;
beforeEach(async () => {
  folder = await temporaryFolder();
  server = null;
});
afterEach(async () => {
  await server?.stop();
  await folder.remove();
});

async function start(): Promise<EmbeddedTemporal> {
  const { cache, searchPath } = loadConfig(process.env);
  server = await startEmbeddedTemporal({ home: folder.path, cache, searchPath, log: pino({ level: 'silent' }) });
  return server;
}

async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

const stateOf = (address: string, workflowId: string): Promise<string> =>
  withClient(address, async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name);

test('a server that is killed comes back on the same address with the workflows that it had accepted', async () => {
  const { address, pid } = await start();
  const workflowId = randomUUID();
  await withClient(address, (client) => client.workflow.start('waiting', { workflowId, taskQueue: 'nobody' }));
  const killed = pid();
  process.kill(killed, 'SIGKILL');
  await expect(eventually(() => stateOf(address, workflowId))).resolves.toBe('RUNNING');
  await eventually(() => expect(pid()).not.toBe(killed));

  const last = pid();
  await server?.stop();
  expect(isAlive(last)).toBe(false);
  const again = await start();
  await expect(stateOf(again.address, workflowId)).resolves.toBe('RUNNING');
});
