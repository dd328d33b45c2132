import type { Connector } from '@valehub/connector-kit';
import type { ParsedSettings } from '@valehub/connector-kit/host';
import { z } from 'zod';
import type { Database } from '../../database/database.ts';
import type { Listener } from '../../database/listener.ts';
import { Connection } from '../../domain/connection/connection.entity.ts';
import type { ConnectionStatus } from '../../domain/connection/connection.types.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import type { Keyring } from '../../domain/shared/keyring.ts';
import type { ConnectorRegistry } from '../registry/registry.ts';

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
  readonly settings: ParsedSettings['settings'];
  readonly secrets: ParsedSettings['secrets'];
  readonly status: ConnectionStatus;
  readonly account: string | null;
  readonly facts: Readonly<Record<string, string>>;
  readonly webhookUrl: string | null;
}

/** Without a word from the database a snapshot is good for so long. */
const FRESH_MS = 5_000;
const ID = /^con_[0-9a-f]{32}$/;
const secretsSchema = z.record(z.string(), z.string());

/** Connections as they are used, kept in memory; a change anywhere is heard of. */
export class ConnectionBook {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #keyring: Pick<Keyring, 'seal' | 'open'>;
  readonly #registry: ConnectorRegistry;
  readonly #known = new Map<string, { readonly live: LiveConnection; readonly readAtMs: number }>();
  readonly #freshMs: number;
  readonly #stop: (() => void)[] = [];

  constructor(options: {
    database: Database;
    clock: Clock;
    keyring: Pick<Keyring, 'seal' | 'open'>;
    registry: ConnectorRegistry;
    listener: Listener | null;
  }) {
    this.#database = options.database;
    this.#clock = options.clock;
    this.#keyring = options.keyring;
    this.#registry = options.registry;
    this.#freshMs = options.listener === null ? 0 : FRESH_MS;
    if (options.listener === null) return;
    this.#stop.push(
      options.listener.on(CONNECTIONS_CHANNEL, (id) => this.forget(id)),
      options.listener.onReconnect(() => this.#known.clear()),
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
    const live = this.open(row);
    this.#known.set(id, { live, readAtMs: nowMs });
    return live;
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  open(row: Connection): LiveConnection {
    return {
      id: row.id,
      connectorId: row.connectorId,
      connector: this.#registry.get(row.connectorId)?.connector ?? null,
      name: row.name,
      storeId: row.storeId,
      appId: null,
      grantId: null,
      // Parsed when they were entered.
      settings: row.settings as ParsedSettings['settings'],
      secrets: row.secrets === null ? {} : secretsSchema.parse(JSON.parse(this.#keyring.open(row.secrets, sealContext(row.id)))),
      status: row.status,
      account: row.account,
      facts: row.facts,
      webhookUrl: row.webhookUrl,
    };
  }

  seal(id: string, secrets: Readonly<Record<string, string>>): string | null {
    return Object.keys(secrets).length === 0 ? null : this.#keyring.seal(JSON.stringify(secrets), sealContext(id));
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }
}

/** A sealed text that is copied into another connection's row does not open there. */
export const sealContext = (id: string): string => `connection ${id}`;
