// A child process: requests at a steady rate, whether or not earlier ones were answered; a latency counts from when a request was due.
import { percentile } from './figures.mjs';
import { HttpClient } from './http-client.mjs';

/** `bodies` take the place of {n} by the number of the request. */
const { url, keys, body, perSecond, seconds, expect, leadSeconds = 0 } = JSON.parse(process.argv[2]);
// What this process is slow at in its first moments, before its own code is compiled and its connections are open, is no latency of the hub's.
const lead = Math.round(perSecond * leadSeconds);
const total = lead + Math.round(perSecond * seconds);
const idle = [];
const latencies = [];
let errors = 0;
let sent = 0;
let pending = 0;

async function send(number, dueAt) {
  pending += 1;
  const client = idle.pop() ?? new HttpClient(url);
  const answer = await client.post('/graphql', keys[number % keys.length], body.replaceAll('{n}', String(number)));
  if (number > lead) latencies.push(performance.now() - dueAt);
  if (answer.status !== 200 || !answer.body.includes(expect)) {
    if (errors === 0) process.stderr.write(`${answer.status} ${answer.body}\n`);
    errors += 1;
  }
  idle.push(client);
  pending -= 1;
}

const began = performance.now();
await new Promise((resolve, reject) => {
  const timer = setInterval(() => {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * perSecond));
    while (sent < due) {
      sent += 1;
      send(sent, began + (sent * 1_000) / perSecond).catch(reject);
    }
    if (sent === total && pending === 0) {
      clearInterval(timer);
      resolve();
    }
  }, 1);
});
for (const client of idle) client.close();
const elapsed = (performance.now() - began) / 1_000 - leadSeconds;
process.stdout.write(
  JSON.stringify({
    requests: latencies.length,
    sent,
    seconds: elapsed,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    errors,
  }),
);
