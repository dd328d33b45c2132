/** Filters: left out or null = no filter, an empty list = nothing; fields AND, values OR. `from` inclusive, `to` exclusive: RFC 3339. */
export interface AuditFilter {
  readonly actorIds?: readonly string[] | null | undefined;
  readonly operations?: readonly string[] | null | undefined;
  readonly subjectId?: string | null | undefined;
  readonly from?: string | null | undefined;
  readonly to?: string | null | undefined;
}

/** One change. */
export interface AuditRecord {
  readonly id: string;
  /** RFC 3339 */
  readonly at: string;
  /** The API key; for the hub's own deeds the connection or workflow run; null where it was not kept yet. */
  readonly actorId: string | null;
  /** The mutation. */
  readonly operation: string;
  readonly subjectId: string | null;
  readonly before: unknown;
  readonly after: unknown;
}
