// Row backfill: the past of a till, read and recorded; the hub is stopped in the middle of it and started again.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { perSecond, round } from '../figures.mjs';
import { HttpClient } from '../http-client.mjs';
import { startHub } from '../hub.mjs';

const PAGE = 250;
const DAYS = 100;
const DAY_MS = 86_400_000;
const PATIENCE_MS = 3_600_000;
const MB = 2 ** 20;
const CONNECTOR = fileURLToPath(new URL('../past-orders.mjs', import.meta.url));
const ENV = { VALEHUB_ALLOW_PRIVATE_HOSTS: '1', VALEHUB_CONNECTORS: new URL(`file://${CONNECTOR}`).href };

export async function backfill(bench) {
  const orders = bench.quick ? 4_000 : 100_000;
  const till = await openTill(orders);
  let hub = await startHub(undefined, ENV);
  let most = 0;
  try {
    const { createStore: store } = await hub.ask('mutation { createStore(input: { name: "Past" }) { id } }');
    const { connect } = await hub.ask('mutation($input: ConnectInput!) { connect(input: $input) { id status } }', {
      input: { connectorId: 'bench-past', name: 'Past', storeId: store.id, settings: { apiKey: 'key-of-the-bench', apiBaseUrl: till.url } },
    });
    if (connect.status !== 'ACTIVE') throw new Error(`The till could not be connected: ${connect.status}.`);
    const began = performance.now();
    await hub.ask('mutation($input: StartBackfillInput!) { startBackfill(input: $input) { id state } }', {
      input: { connectionId: connect.id, days: DAYS },
    });
    let stopped = 0;
    for (let isInterrupted = false; ; ) {
      const { rows } = await hub.sql.query('select count(*)::int as n from orders');
      most = Math.max(most, residentOf(hub.pid));
      if (rows[0].n >= orders) break;
      if (!isInterrupted && rows[0].n > orders / 2) {
        isInterrupted = true;
        const at = performance.now();
        const { folder } = hub;
        await hub.stop({ keep: true });
        hub = await startHub(folder, ENV);
        stopped = performance.now() - at;
        bench.say(`stopped at ${rows[0].n} orders and started again`);
      }
      if (performance.now() - began > PATIENCE_MS) throw new Error(`Of ${orders} orders ${rows[0].n} were read.`);
      await pause(500);
    }
    const seconds = (performance.now() - began - stopped) / 1_000;
    const { rows } = await hub.sql.query('select count(*)::int as n, count(distinct external_id)::int as ids from orders');
    if (rows[0].n !== orders || rows[0].ids !== orders) throw new Error(`${rows[0].n} orders of ${orders} are there.`);
    const bare = await walk(till);
    return [
      {
        row: 'backfill',
        what: `a back-fill of ${orders.toLocaleString('en')} orders, stopped in the middle and gone on with`,
        ours: `${perSecond(orders / seconds)}, at most ${round(most / MB)} MB in the hub and its connector`,
        baseline: perSecond(bare),
        ratio: round(orders / seconds / bare, 4),
        against: 'walking the same pages and throwing them away',
        target: 'memory bounded, resumed, none lost or doubled',
        reached: true,
        details: { seconds: round(seconds, 1), megabytes: round(most / MB), pages: till.pages() },
      },
    ];
  } finally {
    await hub.stop();
    till.close();
  }
}

/** Of a process and its children, bytes; 0 where there is no /proc. */
function residentOf(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
    const nodes = children.filter((child) => /plugin-process/.test(readFileSync(`/proc/${child}/cmdline`, 'utf8')));
    return own + nodes.reduce((sum, child) => sum + residentOf(child), 0);
  } catch {
    return 0;
  }
}

/** Orders of a day every so many seconds, made when they are asked for. */
async function openTill(orders) {
  const end = Date.now() - 60_000;
  const from = end - (DAYS - 1) * DAY_MS;
  const every = (end - from) / orders;
  const placeOf = (at) => Math.min(orders, Math.max(0, Math.ceil((at - from) / every)));
  let pages = 0;
  const server = createServer((request, response) => {
    const { searchParams: query } = new URL(request.url, 'http://till');
    const [first, last] = [placeOf(Date.parse(query.get('from'))), placeOf(Date.parse(query.get('to')))];
    const at = first + Number(query.get('page'));
    const until = Math.min(last, at + PAGE);
    const list = [];
    for (let n = at; n < until; n += 1)
      list.push({ id: `past-${n}`, at: new Date(from + n * every).toISOString(), cents: 1_000 + (n % 700) });
    pages += 1;
    const body = JSON.stringify({ orders: list, next: until < last ? String(until - first) : null });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    orders,
    from,
    end,
    pages: () => pages,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Orders a second. */
async function walk({ url, from, end, orders }) {
  const client = new HttpClient(url);
  const began = performance.now();
  const span = `from=${new Date(from).toISOString()}&to=${new Date(end + 1).toISOString()}`;
  for (let page = '0'; page !== null; ) page = JSON.parse((await client.post(`/orders?${span}&page=${page}`, 'none', '')).body).next;
  client.close();
  return orders / ((performance.now() - began) / 1_000);
}
