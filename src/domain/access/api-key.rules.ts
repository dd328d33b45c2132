import { randomBytes } from 'node:crypto';
import { sha256 } from '../shared/canonical.ts';
import { badInput } from '../shared/errors.ts';
import { InputChecks } from '../shared/input-checks.ts';
import type { ApiKeyDraft } from './api-key.types.ts';
import type { Role } from './roles.ts';

const SECRET = /^vh_[a-z]+_[A-Za-z0-9_-]{43}$/;

/** Tells its role to whoever finds it; its 256 random bits are what counts. */
export const newSecret = (role: Role): string => `vh_${role.toLowerCase()}_${randomBytes(32).toString('base64url')}`;

/** Whether a text can be a key's secret at all. */
export const isSecret = (text: string): boolean => SECRET.test(text);

export const hashSecret = sha256;

const LONGEST_OVERLAP_S = 30 * 86_400;

/** Throws BAD_USER_INPUT. */
export function checkOverlap(seconds: number): void {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > LONGEST_OVERLAP_S)
    throw badInput({ path: 'overlapSeconds', message: `The old secret may open for 0 to ${LONGEST_OVERLAP_S} seconds more.` });
}

/** Throws BAD_USER_INPUT. */
export function checkApiKey(draft: ApiKeyDraft): void {
  const checks = new InputChecks();
  checks.line('input.name', draft.name);
  if (draft.storeIds) checks.lines('input.storeIds', draft.storeIds, { maxItems: 10_000 });
  if (draft.role === 'TILL' && !draft.storeIds?.length) checks.fault('input.storeIds', 'A key for a till names the stores it holds for.');
  if (draft.role !== 'CONNECTOR' && draft.connectionId) checks.fault('input.connectionId', 'Only a CONNECTOR key belongs to a connection.');
  if (draft.role !== 'PARTNER' && draft.partnerId) checks.fault('input.partnerId', 'Only a PARTNER key belongs to a partner.');
  checks.settle();
}
