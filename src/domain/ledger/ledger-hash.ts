import { canonicalJson, sha256 } from '../shared/canonical.ts';

/** What the hash covers. Absent members are null; `at` is the text that the API shows. */
export interface HashedEvent {
  readonly position: number;
  readonly type: string;
  readonly at: string;
  readonly businessDay: string | null;
  readonly storeId: string | null;
  readonly campaignId: string | null;
  readonly code: string | null;
  readonly amount: { readonly currency: string; readonly minor: number } | null;
  readonly data: unknown;
}

/** SHA-256(previous hash (64 zeros before position 1) + newline + the event by RFC 8785), lower-case hex. */
export const chainHash = (previousHash: string, event: HashedEvent): string => sha256(`${previousHash}\n${canonicalJson(event)}`);
