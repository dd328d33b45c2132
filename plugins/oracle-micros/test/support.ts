import { CallError, type Credential, type Fact, type HubOrder, type Money, type Outcome, type Plain } from '@valehub/connector-kit';
import {
  createAuthCtx,
  createCtx,
  createTransport,
  parseSettings,
  runFetch,
  runNamedVerb,
  runObtain,
  startHubDoor,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { type SimphonyStandIn, type StandInOptions, startSimphony } from './stand-in.ts';

export const HOOK = 'https://hub.example.com/webhooks/c-1';
export const NOW = '2026-03-06T19:30:00Z';
export const eur = (minor: number): Money => ({ minor, currency: 'EUR' });

export interface House {
  readonly simphony: SimphonyStandIn;
  /** Advances what every clock of the test shows. */
  wait(ms: number): void;
  readonly now: () => number;
  ctx(location?: string): ReturnType<typeof createCtx>;
  authCtx(): ReturnType<typeof createAuthCtx>;
  /** How often the hub logged in or renewed. */
  logIns(): number;
  readonly credential: () => Credential | null;
  close(): Promise<void>;
}

/** A connection to a stand-in, which logs in as the hub does: before the first call, and once where a token is refused. */
export async function open(settings: Readonly<Record<string, Plain>> = {}, options: StandInOptions = {}): Promise<House> {
  let nowMs = Date.parse(NOW);
  const now = () => nowMs;
  const simphony = await startSimphony({ now, ...options });
  const transport = createTransport({ allowPrivateHosts: true });
  const locations = Object.fromEntries(simphony.places.map((place, index) => [place, `store-${index + 1}`]));
  const result = parseSettings(connector, { ...simphony.settings, locations, ...settings });
  if (!result.ok) throw new Error(`the settings are refused: ${JSON.stringify(result.faults)}`);
  const { settings: parsed, secrets } = result.parsed;
  const base = {
    connector,
    settings: parsed,
    secrets,
    account: simphony.organization,
    store: (location?: string) =>
      location !== undefined && location in parsed.locations ? { storeId: 'store-1', currency: 'EUR', zone: 'Europe/Madrid' } : undefined,
    transport,
    now,
    deadlineMs: 2_000,
  };
  let credential: Credential | null = null;
  let logIns = 0;
  const renew = async (): Promise<Credential> => {
    logIns += 1;
    const ran = await runObtain(connector, createAuthCtx(base), credential ?? undefined);
    if (!ran.ok) throw new CallError(ran.failure);
    credential = ran.value;
    return credential;
  };
  const close = async (): Promise<void> => {
    transport.close();
    await simphony.close();
  };
  await renew().catch(async (cause: unknown) => {
    await close();
    throw cause;
  });
  return {
    simphony,
    now,
    wait: (ms) => {
      nowMs += ms;
    },
    ctx: (location) =>
      createCtx({ ...base, ...(location === undefined ? {} : { location }), credentials: { current: () => credential, renew } }),
    authCtx: () => createAuthCtx(base),
    logIns: () => logIns,
    credential: () => credential,
    close,
  };
}

export const ordersOf = (facts: readonly Fact[]): readonly HubOrder[] =>
  facts.flatMap((fact) => (fact.kind === 'order' ? [fact.order] : []));

export async function readOrder(house: House, ref: string, location?: string): Promise<HubOrder> {
  const ran = await runFetch(connector, house.ctx(location), 'order', [ref]);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  const [order] = ordersOf(ran.value);
  if (!order) throw new Error('no order');
  return order;
}

/** One job of a verb, from its first step to its outcome. */
export async function perform(
  house: House,
  verb: string,
  input: Plain,
  key = 'key-of-job-1',
  location = 'sev01/42',
): Promise<Outcome<Plain> | undefined> {
  const step = await runNamedVerb(connector, house.ctx(location), verb, [{ id: 'job-1', key, input, location }], null);
  return step.outcomes?.[0];
}

/** What the hub makes of one delivery about these checks: signed by the stand-in, checked, split and read. */
export async function notified(house: House, secrets: Readonly<Record<string, string>>, refs: readonly string[]): Promise<readonly Fact[]> {
  const door = await startHubDoor({ connector, secrets, ctx: house.ctx, registered: HOOK });
  try {
    await house.simphony.notify(refs, () => door.address);
  } finally {
    await door.close();
  }
  if (door.faults.length > 0) throw new Error(door.faults.join(' '));
  return door.facts;
}
