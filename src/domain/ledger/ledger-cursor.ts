import { badInput } from '../shared/errors.ts';

const PREFIX = 'ledger:';

/** A cursor is a place in the book, good for the query and the subscription and with any filter. */
export const encodeCursor = (position: number): string => Buffer.from(`${PREFIX}${position}`).toString('base64url');

/** BAD_USER_INPUT unless it is a place in this book. */
export function decodeCursor(cursor: string, head: number): number {
  const text = Buffer.from(cursor, 'base64url').toString();
  const position = text.startsWith(PREFIX) && /^\d{1,16}$/.test(text.slice(PREFIX.length)) ? Number(text.slice(PREFIX.length)) : Number.NaN;
  if (!(position <= head) || encodeCursor(position) !== cursor)
    throw badInput({
      path: 'after',
      message: 'This cursor is not one of this ledger. Begin again without a cursor, or with one that a page or an event gave you.',
    });
  return position;
}
