import type { Key } from './verification.ts';

/** The key that a setting's text stands for. */
export function keyBytes({ decode, prefix }: Pick<Key, 'decode' | 'prefix'>, value: string): Buffer {
  const text = prefix !== undefined && value.startsWith(prefix) ? value.slice(prefix.length) : value;
  return Buffer.from(text, decode === undefined ? 'utf8' : 'base64');
}
