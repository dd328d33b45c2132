import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import pg from 'pg';
import { Pipeline } from '../../src/database/pipeline.ts';
import { eventually } from '../helpers/basics.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/postgres.ts';
import { type Cuttable, openProxy } from '../helpers/proxy.ts';

jest.setTimeout(60_000);

const GATE = 1;
const AT_THE_GATE = "select from pg_locks where locktype = 'advisory' and not granted";

let fresh: TestDatabase;
let proxy: Cuttable;
let pipeline: Pipeline;
let keeper: pg.Client;

beforeEach(async () => {
  fresh = await createTestDatabase();
  const url = new URL(fresh.url);
  proxy = await openProxy(url.host);
  url.host = proxy.address;
  pipeline = new Pipeline({ connectionString: url.href });
  keeper = new pg.Client(fresh.url);
  await keeper.connect();
  await keeper.query('create table line (place serial, said text unique)');
  await keeper.query('select pg_advisory_lock($1)', [GATE]);
});
afterEach(async () => {
  await keeper.end();
  await pipeline.close();
  await proxy.cut();
  await fresh.drop();
});

const say = (said: string) => pipeline.query({ text: 'insert into line (said) values ($1)', values: [said] });
const said = async () => (await keeper.query('select said from line order by place')).rows.map((row) => row.said);
const openGate = () => keeper.query('select pg_advisory_unlock($1)', [GATE]);

/** A statement under way that ends when the gate opens. */
async function waitingAtTheGate(): Promise<{ readonly answer: Promise<unknown> }> {
  const answer = pipeline.query({ text: 'select pg_advisory_xact_lock($1)', values: [GATE] });
  answer.catch(() => undefined);
  await eventually(async () => expect((await keeper.query(AT_THE_GATE)).rowCount).toBe(1));
  return { answer };
}

test('a statement is sent while the one before is under way, and they are carried out in that order', async () => {
  const { answer } = await waitingAtTheGate();
  const before = proxy.passed;
  const others = ['first', 'second', 'third'].map(say);
  await eventually(() => expect(proxy.passed).toBeGreaterThan(before));
  expect(await said()).toEqual([]);
  await openGate();
  await Promise.all([answer, ...others]);
  expect(await said()).toEqual(['first', 'second', 'third']);
});

test('one that fails leaves those behind it alone', async () => {
  const { answer } = await waitingAtTheGate();
  const others = ['once', 'once', 'after'].map(say);
  await openGate();
  await answer;
  const settled = await Promise.allSettled(others);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(settled[1]).toMatchObject({ reason: { code: '23505' } });
  expect(await said()).toEqual(['once', 'after']);
});

test('with the connection fail all that were under way; the next statement opens another', async () => {
  const { answer } = await waitingAtTheGate();
  const other = say('lost');
  await keeper.query(AT_THE_GATE.replace('select', 'select pg_terminate_backend(pid)'));
  expect((await Promise.allSettled([answer, other])).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await eventually(() => say('again'));
  expect(await said()).toEqual(['again']);
});

test('where the server cannot be reached the statement fails, and the next one tries again', async () => {
  await proxy.cut();
  await expect(say('nobody there')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await proxy.mend();
  await Promise.all(['here', 'there'].map(say));
  expect(await said()).toEqual(['here', 'there']);
  expect((await keeper.query("select from pg_stat_activity where query like 'insert into line%'")).rowCount).toBe(1);
});

test('closing waits for the answers of what was sent; after that nothing is taken', async () => {
  const { answer } = await waitingAtTheGate();
  const other = say('the last');
  const closed = pipeline.close();
  await openGate();
  await Promise.all([answer, other, closed]);
  expect(await said()).toEqual(['the last']);
  await expect(say('too late')).rejects.toThrow('This pipeline is closed.');
});
