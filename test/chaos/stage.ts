import { pino } from 'pino';
import { ProcessDoor } from '../../src/connectors/process/process-door.ts';
import { builtInConnectors } from '../../src/connectors/registry/registry.ts';
import type { Hub } from '../../src/domain/hub.ts';
import { ADMIN, type ConnectorHub, type HandClock, startConnectorHub } from '../connectors/support/connector-hub.ts';
import { type Codes, codesNeeded } from './evening.ts';
import type { ChaosPlatform, StartPlatform } from './platform.ts';
import { openPost, type Post } from './post.ts';
import { feedsOf } from './sweeps.ts';
import { startWildApi, type WildApi } from './wild-api.ts';

/** A platform with what stands between it and the hub. */
export interface Staged {
  readonly platform: ChaosPlatform;
  readonly api: WildApi;
  readonly connectionId: string;
}

export type Currency = ChaosPlatform['currency'];

/** What may be redeemed in the store of a currency. */
export interface Campaigns {
  readonly storeId: string;
  readonly codes: Codes;
  /** Of the campaign with a limit: how often it may be redeemed. */
  readonly limit: number;
}

export interface ChaosStage {
  readonly running: ConnectorHub;
  readonly clock: HandClock;
  readonly post: Post;
  readonly staged: readonly Staged[];
  /** By currency: a budget has one. */
  readonly campaigns: Readonly<Record<Currency, Campaigns>>;
  close(): Promise<void>;
}

/** Friday evening in Sevilla, later than any moment that a stand-in makes up. */
const BEGUN = Date.parse('2026-03-06T20:30:00.000Z');
/** As platforms want it that call nobody else. */
const PUBLIC_URL = 'https://hub.example.com';
const LOOK_EVERY_MS = 200;
/** As the host has it: some platforms let nobody call twice in a second. */
const PATIENCE_MS = 2_000;
const ATTEMPTS = 10;
const PAUSE_MS = 60_000;
/** So that platforms that do not answer do not hold up the evening. */
const REQUEST_MS = 2_000;
/** An evening's codes are not guessed: each platform is trusted with what it sends. */
const quiet = pino({ level: 'silent' });

/** Fast, so that what platforms allow by the minute lets an evening through, and so that what happens later is later. */
const FASTER = 10;

/** Goes on by itself, and can be put on. */
function runningClock(startMs: number): HandClock {
  const begun = performance.now();
  let passed = 0;
  return {
    now: () => Math.floor(startMs + passed + (performance.now() - begun) * FASTER),
    pass(ms) {
      passed += ms;
    },
  };
}

/** The real host with its plugins in processes of their own, and platforms that misbehave on both ways. */
export async function openStage(seed: number, orders: number, starts: readonly StartPlatform[]): Promise<ChaosStage> {
  const clock = runningClock(BEGUN);
  const opened: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let one = opened.pop(); one; one = opened.pop()) await one();
  };
  try {
    const running = await startConnectorHub({
      clock,
      log: quiet,
      pollMs: LOOK_EVERY_MS,
      publicUrl: PUBLIC_URL,
      whole: true,
      deadlines: { request: REQUEST_MS, patience: PATIENCE_MS },
      door: ({ now, onBreach }) =>
        new ProcessDoor({ specifierOf: packageOf, allowPrivateHosts: true, memoryMb: 256, now, log: quiet, onBreach }),
    });
    opened.push(async () => {
      await running.close();
      await running.database.drop();
    });
    const post = await openPost(seed, running.url);
    opened.push(() => post.close());
    const campaigns = { EUR: await withCampaigns(running.hub, 'EUR', orders), USD: await withCampaigns(running.hub, 'USD', orders) };
    const staged: Staged[] = [];
    for (const start of starts) {
      const platform = await start(() => clock.now());
      opened.push(() => platform.close());
      // One that tells nothing by itself is known by its feeds alone.
      if (platform.tell === undefined && feedsOf(running) === undefined) continue;
      const api = await startWildApi({
        seed,
        name: platform.id,
        origin: platform.url,
        required: platform.required,
        never: platform.never ?? [],
        forgets: platform.forgets,
      });
      opened.push(() => api.close());
      const { storeId } = campaigns[platform.currency];
      const { id, webhookUrl } = await running.host.desk.connect(ADMIN, {
        connectorId: platform.id,
        appId: null,
        name: platform.id,
        storeId: platform.locations.length === 0 ? storeId : null,
        settings: {
          ...platform.settings,
          apiBaseUrl: api.url,
          locations: Object.fromEntries(platform.locations.map((location) => [location, storeId])),
        },
      });
      platform.connected({ url: webhookUrl ?? '', post: (webhookUrl ?? '').replace(PUBLIC_URL, post.url) });
      staged.push({ platform, api, connectionId: id });
    }
    for (const { connectionId } of staged) await untilActive(running, clock, connectionId);
    for (const { api } of staged) api.calm(false);
    return { running, clock, post, staged, campaigns, close };
  } catch (fault) {
    await close();
    throw fault;
  }
}

/** Tested, and leave to hear of what happens there asked for: some platforms let one call them seldom. */
async function untilActive({ host }: ConnectorHub, clock: HandClock, connectionId: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await host.drain();
    clock.pass(PAUSE_MS);
    await host.drain();
    if ((await host.desk.connection(connectionId))?.status === 'ACTIVE') return;
    await host.desk.update(ADMIN, connectionId, {});
  }
  throw new Error(`A platform could not be connected: ${(await host.desk.connection(connectionId))?.lastError}`);
}

const packageOf = (connectorId: string): string =>
  builtInConnectors().find((name) => name.endsWith(`connector-${connectorId}`)) ?? connectorId;

async function withCampaigns(hub: Hub, currency: Currency, orders: number): Promise<Campaigns> {
  const needed = codesNeeded(orders);
  const limit = Math.max(1, Math.floor(orders * 0.03));
  const store = await hub.stores.create(ADMIN, { name: `Triana ${currency}`, currency });
  const incentive = { percentOff: { percent: '10' } };
  const budget = { minor: 1_000_000_000, currency };
  const wide = await hub.campaigns.create(ADMIN, { name: `Primavera ${currency}`, storeIds: [store.id], incentive, budget });
  const narrow = await hub.campaigns.create(ADMIN, {
    name: `Los primeros ${currency}`,
    storeIds: [store.id],
    incentive,
    budget,
    limits: [{ counts: 'REDEMPTIONS', per: 'CAMPAIGN', period: 'EVER', max: limit }],
  });
  const codesOf = async (campaignId: string, key: string, count: number): Promise<readonly string[]> => {
    const batch = await hub.codes.generate(ADMIN, {
      campaignId,
      idempotencyKey: `${key} ${currency}`,
      count,
      random: { prefix: `${key}${currency[0]}` },
    });
    return hub.codes.sample(batch, count);
  };
  for (const { id } of [wide, narrow]) await hub.campaigns.activate(ADMIN, id);
  return {
    storeId: store.id,
    limit,
    codes: {
      own: await codesOf(wide.id, 'DV', needed.own),
      twice: await codesOf(wide.id, 'DZ', needed.twice),
      limited: await codesOf(narrow.id, 'DL', needed.limited),
    },
  };
}
