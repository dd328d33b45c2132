import type { HoldRecord } from '../redemption/redemption.types.ts';
import { instantText } from '../shared/clock.ts';
import type { HeldContent } from './hold.types.ts';

/** A hold as its row has it; times in epoch ms. */
export interface StoredHold {
  readonly id: string;
  readonly status: HoldRecord['status'];
  readonly codes: readonly string[];
  readonly source: string;
  readonly externalId: string;
  readonly storeId: string;
  readonly content: HeldContent;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** For any query over `hold`. */
export const HOLD_COLUMNS = `
  hold.id, hold.status, hold.codes, hold.source, hold.external_id as "externalId", hold.store_id as "storeId", hold.content,
  floor(extract(epoch from hold.created_at) * 1000)::bigint as "createdAt", floor(extract(epoch from hold.expires_at) * 1000)::bigint as "expiresAt"`;

/** As it is shown: over when its time is, whether or not anybody has ended it yet. */
export const holdRecord = (hold: StoredHold, now: number): HoldRecord => ({
  id: hold.id,
  codes: hold.codes,
  status: hold.status === 'ACTIVE' && hold.expiresAt <= now ? 'EXPIRED' : hold.status,
  createdAt: instantText(hold.createdAt),
  expiresAt: instantText(hold.expiresAt),
  storeId: hold.storeId,
  businessDay: hold.content.businessDay,
  orderSource: hold.source,
  orderExternalId: hold.externalId,
  vouchers: hold.content.vouchers,
  priced: hold.content.priced,
});

/** Of a hold that is over: since when, if its time ran out; one that was let go or redeemed ended before. */
export const overSince = ({ status, expiresAt }: Pick<StoredHold, 'status' | 'expiresAt'>): { readonly at?: string } =>
  status === 'ACTIVE' || status === 'EXPIRED' ? { at: instantText(expiresAt) } : {};
