// `npm run chaos -- --orders 10000 --seed 1`: an evening of platforms that misbehave in every way there is, played against the hub. The same seed
// plays the same evening; how it went is printed, and whatever is not to the cent makes it fail.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: { orders: { type: 'string', default: '10000' }, seed: { type: 'string', multiple: true } },
});
const numbers = { orders: [values.orders], seed: values.seed ?? [String(1 + Math.floor(Math.random() * 1_000_000))] };
for (const [name, texts] of Object.entries(numbers))
  for (const text of texts)
    if (!/^[1-9]\d{0,8}$/.test(text)) {
      process.stderr.write(`--${name} ${text}: a whole number above zero is needed.\n`);
      process.exit(1);
    }
const chaosSeeds = numbers.seed.map(Number);
process.stdout.write(`${values.orders} orders, seed ${chaosSeeds.join(', ')}\n`);
const globals = JSON.stringify({ chaosOrders: Number(values.orders), chaosSeeds, chaosTold: true });
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const child = spawn(process.execPath, [...flags, 'node_modules/jest/bin/jest.js', '--globals', globals, 'test/chaos'], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
