import assert from 'node:assert/strict';
import type { Connector } from '../connector.ts';
import type { Ctx } from '../context.ts';
import type { CallReport } from '../http/caller.ts';
import { createCtx } from '../http/create-context.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import type { Plain } from '../plain.ts';
import { parseSettings } from '../settings.ts';
import type { Job, Verb } from '../verbs.ts';
import { type Forger, forgerFor } from './forge.ts';
import type { ConnectorSamples, VerbSample } from './samples.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

export const HOOK_URL = 'https://hub.example.com/webhooks/c-1';

/** One test's surroundings: a stand-in for the platform and a connection to it. */
export interface Bench {
  readonly connector: Connector;
  readonly standIn: StandIn;
  readonly ctx: Ctx;
  readonly nowMs: number;
  /** Undefined where the connector takes no webhooks. */
  readonly forger: Forger | undefined;
  /** All secrets of the connection, the verification keys included. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly reports: readonly CallReport[];
}

const nowOf = (samples: ConnectorSamples): number => Date.parse(samples.now ?? '2026-03-06T19:30:00Z');

/** Runs with a stand-in and a transport of its own, and closes both. */
export async function onBench<T>(
  connector: Connector,
  samples: ConnectorSamples,
  deadlineMs: number,
  use: (bench: Bench) => Promise<T>,
): Promise<T> {
  const standIn = await startStandIn();
  const transport: Transport = createTransport({ allowPrivateHosts: true });
  try {
    const forger = connector.webhooks ? forgerFor(connector) : undefined;
    const result = parseSettings(connector, { ...samples.settings, ...forger?.secrets, apiBaseUrl: standIn.url });
    assert.ok(result.ok, `the sample settings are refused: ${JSON.stringify(result)}`);
    const nowMs = nowOf(samples);
    const reports: CallReport[] = [];
    const ctx = createCtx({
      connector,
      settings: result.parsed.settings,
      secrets: result.parsed.secrets,
      store: () => ({ storeId: 'store-1', currency: 'EUR', zone: 'Europe/Madrid' }),
      transport,
      now: () => nowMs,
      deadlineMs,
      onCall: (report) => reports.push(report),
    });
    return await use({ connector, standIn, ctx, nowMs, forger, secrets: result.parsed.secrets, reports });
  } finally {
    transport.close();
    await standIn.close();
  }
}

/** All verbs of a connector by the names that samples use. */
export function verbsOf(connector: Connector): ReadonlyMap<string, Verb<never, unknown>> {
  const found = new Map<string, Verb<never, unknown>>();
  for (const [role, port] of Object.entries(connector.roles)) {
    for (const [name, member] of Object.entries(port)) {
      if (typeof member === 'object' && member !== null && 'run' in member) found.set(`${role}.${name}`, member as Verb<never, unknown>);
    }
  }
  for (const [name, action] of Object.entries(connector.actions ?? {})) found.set(`actions.${name}`, action as Verb<never, unknown>);
  return found;
}

export const jobsOf = (sample: VerbSample): readonly Job<Plain>[] =>
  sample.inputs.map((input, index) => ({ id: `job-${index + 1}`, key: `key-of-job-${index + 1}`, input }));
