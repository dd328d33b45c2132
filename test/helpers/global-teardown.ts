import { runTeardown } from './run-teardown.ts';

export default async function globalTeardown(): Promise<void> {
  await runTeardown();
}
