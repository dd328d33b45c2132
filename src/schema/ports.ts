import type { Actor } from '../domain/access/roles.ts';
import type {
  ConnectDraft,
  ConnectionPatch,
  ConnectionRecord,
  ConnectorRecord,
  PlainRecord,
} from '../domain/connection/connection.types.ts';

// What the API asks of the connectors, its neighbours among the doors. server.ts brings them together.

export interface ForwardingView {
  readonly id: string;
  readonly connectionId: string;
  readonly verb: string;
  readonly events: readonly string[];
  readonly filter: string | null;
  readonly settings: PlainRecord;
  readonly position: number;
  readonly behind: number;
  readonly paused: boolean;
}

export interface ForwardingPort {
  list(connectionId: string | null): Promise<readonly ForwardingView[]>;
  create(
    actor: Actor,
    draft: Omit<ForwardingView, 'id' | 'position' | 'behind' | 'paused' | 'settings'> & {
      readonly settings: unknown;
      readonly fromStart: boolean;
    },
  ): Promise<ForwardingView>;
  update(
    actor: Actor,
    id: string,
    patch: { events?: readonly string[] | undefined; filter?: string | null | undefined; settings?: unknown; paused?: boolean | undefined },
  ): Promise<ForwardingView>;
  remove(actor: Actor, id: string): Promise<boolean>;
}

interface LossView {
  readonly about: string;
  readonly effect: 'IMPOSSIBLE' | 'WIDER' | 'NARROWER' | 'CHANGED' | 'BY_HUB';
  readonly message: string;
}

interface PublicationView {
  readonly id: string;
  readonly campaignId: string;
  readonly connectionId: string;
  readonly status: 'PUBLISHING' | 'PUBLISHED' | 'WITHDRAWING' | 'WITHDRAWN' | 'FAILED';
  readonly campaignVersion: number;
  readonly losses: readonly LossView[];
  readonly codesTotal: number;
  readonly codesAdded: number;
  readonly codesRefused: number;
  readonly used: number | null;
  readonly lastError: string | null;
}

interface ProductView {
  readonly externalId: string;
  readonly sku: string;
  readonly group: string | null;
  readonly brand: string | null;
}

export interface PublicationPort {
  plan(
    campaignId: string,
    connectionId: string,
  ): Promise<{ readonly losses: readonly LossView[]; readonly publication: unknown; readonly codes: number }>;
  list(campaignId: string | null): Promise<readonly PublicationView[]>;
  publish(actor: Actor, campaignId: string, connectionId: string, onLoss: 'REFUSE' | 'NARROW' | 'GO_ON'): Promise<PublicationView>;
  withdraw(actor: Actor, campaignId: string, connectionId: string): Promise<PublicationView>;
  products(connectionId: string): Promise<readonly ProductView[]>;
  mapProducts(
    actor: Actor,
    connectionId: string,
    products: readonly (Omit<ProductView, 'sku'> & { readonly sku: string | null })[],
  ): Promise<number>;
}

export interface ConnectorDesk {
  connectors(): readonly ConnectorRecord[];
  connections(): Promise<readonly ConnectionRecord[]>;
  /** Settings are checked by the plugin's schema (BAD_USER_INPUT with paths under input.settings), then by its test call. */
  connect(actor: Actor, draft: ConnectDraft): Promise<ConnectionRecord>;
  /** The same checks; then whatever waited for a person is worked again. */
  update(actor: Actor, id: string, patch: ConnectionPatch): Promise<ConnectionRecord>;
}
