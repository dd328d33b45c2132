import type { Page, PageRequest } from '../list/list.types.ts';
import { badInput } from '../shared/errors.ts';

const MAX_PAGE = 1_000;

/** A place in a list that is sorted newest first, then by id. */
export interface Place {
  /** A time in epoch ms, or a ledger position. */
  readonly rank: number;
  readonly id: string;
}

/** BAD_USER_INPUT unless `first` is from 0 to 1,000 and `after` is a cursor of this list. */
export function parsePage(list: string, { first, after }: PageRequest): { readonly first: number; readonly after: Place | null } {
  if (!Number.isInteger(first) || first < 0 || first > MAX_PAGE)
    throw badInput({ path: 'first', message: `A page holds 0 to ${MAX_PAGE} entries.` });
  if (after === null || after === undefined) return { first, after: null };
  const [, rank, id] = new RegExp(`^${list}:(\\d{1,16}):([a-z0-9_]{1,64})$`).exec(Buffer.from(after, 'base64url').toString()) ?? [];
  if (rank === undefined || id === undefined) throw badInput({ path: 'after', message: 'This cursor is not one of this list.' });
  return { first, after: { rank: Number(rank), id } };
}

const cursorOf = (list: string, { rank, id }: Place): string => Buffer.from(`${list}:${rank}:${id}`).toString('base64url');

/** A page out of up to `first` + 1 entries that follow `after`. */
export function pageOf<T>(
  list: string,
  entries: readonly T[],
  placeOf: (entry: T) => Place,
  page: { readonly first: number; readonly after: Place | null },
): Page<T> {
  const edges = entries.slice(0, page.first).map((node) => ({ cursor: cursorOf(list, placeOf(node)), node }));
  return {
    edges,
    pageInfo: {
      hasNextPage: entries.length > page.first,
      hasPreviousPage: page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
