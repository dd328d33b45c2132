import type { Transport } from '@valehub/connector-kit/host';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { LockPool } from '../database/exclusive.ts';
import type { Listener } from '../database/listener.ts';
import type { Clock } from '../domain/shared/clock.ts';
import { AuthorizationDesk } from './authorization/authorization-desk.ts';
import { AccountCheck } from './connections/account.ts';
import { AccountDesk } from './connections/account-desk.ts';
import { AppDesk } from './connections/app-desk.ts';
import type { Attention } from './connections/attention.ts';
import { CheckUp } from './connections/check-up.ts';
import { CONNECTIONS_CHANNEL, type ConnectionBook } from './connections/connection-book.ts';
import { ConnectionDesk } from './connections/connection-desk.ts';
import { Disconnection } from './connections/disconnection.ts';
import { PlatformDesk } from './connections/platform-desk.ts';
import { CredentialDesk } from './credentials/credential-desk.ts';
import type { ConnectorRegistry } from './registry/registry.ts';
import type { ConnectorRunner, StoreSource } from './runner/connector-runner.ts';
import { SubscriptionDesk } from './subscriptions/subscription-desk.ts';
import { Upkeep } from './upkeep/upkeep.ts';
import { UPKEEP_DUE, UpkeepStore } from './upkeep/upkeep-store.ts';

export interface LinkingOptions {
  readonly database: Database;
  readonly listener: Listener | null;
  readonly clock: Clock;
  readonly log: Logger;
  readonly stores: StoreSource;
  readonly registry: ConnectorRegistry;
  readonly book: ConnectionBook;
  readonly attention: Attention;
  readonly transport: Transport;
  readonly runner: () => ConnectorRunner;
  readonly publicUrl: () => string;
  readonly replay: (connectionId: string, account: string | null) => Promise<void>;
  readonly works: boolean;
  readonly pollMs: number;
}

/** Everything between connecting a platform and disconnecting it. */
export interface Linking {
  readonly desk: ConnectionDesk;
  readonly apps: AppDesk;
  readonly accounts: AccountDesk;
  readonly authorizations: AuthorizationDesk;
  readonly disconnection: Disconnection;
  readonly platforms: PlatformDesk;
  readonly account: AccountCheck;
  /** Null where nobody works in this process. */
  readonly upkeep: Upkeep | null;
  close(): Promise<void>;
}

/** Made before the runner, which asks it for what calls carry. */
export function openCredentials(
  options: Omit<LinkingOptions, 'stores' | 'registry' | 'replay' | 'publicUrl' | 'works' | 'pollMs' | 'transport'>,
) {
  const { database, clock, log, book, attention, runner, listener } = options;
  const freshMs = listener === null ? 0 : CREDENTIAL_FRESH_MS;
  const locks = new LockPool(database.url);
  const credentials = new CredentialDesk({ pool: database.pool, locks, clock, log, box: book.box, attention, runner, freshMs });
  const stop =
    listener === null
      ? []
      : [listener.on(CONNECTIONS_CHANNEL, (id) => credentials.forget(id)), listener.onReconnect(() => credentials.forget())];
  return {
    credentials,
    locks,
    async close(): Promise<void> {
      for (const end of stop) end();
      await locks.close();
    },
  };
}

const CREDENTIAL_FRESH_MS = 5_000;

export function openLinking(options: LinkingOptions & { readonly credentials: CredentialDesk; readonly locks: LockPool }): Linking {
  const { database, listener, credentials, book } = options;
  const shared = { ...options, pool: database.pool, runner: options.runner() };
  const store = new UpkeepStore(database.pool);
  const subscriptions = new SubscriptionDesk(shared);
  const account = new AccountCheck(shared);
  const checkUp = new CheckUp({ ...shared, account, subscriptions });
  const desk = new ConnectionDesk({ ...shared, checkUp });
  const disconnection = new Disconnection({ ...shared, subscriptions });
  const upkeep = options.works ? new Upkeep({ ...shared, store, subscriptions, checkUp, disconnection }) : null;
  const stop =
    listener === null || upkeep === null
      ? []
      : [
          listener.on(CONNECTIONS_CHANNEL, (word) => (word === UPKEEP_DUE ? upkeep.loop.poke() : undefined)),
          listener.onReconnect(() => upkeep.loop.poke()),
        ];
  return {
    desk,
    disconnection,
    account,
    upkeep,
    apps: new AppDesk({ ...shared, upkeep: store }),
    accounts: new AccountDesk({ ...shared, checkUp }),
    authorizations: new AuthorizationDesk({ ...shared, checkUp, credentials, upkeep: store }),
    platforms: new PlatformDesk({ book, runner: shared.runner }),
    async close() {
      for (const end of stop) end();
      await upkeep?.loop.stop();
    },
  };
}
