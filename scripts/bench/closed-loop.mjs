// A child process: so many clients, each redeeming again as soon as it has its answer. What wrk does, where there is no wrk.
import { readFileSync } from 'node:fs';
import { percentile } from './figures.mjs';
import { HttpClient } from './http-client.mjs';
import { REDEEM } from './scene.mjs';

const { url, restaurant, clients, seconds, tag, codes, shared, lines } = JSON.parse(process.argv[2]);
const list = codes ? readFileSync(codes.path, 'utf8').split('\n') : [];
const latencies = [];
let sent = 0;
let errors = 0;

function nextBody() {
  sent += 1;
  const id = `${tag}-${sent}`;
  const code = shared ?? list[codes.from + sent];
  if (code === undefined) throw new Error('The codes ran out.');
  const input = {
    idempotencyKey: `k${id}`,
    codes: [code],
    tillId: 'till',
    order: { externalId: `o${id}`, storeId: restaurant.storeId, currency: 'EUR', lines },
  };
  return JSON.stringify({ query: REDEEM, variables: { input } });
}

const began = performance.now();
const until = began + seconds * 1_000;
await Promise.all(
  Array.from({ length: clients }, async (_, index) => {
    const client = new HttpClient(url);
    const key = restaurant.keys[index % restaurant.keys.length];
    while (performance.now() < until) {
      const at = performance.now();
      const { status } = await client.post('/graphql', key, nextBody());
      latencies.push(performance.now() - at);
      if (status !== 200) errors += 1;
    }
    client.close();
  }),
);
const result = {
  requests: latencies.length,
  seconds: (performance.now() - began) / 1_000,
  p50: percentile(latencies, 0.5),
  p99: percentile(latencies, 0.99),
  errors,
};
process.stdout.write(JSON.stringify(result));
