import type { Actor } from '../domain/access/roles.ts';
import type { ConnectionStatus } from '../domain/connection/connection.types.ts';

// What the API asks of the connectors, its neighbours among the doors. server.ts brings them together.

export interface ConnectorRecord {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly roles: readonly string[];
  readonly settingsSchema: unknown;
  readonly appSchema: unknown;
  readonly capabilities: unknown;
}

export interface ConnectionRecord {
  readonly id: string;
  readonly connectorId: string;
  readonly name: string;
  readonly status: ConnectionStatus;
  readonly webhookUrl: string | null;
  readonly lastError: string | null;
}

export interface ConnectDraft {
  readonly connectorId: string;
  readonly appId: string | null;
  readonly name: string;
  readonly storeId: string | null;
  readonly settings: unknown;
}

/** Left out = unchanged. `settings` is laid over what is stored, member by member; null takes one out. */
export interface ConnectionPatch {
  readonly name?: string | null | undefined;
  readonly storeId?: string | null | undefined;
  readonly settings?: unknown;
  readonly paused?: boolean | null | undefined;
}

export interface ConnectorDesk {
  connectors(): readonly ConnectorRecord[];
  connections(): Promise<readonly ConnectionRecord[]>;
  /** Settings are checked by the plugin's schema (BAD_USER_INPUT with paths under input.settings), then by its test call. */
  connect(actor: Actor, draft: ConnectDraft): Promise<ConnectionRecord>;
  /** The same checks; then whatever waited for a person is worked again. */
  update(actor: Actor, id: string, patch: ConnectionPatch): Promise<ConnectionRecord>;
}
