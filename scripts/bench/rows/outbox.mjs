// Row outbox: jobs to a platform that takes what it is given, as fast as the hub sends them, beside bare posts of the same bodies.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuEach, cpuOf } from '../cpu.mjs';
import { median, perSecond, round } from '../figures.mjs';
import { HttpClient } from '../http-client.mjs';
import { startHub } from '../hub.mjs';

/** As many as the host sends to one platform at once. */
const CLIENTS = 5;
const PATIENCE_MS = 240_000;

export async function outboxDrain(bench) {
  const jobs = bench.quick ? 1_000 : 5_000;
  const receiver = await openReceiver();
  const hub = await startHub(undefined, { VALEHUB_ALLOW_PRIVATE_HOSTS: '1' });
  try {
    const { connect } = await hub.ask('mutation($input: ConnectInput!) { connect(input: $input) { id status } }', {
      input: {
        connectorId: 'webhooks',
        name: 'Receiver',
        settings: {
          url: 'https://receiver.example/hooks/bench',
          apiBaseUrl: receiver.url,
          signingSecret: `whsec_${randomBytes(32).toString('base64')}`,
          perSecond: 1_000,
        },
      },
    });
    if (connect.status !== 'ACTIVE') throw new Error(`The receiver could not be connected: ${connect.status}.`);
    bench.say('warming up');
    await drain(hub, receiver, connect.id, 'warm', Math.ceil(jobs / 4));
    const [ours, bare] = [[], []];
    for (let number = 1; number <= bench.rounds; number += 1) {
      bare.push(await posts(receiver, jobs));
      ours.push(await drain(hub, receiver, connect.id, `round-${number}`, jobs));
      bench.say(`round ${number} of ${bench.rounds}: ${perSecond(ours.at(-1).rate)}, bare posts ${perSecond(bare.at(-1))}`);
    }
    const rate = median(ours.map((one) => one.rate));
    return [
      {
        row: 'outbox',
        what: `${jobs.toLocaleString('en')} jobs of the outbox to one receiver, one signed request each`,
        ours: perSecond(rate),
        baseline: perSecond(median(bare)),
        ratio: round(rate / median(bare), 3),
        against: `bare posts of the same bodies to the same receiver, ${CLIENTS} at once`,
        target: '-',
        reached: true,
        details: {
          rates: ours.map((one) => round(one.rate)),
          bare: bare.map((one) => round(one)),
          cpuMicrosecondsEach: ours[0].cpu && {
            node: median(ours.map((one) => one.cpu.node)),
            postgres: median(ours.map((one) => one.cpu.postgres)),
          },
        },
      },
    ];
  } finally {
    await hub.stop();
    receiver.close();
  }
}

const eventOf = (id) => ({
  id,
  type: 'VOUCHER_REDEEMED',
  at: new Date().toISOString(),
  amount: { minor: 381, currency: 'EUR' },
  data: { till: 'bench' },
});

/** Puts so many jobs in at once, and waits until the last is done. What arrived is counted: each once. */
async function drain({ sql, ...hub }, receiver, connectionId, tag, jobs) {
  const before = { received: receiver.ids.size, cpu: cpuOf(hub) };
  const began = performance.now();
  await sql.query(
    `insert into outbox_job (id, connection_id, verb, key, input, status, next_at, created_at, updated_at)
     select 'job_' || md5($2 || n), $1, 'events.push', $2 || '-' || n, jsonb_set($3::jsonb, '{id}', to_jsonb($2 || '-' || n)), 'PENDING', now(), now(), now()
     from generate_series(1, $4::int) n`,
    [connectionId, tag, JSON.stringify(eventOf('')), jobs],
  );
  await sql.query("select pg_notify('valehub_outbox', '')");
  for (;;) {
    // Along the index of what is to be done: whoever counts all jobs each time measures that.
    const { rows } = await sql.query("select exists (select from outbox_job where status in ('PENDING', 'RUNNING')) as going");
    if (!rows[0].going) break;
    if (performance.now() - began > PATIENCE_MS) throw new Error(`${jobs} jobs were not done in ${PATIENCE_MS / 1_000} s.`);
    await pause(20);
  }
  const seconds = (performance.now() - began) / 1_000;
  const { rows: states } = await sql.query("select status, count(*)::int as n from outbox_job where key like $1 || '-%' group by 1", [tag]);
  if (states.length !== 1 || states[0].status !== 'DONE' || states[0].n !== jobs)
    throw new Error(`Of ${jobs} jobs not all were done: ${JSON.stringify(states)}.`);
  const received = receiver.ids.size - before.received;
  if (received !== jobs) throw new Error(`${jobs} jobs were done, and ${received} arrived.`);
  return { rate: jobs / seconds, cpu: cpuEach(before.cpu, cpuOf(hub), jobs) };
}

/** A second. */
async function posts(receiver, jobs) {
  const body = JSON.stringify({ type: 'voucher.redeemed', timestamp: new Date().toISOString(), data: eventOf('bare') });
  const began = performance.now();
  let left = jobs;
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      const client = new HttpClient(receiver.url);
      while (left > 0) {
        left -= 1;
        await client.post('/hooks/bare', 'none', body);
      }
      client.close();
    }),
  );
  return jobs / ((performance.now() - began) / 1_000);
}

async function openReceiver() {
  const ids = new Set();
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const id = request.headers['webhook-id'];
      if (id !== undefined) ids.add(id);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '2' }).end('{}');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    ids,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
