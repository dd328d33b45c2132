import type { Credential, Ctx, HubCustomer, HubEvent, Job, Outcome, Ref } from '@valehub/connector-kit';
import { createAuthCtx, createCtx, createTransport, parseSettings, runNamedVerb, runObtain } from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { CREDENTIALS, type HubSpotStandIn } from './stand-in.ts';

/** Connections of tests to a stand-in. */
export const transport = createTransport({ allowPrivateHosts: true });

export const NOW = Date.parse('2026-03-06T19:30:00Z');
const FACTS = { currency: 'EUR' };

function given(settings: Readonly<Record<string, unknown>>, facts: Readonly<Record<string, string>> = FACTS, now = () => NOW) {
  const result = parseSettings(connector, settings);
  if (!result.ok) throw new Error(`the settings are refused: ${JSON.stringify(result.faults)}`);
  const { settings: open, secrets } = result.parsed;
  return { connector, settings: open, secrets, facts, store: () => undefined, transport, now, deadlineMs: 5000 };
}

/** By the stand-in's static token. */
export const connect = (
  standIn: HubSpotStandIn,
  settings: Readonly<Record<string, unknown>> = {},
  facts?: Readonly<Record<string, string>>,
): Ctx => createCtx(given({ ...standIn.settings, ...settings }, facts));

/** By OAuth, with what the log-in gave; renewed as the host does it. */
export function connectByGrant(standIn: HubSpotStandIn, first: Credential | null, now: () => number = () => NOW) {
  const { clientId, clientSecret } = CREDENTIALS;
  const all = given({ clientId, clientSecret, apiBaseUrl: standIn.url }, {}, now);
  const authCtx = createAuthCtx(all);
  let credential = first;
  let renewals = 0;
  const ctx = createCtx({
    ...all,
    credentials: {
      current: () => credential,
      async renew() {
        renewals += 1;
        const ran = await runObtain(connector, authCtx, credential ?? undefined);
        if (!ran.ok) throw Object.assign(new Error(ran.failure.message), { name: 'CallError', failure: ran.failure });
        credential = ran.value;
        return credential;
      },
    },
  });
  return { ctx, authCtx, renewals: () => renewals };
}

const jobs = <In>(inputs: readonly In[]): readonly Job<In>[] =>
  inputs.map((input, index) => ({ id: `job-${index + 1}`, key: `key-${index + 1}`, input }));

async function outcomes(ctx: Ctx, verb: string, inputs: readonly object[]): Promise<readonly Outcome<Ref>[]> {
  const step = await runNamedVerb(connector, ctx, verb, jobs(inputs) as never, undefined);
  return (step.outcomes ?? []) as readonly Outcome<Ref>[];
}

export const push = (ctx: Ctx, ...events: readonly HubEvent[]) => outcomes(ctx, 'events.push', events);
export const upsert = (ctx: Ctx, ...customers: readonly HubCustomer[]) => outcomes(ctx, 'customers.upsert', customers);

/** The paths that were called, without queries. */
export const called = (standIn: HubSpotStandIn): readonly string[] => standIn.requests.map(({ method, path }) => `${method} ${path}`);
