// A child process: so many subscribers of the live ledger. Each has a WebSocket of its own and must see every position once, in order.
// The frames are taken apart by hand: half a million messages a second leave no time for anything more.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const SUBSCRIPTION =
  'subscription Live { ledger { position at type code store { id name } campaignId amount { minor currency } redemptionId data hash } }';
/** What every message begins with; the position and the time follow. */
const BEFORE_POSITION = Buffer.from('{"id":"1","type":"next","payload":{"data":{"ledger":{"position":');
const BEFORE_AT = '"at":"';
const AT_LENGTH = '2026-01-01T00:00:00.000Z'.length;
const ZERO = 48;
const NINE = 57;
const LONGEST_LAG_MS = 60_000;

const { url, key, subscribers, events } = JSON.parse(process.argv[2]);
const { hostname, port } = new URL(url);
/** When each event was made, by its position: read from the first of its messages. */
const madeAt = new Map();
const lags = new Uint32Array(LONGEST_LAG_MS + 1);
let ready = 0;
let complete = 0;
let faults = 0;

function text(payload) {
  const body = Buffer.from(payload);
  const mask = randomBytes(4);
  const masked = Buffer.from(body.map((byte, at) => byte ^ mask[at % 4]));
  const head = body.length < 126 ? Buffer.from([0x81, 0x80 | body.length]) : Buffer.from([0x81, 0xfe, body.length >> 8, body.length & 255]);
  return Buffer.concat([head, mask, masked]);
}

function fail(what) {
  faults += 1;
  if (faults <= 5) process.stderr.write(`${what}\n`);
}

class Subscriber {
  #rest = null;
  #opened = false;
  #expected = 0;
  #seen = 0;

  constructor() {
    this.socket = connect(Number(port), hostname).setNoDelay();
    this.socket.on('data', (chunk) => this.#take(chunk));
    this.socket.on('error', (fault) => fail(fault.message));
    this.socket.write(
      `GET /graphql HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
    );
    this.socket.write(text(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } })));
  }

  #take(received) {
    let chunk = this.#rest === null ? received : Buffer.concat([this.#rest, received]);
    if (!this.#opened) {
      const end = chunk.indexOf('\r\n\r\n');
      if (end === -1) {
        this.#rest = chunk;
        return;
      }
      if (!chunk.toString('latin1', 0, 12).endsWith('101')) fail(chunk.toString('latin1', 0, end));
      this.#opened = true;
      chunk = chunk.subarray(end + 4);
    }
    const now = Date.now();
    let at = 0;
    while (chunk.length - at >= 2) {
      let length = chunk[at + 1] & 127;
      let start = at + 2;
      if (length === 126) {
        if (chunk.length - at < 4) break;
        length = chunk.readUInt16BE(at + 2);
        start = at + 4;
      } else if (length === 127) {
        if (chunk.length - at < 10) break;
        length = Number(chunk.readBigUInt64BE(at + 2));
        start = at + 10;
      }
      if (chunk.length < start + length) break;
      this.#message(chunk[at] & 15, chunk, start, start + length, now);
      at = start + length;
    }
    this.#rest = at === chunk.length ? null : chunk.subarray(at);
  }

  #message(opcode, chunk, start, end, now) {
    if (opcode === 9) this.socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    else if (opcode !== 1) fail(`a frame of kind ${opcode}: ${chunk.toString('utf8', start + 2, end)}`);
    else if (
      chunk[start + 2] === 105 &&
      chunk.compare(BEFORE_POSITION, 0, BEFORE_POSITION.length, start, start + BEFORE_POSITION.length) === 0
    )
      this.#event(chunk, start + BEFORE_POSITION.length, end, now);
    else this.#other(JSON.parse(chunk.toString('utf8', start, end)));
  }

  #event(chunk, start, end, now) {
    let position = 0;
    for (let at = start; chunk[at] >= ZERO && chunk[at] <= NINE; at += 1) position = position * 10 + chunk[at] - ZERO;
    if (this.#seen > 0 && position !== this.#expected) fail(`position ${position} came where ${this.#expected} was due`);
    this.#expected = position + 1;
    this.#seen += 1;
    let made = madeAt.get(position);
    if (made === undefined) {
      const from = chunk.indexOf(BEFORE_AT, start) + BEFORE_AT.length;
      made = Date.parse(chunk.toString('latin1', from, from + AT_LENGTH));
      if (Number.isNaN(made)) fail(chunk.toString('utf8', start, end));
      madeAt.set(position, made);
    }
    lags[Math.min(LONGEST_LAG_MS, Math.max(0, now - made))] += 1;
    if (this.#seen === events) finished();
    if (this.#seen > events) fail('more events than were made');
  }

  #other(message) {
    if (message.type === 'connection_ack') {
      this.socket.write(text(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION } })));
      // Nothing tells that a subscription stands, but what was sent first is handled first.
      this.socket.write(text(JSON.stringify({ type: 'ping' })));
    } else if (message.type === 'pong') {
      ready += 1;
      if (ready === subscribers) process.send('ready');
    } else throw new Error(`A message that was not due: ${JSON.stringify(message)}`);
  }
}

function finished() {
  complete += 1;
  if (complete === subscribers) report();
}

function report() {
  const messages = lags.reduce((sum, count) => sum + count, 0);
  const at = (share) => {
    let left = messages * share;
    return lags.findIndex((count) => {
      left -= count;
      return left < 0;
    });
  };
  const { user, system } = process.cpuUsage();
  process.send({
    messages,
    complete,
    faults,
    p50: at(0.5),
    p99: at(0.99),
    max: lags.findLastIndex((count) => count > 0),
    positions: madeAt.size,
    cpuSeconds: (user + system) / 1e6,
  });
}

process.on('message', (message) => {
  // The time is up: what is still missing is lost.
  if (message === 'report') report();
});
const all = [];
for (let opened = 0; opened < subscribers; opened += 1) {
  all.push(new Subscriber());
  if (opened % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 20));
}
process.on('disconnect', () => {
  for (const { socket } of all) socket.destroy();
});
