// A child process: the baseline's transaction over connections of the driver, where pgbench is not installed.
import pg from 'pg';
import { STATEMENTS, VOUCHERS_PER_SECOND } from './baseline.mjs';

const { database, seconds, clients, run, vouchers, shared } = JSON.parse(process.argv[2]);
const TYPES = { ':code': 'text', ':counter': 'text', ':id': 'bigint' };

/** Statements with the places that the driver wants, prepared once a connection. */
const prepared = STATEMENTS.map((statement, number) => {
  const names = Object.keys(TYPES).filter((name) => statement.includes(name));
  const text = names.reduce(
    (sql, name, index) =>
      sql
        .replaceAll(`|| ${name}`, `|| $${index + 1}::${TYPES[name]}::text`)
        .replaceAll(name, `$${index + 1}::${TYPES[name]}`)
        .replaceAll('::bigint::bigint', '::bigint'),
    statement,
  );
  return { names, text, name: `baseline-${number}` };
});

let transactions = 0;
const began = performance.now();
const until = began + seconds * 1_000;
await Promise.all(
  Array.from({ length: clients }, async (_, number) => {
    const client = new pg.Client(database);
    await client.connect();
    for (let n = 1; performance.now() < until; n += 1) {
      const voucher = ((((run - 1) * clients + number) * VOUCHERS_PER_SECOND * seconds + n) * 7919) % vouchers;
      const values = {
        ':code': shared ? 'SHARED' : `DV${String(voucher).padStart(13, '0')}`,
        ':counter': shared ? 'campaign' : `store ${number}`,
        ':id': (run * 100 + number) * 1_000_000 + n,
      };
      for (const { names, text, name } of prepared) await client.query({ name, text, values: names.map((wanted) => values[wanted]) });
      transactions += 1;
    }
    await client.end();
  }),
);
process.stdout.write(JSON.stringify({ transactions, elapsed: (performance.now() - began) / 1_000 }));
