import { createHash } from 'node:crypto';
import type { Job, Plain } from '@valehub/connector-kit';
import type { AnyVerb } from '@valehub/connector-kit/host';
import type { ClaimedJob } from './outbox-store.ts';

/** A job as its verb gets it. */
export function jobFor({ id, key, input, location }: ClaimedJob, verb: AnyVerb): Job<Plain> {
  return { id, key: jobKey(key, verb), input, ...(location === null ? {} : { location }) };
}

/** The key as the platform gets it: the caller's, or a digest of it where the platform takes no more than so many characters. */
function jobKey(key: string, verb: AnyVerb): string {
  const max = typeof verb.repeat === 'object' ? verb.repeat.key?.max : undefined;
  if (max === undefined || key.length <= max) return key;
  return createHash('sha256').update(key).digest('base64url').slice(0, max);
}
