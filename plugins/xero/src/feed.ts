import { CallError, durationMs, type Feed, type Instant, z } from '@valehub/connector-kit';
import { readPage } from './client.ts';
import { factsOf } from './fetch.ts';
import type { settings, XeroCtx } from './settings.ts';

const KINDS = ['INVOICE', 'CREDIT_NOTE', 'JOURNAL'] as const;

/** A sweep goes over the three shelves, page by page; `begun` is when, by Xero's clock, and so where the next one starts. */
const cursorSchema = z.strictObject({
  since: z.iso.datetime(),
  begun: z.iso.datetime().optional(),
  kind: z.enum(KINDS),
  page: z.int().positive(),
});
type Cursor = z.output<typeof cursorSchema>;

/** A change may be seen a little after the time that stands on it. */
const OVERLAP = 'PT2M';

const start = (since: Instant): Cursor => ({ since, kind: KINDS[0], page: 1 });

function parsed(text: string): Cursor {
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof z.ZodError)) throw cause;
    throw new CallError({
      code: 'CURSOR_LOST',
      message: 'The position in the documents of Xero is none of this version of the connector.',
    });
  }
}

/** Undefined at the end of the sweep. */
function after({ kind, page, ...rest }: Cursor, more: boolean): Cursor | undefined {
  if (more) return { ...rest, kind, page: page + 1 };
  const next = KINDS[KINDS.indexOf(kind) + 1];
  return next && { ...rest, kind: next, page: 1 };
}

const earlier = (at: Instant): Instant => new Date(Date.parse(at) - durationMs(OVERLAP)).toISOString();

async function read(ctx: XeroCtx, text: string) {
  const cursor = parsed(text);
  const { items, more, at } = await readPage(ctx, cursor.kind, cursor);
  const begun = cursor.begun ?? at;
  const next = after({ ...cursor, begun }, more);
  return { facts: await factsOf(ctx, items), next: JSON.stringify(next ?? start(earlier(begun))), more: next !== undefined };
}

/**
 * Xero tells of invoices and credit notes by webhook, of manual journals not at all, and switches webhooks off that could not be
 * delivered for a day. A sweep costs three calls of the day's 1,000.
 */
export const documents: Feed<typeof settings> = {
  by: 'cursor',
  every: 'PT30M',
  gives: ['document'],
  first: (ctx, since) => JSON.stringify(start(since ?? ctx.now())),
  read,
};
