export const SEGMENT_KINDS = ['STATIC', 'DYNAMIC'] as const;
/** STATIC: customers listed one by one. DYNAMIC: all for whom an expression holds. */
export type SegmentKind = (typeof SEGMENT_KINDS)[number];

export interface SegmentRecord {
  readonly id: string;
  readonly name: string;
  readonly kind: SegmentKind;
  /** CEL over `customer`; null = a list. */
  readonly expression: string | null;
  readonly version: number;
  /** RFC 3339 */
  readonly createdAt: string;
}

/** Exactly one of expression and customerIds. */
export interface SegmentDraft {
  readonly name: string;
  readonly expression?: string | null | undefined;
  readonly customerIds?: readonly string[] | null | undefined;
}

/** Left out = unchanged. What kind of segment it is stays. */
export interface SegmentPatch {
  readonly name?: string | null | undefined;
  readonly expression?: string | null | undefined;
}

/** Left out or null = no filter, an empty list = nothing. */
export interface SegmentFilter {
  readonly kinds?: readonly SegmentKind[] | null | undefined;
}
