import type { PageRequest } from '../domain/list/list.types.ts';
import { badInput } from '../domain/shared/errors.ts';

export const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 50;

/** Null means left out: the default. */
export function pageRequest(first: number | null | undefined, after: string | null | undefined, byDefault = DEFAULT_PAGE): PageRequest {
  const wanted = first ?? byDefault;
  if (wanted < 0 || wanted > MAX_PAGE) throw badInput({ path: 'first', message: `A page holds 0 to ${MAX_PAGE} entries.` });
  return { first: wanted, after: after ?? null };
}

/** The one argument that was given, by name; null counts as left out. Throws BAD_USER_INPUT unless exactly one was. */
export function exactlyOne<K extends string>(given: Readonly<Record<K, string | null | undefined>>): K {
  const names = Object.keys(given) as K[];
  const set = names.filter((name) => given[name] !== null && given[name] !== undefined);
  const [only] = set;
  if (set.length !== 1 || only === undefined)
    throw badInput({ path: set[1] ?? names[0] ?? '', message: `Give exactly one of ${names.join(', ')}.` });
  return only;
}
