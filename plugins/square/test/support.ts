import { CallError, type Credential, type Fact, type HubOrder, type Money, type Outcome, type Plain } from '@valehub/connector-kit';
import {
  createAuthCtx,
  createCtx,
  createTransport,
  parseSettings,
  runAccept,
  runFetch,
  runNamedVerb,
  runObtain,
  startHubDoor,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { type SquareStandIn, type StandInOptions, startSquare } from './stand-in.ts';

export const HOOK = 'https://hub.example.com/webhooks/c-1';
export const REDIRECT = 'https://hub.example.com/oauth/callback';
const NOW = '2026-03-06T19:30:00Z';
export const eur = (minor: number): Money => ({ minor, currency: 'EUR' });

export interface House {
  readonly square: SquareStandIn;
  /** Advances what every clock of the test shows. */
  wait(ms: number): void;
  readonly now: () => number;
  ctx(location?: string): ReturnType<typeof createCtx>;
  authCtx(): ReturnType<typeof createAuthCtx>;
  renewals(): number;
  readonly credential: () => Credential | null;
  close(): Promise<void>;
}

/** A connection to a stand-in, by the leave of the seller, or by `own` token. */
export async function open(
  settings: Readonly<Record<string, Plain>> = {},
  { own = false, ...options }: StandInOptions & { readonly own?: boolean } = {},
): Promise<House> {
  let nowMs = Date.parse(NOW);
  const now = () => nowMs;
  const square = await startSquare({ now, ...options });
  const transport = createTransport({ allowPrivateHosts: true });
  const close = async (): Promise<void> => {
    transport.close();
    await square.close();
  };
  const locations = Object.fromEntries(square.locations.map((id, index) => [id, `store-${index + 1}`]));
  const result = parseSettings(connector, { ...(own ? square.ownSettings : square.settings), locations, ...settings });
  if (!result.ok) {
    await close();
    throw new Error(`the settings are refused: ${JSON.stringify(result.faults)}`);
  }
  const base = {
    connector,
    settings: result.parsed.settings,
    secrets: result.parsed.secrets,
    account: square.merchant,
    store: () => ({ storeId: 'store-1', currency: 'EUR', zone: 'Europe/Madrid' }),
    transport,
    now,
    deadlineMs: 2_000,
  };
  let credential: Credential | null = null;
  let renewals = 0;
  const renew = async (): Promise<Credential> => {
    renewals += 1;
    const ran = await runObtain(connector, createAuthCtx(base), credential ?? undefined);
    if (!ran.ok) throw new CallError(ran.failure);
    credential = ran.value;
    return credential;
  };
  if (!own) {
    const ran = await runAccept(connector, createAuthCtx(base), { query: { code: square.agree() }, redirectUri: REDIRECT });
    if (ran.ok) credential = ran.value;
  }
  return {
    square,
    now,
    wait: (ms) => {
      nowMs += ms;
    },
    ctx: (location) =>
      createCtx({
        ...base,
        ...(location === undefined ? {} : { location }),
        ...(own ? {} : { credentials: { current: () => credential, renew } }),
      }),
    authCtx: () => createAuthCtx(base),
    renewals: () => renewals,
    credential: () => credential,
    close,
  };
}

export const ordersOf = (facts: readonly Fact[]): readonly HubOrder[] =>
  facts.flatMap((fact) => (fact.kind === 'order' ? [fact.order] : []));

export async function readOrder(house: House, id: string): Promise<HubOrder> {
  const ran = await runFetch(connector, house.ctx(), 'order', [id]);
  if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
  const [order] = ordersOf(ran.value);
  if (!order) throw new Error('no order');
  return order;
}

/** One job of a verb, from its first step to its outcome. */
export async function perform(house: House, verb: string, input: Plain, key = 'key-of-job-1'): Promise<Outcome<Plain> | undefined> {
  const step = await runNamedVerb(connector, house.ctx(), verb, [{ id: 'job-1', key, input }], null);
  return step.outcomes?.[0];
}

/** The facts of what `send` delivers: checked by these keys, split and read as the hub does it. */
export async function delivered(
  house: House,
  secrets: Readonly<Record<string, string>>,
  send: (to: () => string) => Promise<unknown>,
): Promise<readonly Fact[]> {
  const door = await startHubDoor({ connector, secrets, ctx: house.ctx, registered: HOOK });
  try {
    await send(() => door.address);
  } finally {
    await door.close();
  }
  if (door.faults.length > 0) throw new Error(door.faults.join(' '));
  return door.facts;
}
