import { canonicalJson, sha256 } from '../shared/canonical.ts';

/** The previous hash of position 1. */
export const GENESIS_HASH = '0'.repeat(64);

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

/** SHA-256(previous hash + newline + the event by RFC 8785), lower-case hex. */
export const chainHash = (previousHash: string, event: HashedEvent): string => sha256(`${previousHash}\n${canonicalJson(event)}`);
