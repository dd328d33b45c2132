import { z } from 'zod';
import { badInput } from '../shared/errors.ts';
import type { Page, PageRequest } from './list.types.ts';

/** A place in a list, as text for callers: opaque, and of no meaning to another kind of list. */
export function writeCursor(...place: readonly [kind: string, ...(string | number)[]]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place after which a page begins, if any. Throws BAD_USER_INPUT for what is no cursor of this kind of list. */
export function placeBefore<T>({ after }: PageRequest, schema: z.ZodType<T>): T | undefined {
  if (after === null || after === undefined) return undefined;
  const parsed = schema.safeParse(jsonIn(Buffer.from(after, 'base64url').toString('utf8')));
  if (!parsed.success) throw badInput({ path: 'after', message: 'This is no cursor of this list.' });
  return parsed.data;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** `found`: one more than asked for, where there are more. */
export function pageOf<T>(found: readonly T[], { first, after }: PageRequest, cursorOf: (node: T) => string): Page<T> {
  const edges = found.slice(0, first).map((node) => ({ cursor: cursorOf(node), node }));
  const given = after !== null && after !== undefined;
  return {
    edges,
    pageInfo: {
      hasNextPage: found.length > first,
      // A cursor stands for something that was in the list before this page.
      hasPreviousPage: given,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? (given ? after : null),
    },
  };
}

export const EMPTY_PAGE: Page<never> = {
  edges: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
};
