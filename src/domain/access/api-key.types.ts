import type { Role } from './roles.ts';

export interface ApiKeyDraft {
  readonly name: string;
  readonly role: Role;
  readonly storeIds?: readonly string[] | null | undefined;
  readonly connectionId?: string | null | undefined;
  readonly partnerId?: string | null | undefined;
}

export interface ApiKeyRecord {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** null = all stores */
  readonly storeIds: readonly string[] | null;
  readonly connectionId: string | null;
  readonly partnerId: string | null;
  /** RFC 3339 */
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  /** Until when the secret before the last rotation still opens; null where it does not. */
  readonly previousSecretUntil: string | null;
}
