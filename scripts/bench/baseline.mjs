// What the hub is measured against: one hand-written transaction a redemption, over 16 connections to the same server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { isInstalled, runProgram, runScript } from './processes.mjs';

export const BASELINE_CLIENTS = 16;
export const baselineTool = isInstalled('pgbench') ? 'pgbench' : 'the driver';

const TABLES = `
  create table voucher (code text primary key, campaign_id int not null, status text not null, uses int not null, max_uses int);
  create table counter (key text primary key, used bigint not null, amount bigint not null);
  create table redemption (id bigint primary key, key text not null unique, code text not null, store_id int not null, order_id text not null, amount bigint not null, currency char(3) not null, redeemed_at timestamptz not null);
  create index on redemption (code);
  create index on redemption (store_id, redeemed_at);
  create table allocation (redemption_id bigint not null, place int not null, line_id text not null, unit int not null, tax_rate numeric not null, amount bigint not null, primary key (redemption_id, place));
  create table ledger_event (id bigserial primary key, type text not null, at timestamptz not null, store_id int not null, code text not null, amount bigint not null, currency char(3) not null, data jsonb not null);`;

/** A client of the baseline uses at most so many vouchers a second, so that runs do not meet on one. */
export const VOUCHERS_PER_SECOND = 500;

/** :code, :id and :counter are given for each. */
export const STATEMENTS = [
  'begin',
  'select status, uses, max_uses from voucher where code = :code for update',
  "update voucher set uses = uses + 1, status = 'REDEEMED' where code = :code",
  'update counter set used = used + 1, amount = amount + 381 where key = :counter',
  "insert into redemption values (:id, 'k' || :id, :code, 1, 'o' || :id, 381, 'EUR', now())",
  "insert into allocation values (:id, 0, '1', 1, 10, 125), (:id, 1, '1', 2, 10, 125), (:id, 2, '2', 1, 10, 33), (:id, 3, '3', 1, 10, 98)",
  "insert into ledger_event (type, at, store_id, code, amount, currency, data) values ('VOUCHER_REDEEMED', now(), 1, :code, 381, 'EUR', jsonb_build_object('redemption', :id::bigint, 'order', 'o' || :id))",
  'commit',
];

/** Makes the tables and `vouchers` vouchers in a database of their own on the hub's server. */
export async function makeBaseline(hub, vouchers, folder) {
  await hub.sql.query('create database baseline');
  const database = { ...hub.database, database: 'baseline' };
  const sql = new pg.Client(database);
  await sql.connect();
  await sql.query(TABLES);
  await sql.query(`insert into voucher select 'DV' || lpad(i::text, 13, '0'), 1, 'CREATED', 0, 1 from generate_series(0, $1::int) i`, [
    vouchers - 1,
  ]);
  await sql.query(`insert into voucher values ('SHARED', 1, 'CREATED', 0, null)`);
  await sql.query(
    `insert into counter select key, 0, 0 from unnest(array['campaign'] || array(select 'store ' || i from generate_series(0, $1::int) i)) key`,
    [BASELINE_CLIENTS - 1],
  );
  await sql.query('vacuum analyze');
  let runs = 0;
  return {
    sql,
    /** Redemptions a second; `shared`: all on one voucher and one counter. Throws where the rows do not add up. */
    async run(seconds, shared = false) {
      runs += 1;
      const before = await stored(sql);
      const task = { database, seconds, clients: BASELINE_CLIENTS, run: runs, vouchers, shared };
      const { transactions, elapsed } =
        baselineTool === 'pgbench' ? await byPgbench(task, folder) : await runScript('baseline-driver.mjs', task);
      const after = await stored(sql);
      const made = after.redemptions - before.redemptions;
      if (made !== transactions) throw new Error(`The baseline says ${transactions} transactions and stored ${made} redemptions.`);
      if (after.allocations - before.allocations !== made * 4 || after.events - before.events !== made)
        throw new Error('The baseline stored something by half.');
      return transactions / elapsed;
    },
    close: () => sql.end(),
  };
}

async function stored(sql) {
  const { rows } = await sql.query(
    'select (select count(*)::int from redemption) as redemptions, (select count(*)::int from allocation) as allocations, (select count(*)::int from ledger_event) as events',
  );
  return rows[0];
}

async function byPgbench({ database, seconds, clients, run, vouchers, shared }, folder) {
  const script = join(folder, 'baseline.sql');
  // A number counts up in each client; 7919 scatters the vouchers. Texts are made in SQL: pgbench itself has numbers only.
  const text = shared
    ? { code: "'SHARED'", counter: "'campaign'" }
    : { code: "('DV' || lpad(:voucher::text, 13, '0'))", counter: "('store ' || :client_id)" };
  const statements = STATEMENTS.map((statement) =>
    statement.replaceAll(':code', text.code).replaceAll(':counter', text.counter).replaceAll('|| :id', '|| :id::text'),
  );
  writeFileSync(
    script,
    [
      '\\set n :n + 1',
      `\\set id (${run} * 100 + :client_id) * 1000000 + :n`,
      `\\set voucher ((${run - 1} * ${clients} + :client_id) * ${VOUCHERS_PER_SECOND * seconds} + :n) * 7919 % ${vouchers}`,
      ...statements.map((line) => `${line};`),
      '',
    ].join('\n'),
  );
  const output = await runProgram(
    'pgbench',
    [
      '-n',
      '-M',
      'prepared',
      '-c',
      String(clients),
      '-j',
      '1',
      '-T',
      String(seconds),
      '-D',
      'n=0',
      '-f',
      script,
      '-h',
      database.host,
      '-p',
      String(database.port),
      '-U',
      database.user,
      database.database,
    ],
    { PGPASSWORD: database.password },
  );
  const transactions = Number(/transactions actually processed: (\d+)/.exec(output)?.[1]);
  const perSecond = Number(/tps = ([\d.]+)/.exec(output)?.[1]);
  if (!(transactions > 0 && perSecond > 0)) throw new Error(`pgbench did not tell how it went:\n${output}`);
  return { transactions, elapsed: transactions / perSecond };
}
