// The entry of every npm script. It has no dependencies and no new syntax, so that an old Node starts it too
// and can at least say what is missing; what needs more is imported after the checks.
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;

const [command = '', ...args] = process.argv.slice(2);
const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE) {
  process.stderr.write(
    `Valehub needs Node ${OLDEST_NODE} or newer to set itself up, and this is ${process.versions.node}: install a newer one (https://nodejs.org) and try again.\n`,
  );
  process.exit(1);
}
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

Promise.all([import('./setup.mjs'), import('./setup/commands.mjs')])
  .then(([{ setUp }, { COMMANDS }]) => {
    const found = COMMANDS[command];
    if (found === undefined) throw new Error(`Unknown command "${command}"; there are ${Object.keys(COMMANDS).join(', ')}.`);
    return setUp(found.needs).then(() => found.run(args));
  })
  .then(
    (code) => process.exit(code),
    (fault) => {
      process.stderr.write(`${fault?.name === 'SetupError' ? fault.message : (fault?.stack ?? fault)}\n`);
      process.exit(1);
    },
  );
