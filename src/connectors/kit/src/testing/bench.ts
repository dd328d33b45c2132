import assert from 'node:assert/strict';
import type { Credential } from '../auth/auth.ts';
import type { Connector } from '../connector.ts';
import type { AuthCtx, Ctx } from '../context.ts';
import type { CallReport } from '../http/caller.ts';
import { authOf, type ContextOptions, createAuthCtx, createCtx } from '../http/create-context.ts';
import { createTransport, type Transport } from '../http/transport.ts';
import type { Plain } from '../plain.ts';
import { allSecretNames, parseSettings } from '../settings.ts';
import type { Job } from '../verbs.ts';
import { type Forger, forgerFor, questionForger } from './forge.ts';
import type { ConnectorSamples, VerbSample } from './samples.ts';
import { type StandIn, startStandIn } from './stand-in.ts';

export const HOOK_URL = 'https://hub.example.com/webhooks/c-1';

export const FIRST_TOKEN = 'first-token-of-the-suite';
export const SECOND_TOKEN = 'second-token-of-the-suite';
const REFRESH_TOKEN = 'refresh-token-of-the-suite';

/** One test's surroundings: a stand-in for the platform and a connection to it. */
export interface Bench {
  readonly connector: Connector;
  readonly standIn: StandIn;
  readonly ctx: Ctx;
  /** As while logging in. */
  readonly authCtx: AuthCtx;
  /** How often the credential was renewed. */
  readonly renewals: () => number;
  readonly nowMs: number;
  /** Undefined where the connector takes no webhooks. */
  readonly forger: Forger | undefined;
  /** By the names of the connector's questions. */
  readonly questionForgers: ReadonlyMap<string, Forger>;
  /** All secrets of the connection, the verification keys and the credential included. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly reports: readonly CallReport[];
}

/** Ends every request in time, those too that ask for longer than is usual. */
const hasty = (transport: Transport, deadlineMs: number): Transport => ({
  ...transport,
  send: (request) => transport.send({ ...request, signal: AbortSignal.any([request.signal, AbortSignal.timeout(deadlineMs)]) }),
});

/** Which of several schemes the sample settings choose; undefined = the only one, or the first. */
export const schemeNameOf = (connector: Connector, { settings }: ConnectorSamples): string | undefined => {
  const verify = connector.webhooks?.verify;
  return verify && 'length' in verify ? verify.find(({ whenSet }) => settings[whenSet] !== undefined)?.whenSet : undefined;
};

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
    const forger = connector.webhooks ? forgerFor(connector, {}, schemeNameOf(connector, samples)) : undefined;
    // One secret may prove several: each signer takes what those before it have invented.
    const keys: Record<string, string> = { ...forger?.secrets };
    const questionForgers = new Map(
      Object.keys(connector.questions ?? {}).map((name) => {
        const signer = questionForger(connector, name, keys);
        Object.assign(keys, { ...signer.secrets, ...keys });
        return [name, signer];
      }),
    );
    // Keys that come with a subscription or are published are no settings.
    const entered = new Set(allSecretNames(connector));
    const settingKeys = Object.fromEntries(Object.entries(keys).filter(([name]) => entered.has(name)));
    const result = parseSettings(connector, { ...samples.settings, ...settingKeys, apiBaseUrl: standIn.url });
    assert.ok(result.ok, `the sample settings are refused: ${JSON.stringify(result)}`);
    const nowMs = nowOf(samples);
    const reports: CallReport[] = [];
    const { settings, secrets } = result.parsed;
    const given: Omit<ContextOptions, 'credentials'> = {
      connector,
      settings,
      secrets,
      account: samples.identify.account,
      ...(samples.location === undefined ? {} : { location: samples.location }),
      facts: samples.facts ?? {},
      store: () => ({ storeId: 'store-1', currency: samples.currency ?? 'EUR', zone: 'Europe/Madrid' }),
      transport: hasty(transport, deadlineMs),
      now: () => nowMs,
      deadlineMs,
      onCall: (report) => reports.push(report),
    };
    let credential: Credential = { secrets: { token: FIRST_TOKEN, refreshToken: REFRESH_TOKEN, ...samples.credential } };
    let renewals = 0;
    const takesTokens = authOf(connector, result.parsed)?.by === 'token';
    const ctx = createCtx({
      ...given,
      ...(takesTokens
        ? {
            credentials: {
              current: () => credential,
              renew: async () => {
                renewals += 1;
                credential = { secrets: { ...credential.secrets, token: SECOND_TOKEN } };
                return credential;
              },
            },
          }
        : {}),
    });
    const all = {
      ...keys,
      ...secrets,
      ...(takesTokens ? { firstToken: FIRST_TOKEN, secondToken: SECOND_TOKEN, refreshToken: REFRESH_TOKEN } : {}),
    };
    return await use({
      connector,
      standIn,
      ctx,
      authCtx: createAuthCtx(given),
      renewals: () => renewals,
      nowMs,
      forger,
      questionForgers,
      secrets: all,
      reports,
    });
  } finally {
    transport.close();
    await standIn.close();
  }
}

export const jobsOf = (sample: VerbSample): readonly Job<Plain>[] =>
  sample.inputs.map((input, index) => ({
    id: `job-${index + 1}`,
    key: `key-of-job-${index + 1}`,
    ...(sample.location === undefined ? {} : { location: sample.location }),
    input,
  }));
