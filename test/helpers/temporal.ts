import { randomBytes } from 'node:crypto';
import { askBroker } from './broker.ts';

export type TestTemporal = {
  /** host:port of the run's one development server. */
  readonly address: string;
  readonly namespace: string;
  /** A task queue that is nobody else's: what keeps the suites of a run apart. */
  readonly taskQueue: string;
};

/** The run's Temporal server, started at the first need. It lives until the end of the run. */
export async function startTestTemporal(): Promise<TestTemporal> {
  const address = String(await askBroker('temporal'));
  return { address, namespace: 'default', taskQueue: `test-${randomBytes(8).toString('hex')}` };
}
