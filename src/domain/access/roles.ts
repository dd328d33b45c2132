export const ROLES = ['ADMIN', 'MARKETING', 'TILL', 'ACCOUNTING', 'PARTNER', 'CONNECTOR', 'PUBLIC'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts: an API key, or the hub itself on behalf of a connection or a workflow. */
export interface Actor {
  /** The API key's id; for the hub's own deeds the id of the connection or workflow run. */
  readonly id: string;
  readonly role: Role;
  /** null = all stores */
  readonly storeIds: readonly string[] | null;
  readonly connectionId: string | null;
  readonly partnerId: string | null;
}
