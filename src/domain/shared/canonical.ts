import { hash } from 'node:crypto';

/** Texts that JSON writes as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** JSON by RFC 8785 (JCS): the same value always gives the same bytes. Throws for what has no JSON form. */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      if (!Number.isFinite(value)) break;
      return String(value);
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : composite(value);
  }
  throw new Error('A value without a JSON form cannot be canonicalised.');
}

function composite(value: object): string {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => (item === undefined ? 'null' : canonicalJson(item))).join(',')}]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') return canonicalJson(value.toJSON());
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member !== undefined) text += `${text === '' ? '' : ','}${quoted(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new Error('Half a surrogate pair cannot be canonicalised.');
  return JSON.stringify(text);
}

/** Lower-case hex. */
export const sha256 = (text: string): string => hash('sha256', text);
