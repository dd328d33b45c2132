import { afterAll, expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';
import { startTestTemporal } from '../helpers/temporal.ts';

const made: TestDatabase[] = [];
afterAll(async () => {
  for (const database of made) await database.drop();
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

test('two test databases share the schema and nothing else', async () => {
  const [one, two] = [await createTestDatabase(), await createTestDatabase()];
  made.push(one, two);
  await query(one.url, 'create table mine (n int)');
  await expect(query(one.url, 'select * from mine')).resolves.toEqual([]);
  await expect(query(two.url, 'select * from mine')).rejects.toThrow('does not exist');
  await expect(query(two.url, 'select count(*) > 0 as migrated from migration')).resolves.toEqual([{ migrated: true }]);
});

test('the Temporal server of the run knows its namespace', async () => {
  const { address, namespace } = await startTestTemporal();
  const connection = await Connection.connect({ address });
  try {
    const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace });
    expect(namespaceInfo?.name).toBe('default');
  } finally {
    await connection.close();
  }
});
