// Lets Temporal's SDK download its development server into a folder, starts it once to see that it runs, and prints its path.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [folder, version] = process.argv.slice(2);
const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir: folder, version } },
});
await environment.teardown();
const [name] = await readdir(folder);
process.stdout.write(`${join(folder, name)}\n`);
process.exit(0);
