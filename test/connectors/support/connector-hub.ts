import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import type { Connector } from '@valehub/connector-kit';
import Fastify from 'fastify';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { type ConnectorHost, openConnectorHost } from '../../../src/connectors/connector-host.ts';
import type { FactIntake } from '../../../src/connectors/facts/fact-intake.ts';
import { hubIntake } from '../../../src/connectors/facts/hub-intake.ts';
import { hubDesk } from '../../../src/connectors/questions/hub-desk.ts';
import { builtInConnectors, loadConnectors } from '../../../src/connectors/registry/registry.ts';
import type { Deadlines } from '../../../src/connectors/runner/connector-runner.ts';
import type { DoorOptions, PluginDoor } from '../../../src/connectors/runner/plugin-door.ts';
import type { Actor } from '../../../src/domain/access/roles.ts';
import { type Hub, openHub } from '../../../src/domain/hub.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/postgres.ts';

// A hub is opened for each test; on a busy machine that takes its time.
jest.setTimeout(60_000);

export const ADMIN: Actor = { id: 'key_admin', role: 'ADMIN', storeIds: null, connectionId: null, partnerId: null };

/** A clock that stands until it is put on. */
export interface HandClock {
  now(): number;
  pass(ms: number): void;
}

export function handClock(startMs: number): HandClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    pass(ms) {
      nowMs += ms;
    },
  };
}

/** A hub with connectors, listening on a free port of this machine. */
export interface ConnectorHub {
  readonly hub: Hub;
  readonly host: ConnectorHost;
  readonly url: string;
  readonly clock: HandClock;
  readonly metrics: Registry;
  /** Everything that was logged, one JSON a line. */
  readonly logged: readonly string[];
  readonly database: TestDatabase;
  close(): Promise<void>;
}

export interface ConnectorHubOptions {
  /** Besides those that come with the hub. */
  readonly connectors?: readonly Connector[];
  readonly intake?: (hub: Hub) => FactIntake;
  readonly database?: TestDatabase;
  readonly secretKey?: Buffer;
  readonly clock?: HandClock;
  readonly works?: boolean;
  readonly allowPrivateHosts?: boolean;
  readonly deadlines?: Partial<Deadlines>;
  readonly door?: (options: DoorOptions) => PluginDoor;
  /** Left out: all is kept in `logged`. */
  readonly log?: Logger;
  readonly pollMs?: number;
  /** Square with its feeds too, for a stand-in that can be asked. */
  readonly whole?: boolean;
  /** Where platforms are told to call; where it listens where left out. */
  readonly publicUrl?: string;
}

const whole = (connector: Connector): Connector => connector;

/** A feed is read as soon as its connection is made, and would take the replies that a test has laid out for something else. */
function withoutFeeds(whole: Connector): Connector {
  if (whole.id !== 'square') return whole;
  const { feeds: _feeds, roles, ...connector } = whole;
  return { ...connector, roles: Object.fromEntries(Object.entries(roles).map(([role, port]) => [role, onlyWebhooks(port)])) } as Connector;
}
const onlyWebhooks = (port: object): object => ('feed' in port ? { ...port, feed: undefined } : port);

export async function startConnectorHub(options: ConnectorHubOptions = {}): Promise<ConnectorHub> {
  const database = options.database ?? (await createTestDatabase());
  const clock = options.clock ?? handClock(Date.parse('2026-03-06T20:30:00.000Z'));
  const logged: string[] = [];
  const log = options.log ?? pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const hub = await openHub({
    databaseUrl: database.url,
    secretKey: options.secretKey ?? randomBytes(32),
    clock,
    log,
    attemptsPerMinute: 20,
  });
  const further = new Map((options.connectors ?? []).map((connector) => [`made-up-${connector.id}`, connector]));
  const registry = await loadConnectors({
    builtIn: builtInConnectors(),
    further: [...further.keys()],
    log,
    load: async (name) => ({
      value: further.get(name) ?? (options.whole ? whole : withoutFeeds)((await import(name)).default),
      version: '0.0.1',
    }),
  });
  const metrics = new Registry();
  let url = '';
  const host = await openConnectorHost({
    database: hub.database,
    listener: hub.listener,
    clock,
    log,
    keyring: hub.keyring,
    stores: hub.stores,
    registry,
    intake: options.intake?.(hub) ?? hubIntake(hub),
    questions: hubDesk(hub),
    contexts: { ...hub, pool: hub.database.pool },
    codes: hub.codes,
    metrics,
    allowPrivateHosts: options.allowPrivateHosts ?? true,
    publicUrl: () => options.publicUrl ?? url,
    works: options.works ?? true,
    // Work is taken up when it is told of; what is due later is due when the clock is put on and the work drained.
    pollMs: options.pollMs ?? 60_000,
    chance: () => 0.5,
    deadlines: { patience: 0, ...options.deadlines },
    ...(options.door ? { door: options.door } : {}),
  });
  const app = Fastify();
  host.registerRoutes(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  await host.begin();
  return {
    hub,
    host,
    url,
    clock,
    metrics,
    logged,
    database,
    async close() {
      await app.close();
      await host.close();
      await hub.close();
    },
  };
}

/** A store in Sevilla with a campaign of 10 % and its codes. */
export async function withVouchers(hub: Hub): Promise<{ storeId: string; campaignId: string; code: string; codes: readonly string[] }> {
  const store = await hub.stores.create(ADMIN, { name: 'Triana' });
  const campaign = await hub.campaigns.create(ADMIN, {
    name: 'Primavera',
    storeIds: [store.id],
    incentive: { percentOff: { percent: '10' } },
  });
  await hub.campaigns.activate(ADMIN, campaign.id);
  const batch = await hub.codes.generate(ADMIN, { campaignId: campaign.id, idempotencyKey: 'codes', count: 10, random: { prefix: 'DV' } });
  const codes = hub.codes.sample(batch, 10);
  const [code = ''] = codes;
  return { storeId: store.id, campaignId: campaign.id, code, codes };
}

/** Rows of a table, for what no door shows. */
export async function rowsOf<Row extends object>(hub: Hub, text: string, values: unknown[] = []): Promise<readonly Row[]> {
  return (await hub.database.pool.query<Row>(text, values)).rows;
}

/** The types of the ledger's events in order, once everything written is in it. */
export async function ledgerTypes(hub: Hub): Promise<readonly string[]> {
  for (;;) {
    const [row] = await rowsOf<{ open: number }>(hub, 'select count(*) as open from ledger_intake');
    if (row?.open === 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return (await rowsOf<{ type: string }>(hub, 'select type from ledger_event order by position')).map((row) => row.type);
}
