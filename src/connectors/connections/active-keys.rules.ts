import type { Connector, Verification } from '@valehub/connector-kit';
import type { KeyValues, Secrets } from './secret-box.ts';

/** How long a replaced key goes on to verify where nobody says otherwise: platforms repeat what they could not deliver for about a day. */
export const KEEP_PREVIOUS_MS = 24 * 60 * 60_000;
/** The longest for which somebody may say so; s. */
export const LONGEST_KEEP_S = 7 * 24 * 60 * 60;

function keyNamesOf(scheme: Verification): readonly string[] {
  const keys = scheme.by === 'basic' ? [scheme.user, scheme.password] : 'jwks' in scheme.key ? [] : [scheme.key];
  return keys.flatMap((key) => [key.secret, ...(key.id === undefined ? [] : [key.id.secret])]);
}

/** The names of the secrets by which what platforms send is verified. */
export function verificationNames({ webhooks, questions, auth }: Connector): ReadonlySet<string> {
  const ways = 'length' in auth ? auth : [auth];
  const declared = [webhooks?.verify ?? [], ...Object.values(questions ?? {}).map(({ verify }) => verify)];
  const callbacks = ways.flatMap(({ authorize }) => authorize?.callback ?? []);
  return new Set([...declared.flat(), ...callbacks].flatMap(keyNamesOf));
}

/** Of the keys that verified before a change those that do no more: they go on for a while. Older ones among `before` do not. */
export function replacedKeys(names: ReadonlySet<string>, before: Secrets, after: Secrets): KeyValues {
  const replaced = Object.entries(before).filter(([name, value]) => names.has(name) && after[name] !== undefined && after[name] !== value);
  return Object.fromEntries(replaced.map(([name, value]) => [name, [value]]));
}

export const valuesOf = (secrets: Secrets): KeyValues =>
  Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, [value]]));

/** All values by name. A replaced one counts only where the name has a value still: what was taken out is out. */
export function activeKeys(current: readonly KeyValues[], previous: readonly KeyValues[]): KeyValues {
  const all = new Map<string, Set<string>>();
  const add = (name: string, values: readonly string[]): void => {
    // Nothing is ever proven by an empty key.
    const kept = values.filter((value) => value !== '');
    if (kept.length > 0) all.set(name, new Set([...(all.get(name) ?? []), ...kept]));
  };
  for (const values of current) for (const [name, list] of Object.entries(values)) add(name, list);
  for (const values of previous) for (const [name, list] of Object.entries(values)) if (all.has(name)) add(name, list);
  return Object.fromEntries([...all].map(([name, values]) => [name, [...values]]));
}
