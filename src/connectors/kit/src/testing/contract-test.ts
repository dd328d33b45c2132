import assert from 'node:assert/strict';
import type { Connector } from '../connector.ts';
import { FAILURES, type Failure, failureOfStatus } from '../failure.ts';
import type { Ran } from '../run.ts';
import type { ConnectorSamples } from './samples.ts';

/** One test of the contract. Hand it to any runner: `for (const { name, run } of contractTests(...)) test(name, run)`. */
export interface ContractTest {
  readonly name: string;
  run(): Promise<void>;
}

export interface Subject {
  readonly connector: Connector;
  readonly samples: ConnectorSamples;
}

/** Long enough for a stand-in on this machine, whatever else it does. */
export const PATIENT_MS = 20_000;
/** Short, for a stand-in that never answers. */
export const HASTY_MS = 100;

export function settled<T>(ran: Ran<T>): T {
  assert.ok(ran.ok, `the connector failed: ${JSON.stringify(ran)}`);
  return ran.value;
}

/** The failure that the connector's own table, else the closed one, says for a bare reply. */
export function expectedCode(connector: Connector, status: number, headers: Readonly<Record<string, string>>, at: string): Failure['code'] {
  const own = connector.failure?.({ status, headers, body: {}, text: '{}', at });
  const code = own?.code ?? failureOfStatus(status);
  assert.ok(code && code in FAILURES, `${status} is no failure of the table`);
  return code;
}

/** Fails where any of the secrets, as it is or percent-encoded, stands in what was told. */
export function assertSecretFree(told: unknown, secrets: Readonly<Record<string, string>>, where: string): void {
  const text = typeof told === 'string' ? told : JSON.stringify(told);
  for (const [name, secret] of Object.entries(secrets)) {
    for (const form of [secret, encodeURIComponent(secret)]) {
      assert.ok(!text.includes(form), `the secret ${name} stands in ${where}`);
    }
  }
}
