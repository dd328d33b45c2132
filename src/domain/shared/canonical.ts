import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** JSON by RFC 8785 (JCS): the same value always gives the same bytes. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('A value without a JSON form cannot be canonicalised.');
  return text;
}

/** Lower-case hex. */
export const sha256 = (text: string): string => hash('sha256', text);
