import type { Connector } from '@valehub/connector-kit';
import type { Database } from '../../database/database.ts';
import { App } from '../../domain/connection/app.entity.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { ConnectorRegistry } from '../registry/registry.ts';
import type { Runnable } from '../runner/connector-runner.ts';
import { activeKeys, valuesOf } from './active-keys.rules.ts';
import type { KeyValues, SecretBox, Secrets } from './secret-box.ts';

/** An App with its secrets opened, for use inside this folder only. */
export interface LiveApp {
  readonly id: string;
  readonly connectorId: string;
  /** Null where the connector is not installed, or was refused. */
  readonly connector: Connector | null;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Secrets;
  /** The App's own, and those of everything that was subscribed for it or its connections. */
  readonly keys: KeyValues;
  readonly webhookUrl: string | null;
  readonly lastError: string | null;
}

const ID = /^app_[0-9a-f]{32}$/;

interface SubscriptionKeys {
  readonly holder: string;
  readonly secrets: string | null;
  readonly previous: string | null;
}

/** Apps as they are used, kept in memory for as long as `freshMs`; a change anywhere is heard of by the connections' book. */
export class AppBook {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #box: SecretBox;
  readonly #registry: ConnectorRegistry;
  readonly #freshMs: number;
  readonly #known = new Map<string, { readonly live: LiveApp; readonly readAtMs: number }>();

  constructor(options: { database: Database; clock: Clock; box: SecretBox; registry: ConnectorRegistry; freshMs: number }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#box = options.box;
    this.#registry = options.registry;
    this.#freshMs = options.freshMs;
  }

  /** Undefined where there is none. */
  async get(id: string): Promise<LiveApp | undefined> {
    if (!ID.test(id)) return undefined;
    const nowMs = this.#clock.now();
    const known = this.#known.get(id);
    if (known !== undefined && Math.abs(nowMs - known.readAtMs) < this.#freshMs) return known.live;
    const row = await this.#database.em().findOne(App, { id });
    if (row === null) return undefined;
    const live = await this.#open(row, nowMs);
    this.#known.set(id, { live, readAtMs: nowMs });
    return live;
  }

  /** Of all Apps where none is named. */
  forget(id?: string): void {
    if (id === undefined) this.#known.clear();
    else this.#known.delete(id);
  }

  /** As it was entered. */
  own(row: App): { readonly settings: Readonly<Record<string, unknown>>; readonly secrets: Secrets } {
    return { settings: row.settings, secrets: this.#box.secrets('app', row.id, row.secrets) };
  }

  async #open(row: App, nowMs: number): Promise<LiveApp> {
    const { settings, secrets } = this.own(row);
    const subscribed = await this.#subscribed(row.id, nowMs);
    const previous = row.previousUntil !== null && row.previousUntil.getTime() > nowMs ? row.previousSecrets : null;
    return {
      id: row.id,
      connectorId: row.connectorId,
      connector: this.#registry.get(row.connectorId)?.connector ?? null,
      name: row.name,
      settings,
      secrets,
      keys: activeKeys(
        [
          valuesOf(secrets),
          ...subscribed.flatMap((one) => Object.values(this.#box.ofSubscriptions(one.holder, one.secrets)).map(valuesOf)),
        ],
        [
          this.#box.keyValues('app', row.id, previous),
          ...subscribed.map((one) => this.#box.keyValues('subscription', one.holder, one.previous)),
        ],
      ),
      webhookUrl: row.webhookUrl,
      lastError: row.lastError,
    };
  }

  async #subscribed(id: string, nowMs: number): Promise<readonly SubscriptionKeys[]> {
    const { rows } = await this.#database.pool.query<SubscriptionKeys>(
      `select holder, secrets, case when previous_until > $2 then previous_secrets end as previous from webhook_subscription
       where holder = $1 or holder in (select id from connection where app_id = $1 and status <> 'DISCONNECTED')`,
      [id, new Date(nowMs)],
    );
    return rows;
  }
}

/** The App itself as a connector is asked with it: for what is no connection's (splitting, subscriptions made once). */
export function appRunnable(app: LiveApp & { readonly connector: Connector }): Runnable {
  return {
    id: app.id,
    connectorId: app.connectorId,
    connector: app.connector,
    name: app.name,
    storeId: null,
    appId: app.id,
    grantId: null,
    settings: { environment: 'production', ...app.settings, locations: {} } as Runnable['settings'],
    secrets: app.secrets,
    keys: app.keys,
    status: 'ACTIVE',
    account: null,
    facts: {},
    capabilities: app.connector.capabilities,
    webhookUrl: app.webhookUrl,
  };
}
