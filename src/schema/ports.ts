import type { Actor } from '../domain/access/roles.ts';
import type { AppDraft, AppPatch, AppRecord, UnclaimedAccount } from '../domain/connection/app.types.ts';
import type {
  ConnectDraft,
  ConnectionPatch,
  ConnectionRecord,
  ConnectorRecord,
  PlatformLocationRecord,
  SettingChoice,
} from '../domain/connection/connection.types.ts';

// What the API asks of the connectors, its neighbours among the doors. server.ts brings them together.

export interface ConnectorDesk {
  connectors(): readonly ConnectorRecord[];
  connections(includeDisconnected: boolean): Promise<readonly ConnectionRecord[]>;
  connection(id: string): Promise<ConnectionRecord | null>;
  /** Settings are checked by the plugin's schema (BAD_USER_INPUT with paths under input.settings), then by its test call. */
  connect(actor: Actor, draft: ConnectDraft): Promise<ConnectionRecord>;
  /** The same checks; then whatever waited for a person is worked again. */
  update(actor: Actor, id: string, patch: ConnectionPatch): Promise<ConnectionRecord>;
}

/** What connections share, and what happens between connecting and disconnecting. */
export interface LinkDesks {
  readonly apps: {
    apps(): Promise<readonly AppRecord[]>;
    unclaimed(appId: string): Promise<readonly UnclaimedAccount[]>;
    create(actor: Actor, draft: AppDraft): Promise<AppRecord>;
    update(actor: Actor, id: string, patch: AppPatch): Promise<AppRecord>;
  };
  readonly authorizations: { begin(actor: Actor, connectionId: string): Promise<{ readonly url: string; readonly expiresAt: string }> };
  readonly accounts: { choose(actor: Actor, connectionId: string, account: string): Promise<void> };
  readonly disconnection: { disconnect(actor: Actor, connectionId: string): Promise<void> };
  /** Asked of the platform now; HubError where it does not answer. */
  readonly platforms: {
    choices(actor: Actor, connectionId: string, name: string): Promise<readonly SettingChoice[]>;
    locations(actor: Actor, connectionId: string): Promise<readonly PlatformLocationRecord[]>;
  };
}
