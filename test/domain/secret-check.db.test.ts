import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openHub } from '../../src/domain/hub.ts';
import { silent } from '../helpers/basics.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';

let database: TestDatabase;
const open = (secretKey: Buffer) => openHub({ databaseUrl: database.url, secretKey, log: silent, attemptsPerMinute: 20 });

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('takes the secret that the database was made with, again and again, and no other', async () => {
  const secret = randomBytes(32);
  await (await open(secret)).close();
  await (await open(secret)).close();
  await expect(open(randomBytes(32))).rejects.toThrow(/made with another secret key/);
  await (await open(secret)).close();
});
