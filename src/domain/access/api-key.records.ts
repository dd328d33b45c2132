import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { instantText } from '../shared/clock.ts';
import { notFound } from '../shared/errors.ts';
import { isStorable } from '../shared/input-checks.ts';
import { ApiKey } from './api-key.entity.ts';
import type { ApiKeyRecord } from './api-key.types.ts';

/** Throws NOT_FOUND. */
export async function lockedKey(em: EntityManager, id: string): Promise<ApiKey> {
  const key = isStorable(id) ? await em.findOne(ApiKey, id, { lockMode: LockMode.PESSIMISTIC_WRITE }) : null;
  if (!key) throw notFound('API key', id);
  return key;
}

export function recordOf(key: ApiKey, now: number): ApiKeyRecord {
  const until = key.revokedAt ? null : (key.previousUntil?.getTime() ?? null);
  return {
    id: key.id,
    name: key.name,
    role: key.role,
    storeIds: key.storeIds,
    connectionId: key.connectionId,
    partnerId: key.partnerId,
    createdAt: instantText(key.createdAt.getTime()),
    lastUsedAt: key.lastUsedAt && instantText(key.lastUsedAt.getTime()),
    revokedAt: key.revokedAt && instantText(key.revokedAt.getTime()),
    previousSecretUntil: until !== null && until > now ? instantText(until) : null,
  };
}
