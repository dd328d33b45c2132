import type { Capabilities, Connector } from '@valehub/connector-kit';
import type { ParsedSettings } from '@valehub/connector-kit/host';
import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import { Connection } from '../../domain/connection/connection.entity.ts';
import type { ConnectionStatus } from '../../domain/connection/connection.types.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Keyring } from '../../domain/shared/keyring.ts';
import type { ConnectorRegistry } from '../registry/registry.ts';
import { activeKeys, valuesOf } from './active-keys.rules.ts';
import { AppBook, type LiveApp } from './app-book.ts';
import { lowered } from './capabilities.rules.ts';
import { type KeyValues, SecretBox } from './secret-box.ts';

/** Payloads are ids of connections, Apps and grants that were changed, or a word for those who look after them. */
export const CONNECTIONS_CHANNEL = 'valehub_connections';

/** A connection with its credentials opened, for use inside this folder only. */
export interface LiveConnection {
  readonly id: string;
  readonly connectorId: string;
  /** Null where the connector is not installed, or was refused. */
  readonly connector: Connector | null;
  readonly name: string;
  readonly storeId: string | null;
  /** The developer app that it belongs to, and the grant whose credential it uses. */
  readonly appId: string | null;
  readonly grantId: string | null;
  /** Its own, those of its App underneath. */
  readonly settings: ParsedSettings['settings'];
  readonly secrets: ParsedSettings['secrets'];
  /** By which what comes to its own address is verified. */
  readonly keys: KeyValues;
  readonly status: ConnectionStatus;
  readonly account: string | null;
  /** What `identify` told, and over it what the credential brought. */
  readonly facts: Readonly<Record<string, string>>;
  /** The connector's, as far as this account has them. */
  readonly capabilities: Capabilities;
  readonly webhookUrl: string | null;
}

/** Without a word from the database a snapshot is good for so long. */
const FRESH_MS = 5_000;
const ID = /^con_[0-9a-f]{32}$/;

interface Shared {
  readonly facts: Record<string, string> | null;
  readonly secrets: string | null;
  readonly previous: string | null;
}

export interface ConnectionBookOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyring: Pick<Keyring, 'seal' | 'open'>;
  readonly registry: ConnectorRegistry;
  readonly listener: Listener | null;
}

/** Connections and Apps as they are used, kept in memory; a change anywhere is heard of. */
export class ConnectionBook {
  readonly apps: AppBook;
  readonly box: SecretBox;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #registry: ConnectorRegistry;
  readonly #known = new Map<string, { readonly live: LiveConnection; readonly readAtMs: number }>();
  readonly #freshMs: number;
  readonly #stop: (() => void)[] = [];

  constructor(options: ConnectionBookOptions) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#registry = options.registry;
    this.#freshMs = options.listener === null ? 0 : FRESH_MS;
    this.box = new SecretBox(options.keyring);
    this.apps = new AppBook({ ...options, box: this.box, freshMs: this.#freshMs });
    if (options.listener === null) return;
    this.#stop.push(
      options.listener.on(CONNECTIONS_CHANNEL, (id) => this.forget(id)),
      options.listener.onReconnect(() => this.#forgetAll()),
    );
  }

  /** Undefined where there is none. */
  async get(id: string): Promise<LiveConnection | undefined> {
    if (!ID.test(id)) return undefined;
    const nowMs = this.#clock.now();
    const known = this.#known.get(id);
    if (known !== undefined && Math.abs(nowMs - known.readAtMs) < this.#freshMs) return known.live;
    const row = await this.#database.em().findOne(Connection, { id });
    if (row === null) return undefined;
    const live = await this.#open(row, nowMs);
    this.#known.set(id, { live, readAtMs: nowMs });
    return live;
  }

  /** A connection, or all that share an App or a grant. */
  forget(id: string): void {
    this.#known.delete(id);
    for (const [key, { live }] of this.#known) if (live.appId === id || live.grantId === id) this.#known.delete(key);
    if (id.startsWith('app_')) this.apps.forget(id);
    // Its subscriptions' keys stand in its App's.
    else if (id.startsWith('con_')) this.apps.forget();
  }

  /** As it was entered, without what its App gives. */
  own(row: Connection): ParsedSettings {
    // Parsed when they were entered.
    return { settings: row.settings as ParsedSettings['settings'], secrets: this.box.secrets('connection', row.id, row.secrets) };
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  #forgetAll(): void {
    this.#known.clear();
    this.apps.forget();
  }

  async #open(row: Connection, nowMs: number): Promise<LiveConnection> {
    const own = this.own(row);
    const app = row.appId === null ? undefined : await this.apps.get(row.appId);
    const shared = await this.#shared(row, nowMs);
    const connector = this.#registry.get(row.connectorId)?.connector ?? null;
    const { settings, secrets } = over(app, own);
    const previous = row.previousUntil !== null && row.previousUntil.getTime() > nowMs ? row.previousSecrets : null;
    const subscribed = Object.values(this.box.ofSubscriptions(row.id, shared.secrets));
    return {
      id: row.id,
      connectorId: row.connectorId,
      connector,
      name: row.name,
      storeId: row.storeId,
      appId: row.appId,
      grantId: row.grantId,
      settings,
      secrets,
      keys: activeKeys(
        [valuesOf(secrets), ...subscribed.map(valuesOf)],
        [this.box.keyValues('connection', row.id, previous), this.box.keyValues('subscription', row.id, shared.previous)],
      ),
      status: row.status,
      account: row.account,
      facts: { ...row.facts, ...shared.facts },
      capabilities: lowered(connector?.capabilities ?? {}, row.capabilities as Capabilities | null),
      webhookUrl: row.webhookUrl,
    };
  }

  async #shared(row: Connection, nowMs: number): Promise<Shared> {
    const { rows } = await this.#database.pool.query<Shared>(
      `select g.facts, s.secrets, case when s.previous_until > $3 then s.previous_secrets end as previous
       from (select 1) as one left join credential_grant g on g.id = $1 left join webhook_subscription s on s.holder = $2`,
      [row.grantId, row.id, new Date(nowMs)],
    );
    return rows[0] ?? { facts: null, secrets: null, previous: null };
  }
}

/** What was entered for a connection lies over what its App has. */
function over(app: LiveApp | undefined, own: ParsedSettings): ParsedSettings {
  if (app === undefined) return own;
  const settings: Readonly<Record<string, unknown>> = own.settings;
  return {
    settings: { environment: 'production', ...app.settings, ...settings } as ParsedSettings['settings'],
    secrets: { ...app.secrets, ...own.secrets },
  };
}
