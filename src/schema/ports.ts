import type { Actor } from '../domain/access/roles.ts';
import type { ConnectDraft, ConnectionPatch, ConnectionRecord, ConnectorRecord } from '../domain/connection/connection.types.ts';
import type { BackfillDraft, BackfillRecord, FeedHealth } from '../domain/feed/feed.types.ts';

// What the API asks of the connectors, its neighbours among the doors. server.ts brings them together.

export interface ConnectorDesk {
  connectors(): readonly ConnectorRecord[];
  connections(): Promise<readonly ConnectionRecord[]>;
  /** Settings are checked by the plugin's schema (BAD_USER_INPUT with paths under input.settings), then by its test call. */
  connect(actor: Actor, draft: ConnectDraft): Promise<ConnectionRecord>;
  /** The same checks; then whatever waited for a person is worked again. */
  update(actor: Actor, id: string, patch: ConnectionPatch): Promise<ConnectionRecord>;
}

export interface FeedDesk {
  /** In the order of the ids. */
  health(connectionIds: readonly string[]): Promise<readonly (readonly FeedHealth[])[]>;
}

export interface BackfillDesk {
  start(actor: Actor, draft: BackfillDraft): Promise<BackfillRecord>;
  cancel(actor: Actor, id: string): Promise<BackfillRecord>;
  backfill(id: string): Promise<BackfillRecord | null>;
  backfills(connectionId: string): Promise<readonly BackfillRecord[]>;
}
