// A child process: an open loop of signed webhooks, or of redemptions, each with a voucher of its own, and one subscriber of the ledger beside it.
// What counts is the time from the hub's answer to the event of that voucher's redemption.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';
import { percentile } from './figures.mjs';
import { HttpClient } from './http-client.mjs';
import { DISCOUNT, LINES, REDEEM } from './scene.mjs';

const SUBSCRIPTION = 'subscription { ledger(filter: { types: [VOUCHER_REDEEMED] }) { code } }';
/** How long the last event may take before it counts as lost. */
const PATIENCE_MS = 30_000;

const { kind, url, path, secret, adminKey, keys, storeId, tag, codes, from, perSecond, seconds, leadSeconds } = JSON.parse(process.argv[2]);
const lead = Math.round(perSecond * leadSeconds);
const total = lead + Math.round(perSecond * seconds);
const all = readFileSync(codes, 'utf8')
  .split('\n')
  .slice(from, from + total);
if (all.length < total) throw new Error(`${total} codes are needed, and there are ${all.length}.`);

/** By code: when the hub had answered, and when the event was there. */
const answered = new Map();
const seen = new Map();
let errors = 0;
let strangers = 0;

const eur = (minor) => ({ minor, currency: 'EUR' });

/** Like LINES, with 10 % off each line by the till's own reckoning. */
function orderOf(id, code) {
  const lines = LINES.map(({ id: line, sku, quantity = '1', unitPrice }) => {
    const gross = Number(quantity) * unitPrice;
    return { id: line, sku, quantity, unitPrice: eur(unitPrice), gross: eur(gross), discount: eur(Math.round(gross / 10)) };
  });
  const total = eur(lines.reduce((sum, { gross }) => sum + gross.minor, 0) - DISCOUNT);
  const shares = lines.map(({ id: lineId, discount }) => ({ lineId, amount: discount }));
  return {
    externalId: id,
    state: 'PAID',
    placedAt: new Date().toISOString(),
    currency: 'EUR',
    pricesIncludeTax: true,
    lines,
    discounts: [{ externalId: 'voucher', name: `Vale ${code}`, amount: eur(DISCOUNT), shares, texts: [] }],
    payments: [{ externalId: 'card', method: 'CARD', amount: total, texts: [] }],
    refunds: [],
    charges: [],
    total,
    texts: [],
  };
}

const signingKey = secret === undefined ? undefined : Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

function webhook(id, code) {
  const body = JSON.stringify({ type: 'order.paid', timestamp: new Date().toISOString(), data: orderOf(id, code) });
  const time = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', signingKey).update(`${id}.${time}.${body}`).digest('base64');
  return {
    path,
    key: '',
    body,
    headers: { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': `v1,${signature}` },
    expect: '',
  };
}

function redemption(id, code, number) {
  const order = { externalId: id, storeId, currency: 'EUR', lines: LINES };
  const body = JSON.stringify({ query: REDEEM, variables: { input: { idempotencyKey: id, codes: [code], tillId: 'till', order } } });
  return { path: '/graphql', key: keys[number % keys.length], body, headers: {}, expect: '"__typename":"Redeemed"' };
}

const idle = [];
let pending = 0;

async function send(number) {
  pending += 1;
  const code = all[number];
  const client = idle.pop() ?? new HttpClient(url);
  const made = (kind === 'webhook' ? webhook : redemption)(`${tag}-${number}`, code, number);
  const answer = await client.post(made.path, made.key, made.body, made.headers);
  answered.set(code, performance.now());
  if (answer.status !== 200 || !answer.body.includes(made.expect)) {
    if (errors === 0) process.stderr.write(`${answer.status} ${answer.body}\n`);
    errors += 1;
  }
  idle.push(client);
  pending -= 1;
}

const mine = new Set(all);
const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
const say = (message) => socket.send(JSON.stringify(message));
const stands = new Promise((resolve, reject) => {
  socket.on('error', reject);
  socket.on('open', () => say({ type: 'connection_init', payload: { authorization: `Bearer ${adminKey}` } }));
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (message.type === 'connection_ack') {
      say({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION } });
      // Nothing tells that a subscription stands, but what was sent first is handled first.
      say({ type: 'ping' });
    } else if (message.type === 'pong') resolve();
    else if (message.type === 'next') {
      const code = message.payload.data?.ledger?.code;
      if (mine.has(code) && !seen.has(code)) seen.set(code, performance.now());
      else strangers += 1;
    } else if (message.type !== 'ping') reject(new Error(`A message that was not due: ${data.toString()}`));
  });
});
await stands;

const began = performance.now();
let sent = 0;
await new Promise((resolve, reject) => {
  let over;
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * perSecond));
    for (; sent < due; sent += 1) send(sent).catch(reject);
    if (sent < total || pending > 0) return;
    over ??= performance.now();
    if (seen.size < total && performance.now() - over < PATIENCE_MS) return;
    clearInterval(timer);
    resolve();
  }, 1);
});
const counted = all.slice(lead);
const lags = counted.filter((code) => seen.has(code)).map((code) => Math.max(0, seen.get(code) - answered.get(code)));
for (const client of idle) client.close();
socket.close();
process.stdout.write(
  JSON.stringify({
    sent: total,
    errors,
    lost: total - seen.size,
    doubled: strangers,
    p50: percentile(lags, 0.5),
    p99: percentile(lags, 0.99),
    max: Math.max(...lags),
  }),
);
