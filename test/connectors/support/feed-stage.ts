import type { Connector } from '@valehub/connector-kit';
import type { ConnectionRecord } from '../../../src/domain/connection/connection.types.ts';
import type { FeedHealth } from '../../../src/domain/feed/feed.types.ts';
import {
  ADMIN,
  type ConnectorHub,
  type ConnectorHubOptions,
  type HandClock,
  ledgerTypes,
  rowsOf,
  startConnectorHub,
  withVouchers,
} from './connector-hub.ts';
import type { PollingOrder } from './polling.ts';

/** Friday evening in Sevilla; the clock on the wall shows 21:30. */
export const NOW = Date.parse('2026-03-06T20:30:00.000Z');
const MINUTE = 60_000;
/** So many minutes after it. */
export const at = (minutes: number): string => new Date(NOW + minutes * MINUTE).toISOString();

export const order = (id: string, given: Partial<PollingOrder> = {}): PollingOrder => ({
  id,
  location: 'L1',
  placedAt: at(0),
  changedAt: at(0),
  day: '2026-03-06',
  cents: 2_000,
  ...given,
});

/** A hub whose one connection is a till that is read by feeds, from now on. */
export interface FeedStage {
  readonly hub: ConnectorHub;
  readonly connectionId: string;
  readonly code: string;
  /** By the platform's locations. */
  readonly stores: Readonly<Record<string, string>>;
  /** What the schedule does after so many minutes, and all that comes of it. */
  tick(feed: string, minutes?: number): Promise<void>;
  orders(): Promise<readonly { readonly id: string; readonly state: string }[]>;
  notices(): Promise<readonly { readonly lane: string; readonly state: string }[]>;
  /** Of orders and redemptions, by name. */
  events(): Promise<readonly string[]>;
  health(): Promise<readonly FeedHealth[]>;
  connection(): Promise<ConnectionRecord | null>;
  close(): Promise<void>;
}

export interface FeedStageOptions extends Pick<ConnectorHubOptions, 'secretKey' | 'intake' | 'works'> {
  readonly clock: HandClock;
  readonly connector: Connector;
  readonly apiBaseUrl: string;
  readonly locations?: readonly string[];
}

export async function openFeedStage({
  clock,
  connector,
  apiBaseUrl,
  locations = ['L1', 'L2'],
  ...given
}: FeedStageOptions): Promise<FeedStage> {
  const hub = await startConnectorHub({ connectors: [connector], clock, ...given });
  const { code, storeId } = await withVouchers(hub.hub);
  const second = await hub.hub.stores.create(ADMIN, { name: 'Nervión' });
  const stores = Object.fromEntries(locations.map((name, index) => [name, index === 0 ? storeId : second.id]));
  const { id: connectionId } = await hub.host.desk.connect(ADMIN, {
    connectorId: 'polling',
    appId: null,
    name: 'Tills',
    storeId: null,
    settings: { apiKey: 'key-that-nobody-may-see', apiBaseUrl, locations: stores },
  });
  await hub.host.drain();
  return {
    hub,
    connectionId,
    code,
    stores,
    async tick(feed, minutes = 5) {
      clock.pass(minutes * MINUTE);
      await hub.host.feeds.ask(connectionId, feed);
      await hub.host.drain();
    },
    orders: () => rowsOf(hub.hub, 'select external_id as id, state from orders order by external_id'),
    notices: () => rowsOf(hub.hub, 'select lane, state from notice order by id'),
    events: async () => (await ledgerTypes(hub.hub)).filter((type) => /ORDER|VOUCHER_RE|REVERS/.test(type)).sort(),
    health: async () => (await hub.host.feeds.health([connectionId]))[0] ?? [],
    connection: () => hub.host.desk.connection(connectionId),
    async close() {
      await hub.close();
      await hub.database.drop();
    },
  };
}
