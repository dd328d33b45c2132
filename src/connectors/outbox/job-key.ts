import { createHash } from 'node:crypto';
import type { AnyVerb } from './verbs.ts';

/** The key as the platform gets it: the caller's, or a digest of it where the platform takes no more than so many characters. */
export function jobKey(key: string, verb: AnyVerb): string {
  const max = typeof verb.repeat === 'object' ? verb.repeat.key?.max : undefined;
  if (max === undefined || key.length <= max) return key;
  return createHash('sha256').update(key).digest('base64url').slice(0, max);
}
