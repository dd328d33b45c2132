import type { Plain } from '@valehub/connector-kit';

/**
 * ACTIVE; NEEDS_ATTENTION: a person must act (`lastError` says why), webhooks are still taken; PAUSED: nothing is called;
 * DISCONNECTED: for good, only its history is left.
 */
export const CONNECTION_STATUSES = ['ACTIVE', 'NEEDS_ATTENTION', 'PAUSED', 'DISCONNECTED'] as const;
export type ConnectionStatus = (typeof CONNECTION_STATUSES)[number];

export type PlainRecord = Readonly<Record<string, Plain>>;

/** NEW: nobody has logged in yet. DEAD: the platform refuses it, and it is not tried again until a person acts. ENDED: given back. */
export type GrantStatus = 'NEW' | 'ALIVE' | 'DEAD' | 'ENDED';

/** An account that the credentials of a connection open. */
export interface AccountChoice {
  readonly account: string;
  readonly name: string;
  readonly facts?: Readonly<Record<string, string>>;
}

/** A subscription at a platform; of its secrets only the names. */
export interface KeptSubscription {
  readonly id: string;
  readonly topics: readonly string[];
  readonly url: string;
  readonly secretNames: readonly string[];
  readonly expiresAt?: string;
}

/**
 * PENDING and RUNNING stand in their resource's lane. DONE: its facts are in. IGNORED: kept, nothing to do (the hub's own echo,
 * a topic nobody knows, a connection that was taken off). UNCLAIMED: of an account that is not connected here. PARKED: a person is told why (`reason`, `lastError`).
 */
export const NOTICE_STATES = ['PENDING', 'RUNNING', 'DONE', 'IGNORED', 'UNCLAIMED', 'PARKED'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** Why a notice is where it is. `LOCATION_WITHOUT_STORE` is worked again when the setting is set. */
export const NOTICE_REASONS = [
  'OWN_ECHO',
  'OTHER_ACCOUNT',
  'UNKNOWN_ACCOUNT',
  'DISCONNECTED',
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
  /** What to enter at the platform as the address that people come back to; null where nobody agrees in a browser. */
  readonly redirectUri: string | null;
}

/** Whether a person has to agree in a browser: MISSING and ENDED wait for one. */
export const AUTHORIZATION_STATES = ['NOT_NEEDED', 'MISSING', 'GIVEN', 'ENDED'] as const;
export type AuthorizationState = (typeof AUTHORIZATION_STATES)[number];

/** A connection as callers see it: nothing of its settings. */
export interface ConnectionRecord {
  readonly id: string;
  readonly connectorId: string;
  readonly appId: string | null;
  readonly name: string;
  readonly status: ConnectionStatus;
  readonly webhookUrl: string | null;
  readonly lastError: string | null;
  /** The platform's id and name of the account, once it answered the test call. */
  readonly account: string | null;
  readonly accountName: string | null;
  /** Among which a person chooses; empty where the credentials open only one. */
  readonly accounts: readonly { readonly account: string; readonly name: string }[];
  readonly authorization: AuthorizationState;
  /** The connector's, as far as this account has them. */
  readonly capabilities: unknown;
  /** What a person has to do at the platform so that it calls the hub; Markdown. */
  readonly manualSubscription: string | null;
}

/** One of the values that a setting may have. */
export interface SettingChoice {
  readonly value: string;
  readonly label: string;
}

/** A location as the platform has it, and the store that the connection's settings say it is. */
export interface PlatformLocationRecord {
  readonly externalId: string;
  readonly name: string;
  readonly currency: string | null;
  readonly timeZone: string | null;
  readonly storeId: string | null;
}

export interface ConnectDraft {
  readonly connectorId: string;
  readonly appId: string | null;
  readonly name: string;
  readonly storeId: string | null;
  readonly settings: unknown;
  /** A connection whose log-in it shares, as another of the accounts that it opens. */
  readonly grantOf?: string | null;
}

/** Undefined = unchanged. Settings are laid over the stored ones, member by member; null takes one out. */
export interface ConnectionPatch {
  readonly name?: string | null | undefined;
  readonly storeId?: string | null | undefined;
  readonly settings?: unknown;
  readonly paused?: boolean | null | undefined;
  /** How long replaced signing keys go on to verify; 0 = no longer, left out = a day. */
  readonly keepReplacedKeysSeconds?: number;
}
