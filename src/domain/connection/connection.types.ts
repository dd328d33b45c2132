import type { Plain } from '@valehub/connector-kit';

/** ACTIVE; NEEDS_ATTENTION: a person must act (`lastError` says why), webhooks are still taken; PAUSED: nothing is called. */
export const CONNECTION_STATUSES = ['ACTIVE', 'NEEDS_ATTENTION', 'PAUSED'] as const;
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number];

export type PlainRecord = Readonly<Record<string, Plain>>;

/**
 * PENDING and RUNNING stand in their resource's lane. DONE: its facts are in. IGNORED: kept, nothing to do (the hub's own echo,
 * a topic nobody knows). UNCLAIMED: another account's. PARKED: a person is told why (`reason`, `lastError`).
 */
export const NOTICE_STATES = ['PENDING', 'RUNNING', 'DONE', 'IGNORED', 'UNCLAIMED', 'PARKED'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** Why a notice is where it is. `LOCATION_WITHOUT_STORE` is worked again when the setting is set. */
export const NOTICE_REASONS = [
  'OWN_ECHO',
  'OTHER_ACCOUNT',
  'UNKNOWN_TOPIC',
  'NO_FACTS',
  'LOCATION_WITHOUT_STORE',
  'REFUSED',
  'GAVE_UP',
  'FAULTY_FACTS',
] as const;
export type NoticeReason = (typeof NOTICE_REASONS)[number];

/** PARKED waits for a person; FAILED was refused for good; both carry their failure. */
export const JOB_STATUSES = ['PENDING', 'RUNNING', 'DONE', 'FAILED', 'PARKED'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** What the platform reported later about a message that it took. */
export const MESSAGE_STATES = ['QUEUED', 'DELIVERED', 'OPENED', 'CLICKED', 'BOUNCED', 'REFUSED'] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

/** A connector as callers see it. */
export interface ConnectorRecord {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly roles: readonly string[];
  /** JSON Schema 2020-12 */
  readonly settingsSchema: unknown;
  readonly appSchema: unknown;
  readonly capabilities: unknown;
}

/** A connection as callers see it: nothing of its settings. */
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

/** Undefined = unchanged. Settings are laid over the stored ones, member by member; null takes one out. */
export interface ConnectionPatch {
  readonly name?: string | null | undefined;
  readonly storeId?: string | null | undefined;
  readonly settings?: unknown;
  readonly paused?: boolean | null | undefined;
}
