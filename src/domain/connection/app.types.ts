/** An App as callers see it: nothing of its settings. */
export interface AppRecord {
  readonly id: string;
  readonly connectorId: string;
  readonly name: string;
  readonly webhookUrl: string | null;
  readonly lastError: string | null;
}

/** An account that the platform tells of and nobody has connected. */
export interface UnclaimedAccount {
  /** Null where the events name none. */
  readonly account: string | null;
  readonly events: number;
  /** RFC 3339 */
  readonly lastAt: string;
}

export interface AppDraft {
  readonly connectorId: string;
  readonly name: string;
  readonly settings: unknown;
}

/** Undefined = unchanged. Settings are laid over the stored ones, member by member; null takes one out. */
export interface AppPatch {
  readonly name?: string | null | undefined;
  readonly settings?: unknown;
  /** How long replaced signing keys go on to verify; 0 = no longer. */
  readonly keepReplacedKeysSeconds: number;
}
