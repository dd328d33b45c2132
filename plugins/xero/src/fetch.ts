import type { Fact } from '@valehub/connector-kit';
import { baseCurrency, type Kind, readEntry, readInvoices } from './client.ts';
import { documentFacts } from './normalise.ts';
import type { Entry } from './schemas.ts';
import type { XeroCtx } from './settings.ts';

export async function factsOf(ctx: XeroCtx, entries: readonly Entry[]): Promise<Fact[]> {
  const currency = entries.some(({ kind }) => kind === 'JOURNAL') ? await baseCurrency(ctx) : '';
  return documentFacts(entries, currency, ctx.money);
}

/** An id does not say what it is of: most are invoices, which are read in one call; what is none of them is looked for on the other shelves. */
export async function fetchDocuments(ctx: XeroCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const entries: Entry[] = [...(await readInvoices(ctx, ids))];
  const known = new Set(entries.map(({ id }) => id));
  const gone: Fact[] = [];
  for (const id of ids.filter((each) => !known.has(each))) {
    const entry = await firstOf(ctx, ['CREDIT_NOTE', 'JOURNAL'], id);
    if (entry) entries.push(entry);
    else gone.push({ kind: 'gone', resource: 'document', id });
  }
  return [...(await factsOf(ctx, entries)), ...gone];
}

async function firstOf(ctx: XeroCtx, kinds: readonly Kind[], id: string): Promise<Entry | undefined> {
  for (const kind of kinds) {
    const entry = await readEntry(ctx, kind, id);
    if (entry) return entry;
  }
  return undefined;
}
