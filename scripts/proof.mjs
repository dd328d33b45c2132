// `npm run proof -- --runs 500 [files]`: the properties and breakdowns that `npm test` tries a little, for longer. Chance is new each time;
// a failure is shrunk, and told as the commands that lead to it.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ options: { runs: { type: 'string', default: '500' } }, allowPositionals: true });
const proofRuns = Number(values.runs);
if (!Number.isInteger(proofRuns) || proofRuns < 1) {
  process.stderr.write(`--runs ${values.runs}: a whole number above zero is needed.\n`);
  process.exit(1);
}
const files = positionals.length > 0 ? positionals : ['test/model', 'test/crash'];
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = ['node_modules/jest/bin/jest.js', '--globals', JSON.stringify({ proofRuns }), ...files];
const child = spawn(process.execPath, [...flags, ...jest], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
