import { CallError, type Instant, type JsonBody, path, z } from '@valehub/connector-kit';
import * as schemas from './schemas.ts';
import type { XeroCtx } from './settings.ts';

export type Kind = schemas.Entry['kind'];

interface Page {
  readonly items: readonly schemas.Entry[];
  /** When Xero answered, by its own clock. */
  readonly DateTimeUTC?: Instant | null | undefined;
  readonly pagination?: { readonly pageCount: number } | null | undefined;
}

interface Shelf {
  readonly path: string;
  /** The list's name in bodies. */
  readonly member: string;
  readonly id: 'InvoiceID' | 'CreditNoteID' | 'ManualJournalID';
  /** Sales only: bills of suppliers stand on the same shelf. */
  readonly type?: 'ACCREC' | 'ACCRECCREDIT';
  readonly reply: z.ZodType<Page>;
}

const BASE = '/api.xro/2.0';

/** Where each kind of entry stands. */
const SHELVES: Readonly<Record<Kind, Shelf>> = {
  INVOICE: { path: `${BASE}/Invoices`, member: 'Invoices', id: 'InvoiceID', type: 'ACCREC', reply: schemas.invoices },
  CREDIT_NOTE: { path: `${BASE}/CreditNotes`, member: 'CreditNotes', id: 'CreditNoteID', type: 'ACCRECCREDIT', reply: schemas.creditNotes },
  JOURNAL: { path: `${BASE}/ManualJournals`, member: 'ManualJournals', id: 'ManualJournalID', reply: schemas.journals },
};

/** Unit prices have up to four decimals; without asking Xero rounds them to two. */
const FINE = { unitdp: '4' } as const;
const PAGE_SIZE = 100;

export interface Asking {
  readonly page?: number;
  readonly since?: Instant;
  /** In Xero's filter language; only fields that Xero says are optimised. */
  readonly where?: string;
}

/** By id, which does not change: in the order of changes an entry that changes meanwhile would move another past the border of a page. */
export async function readPage(ctx: XeroCtx, kind: Kind, { page = 1, since, where }: Asking) {
  const shelf = SHELVES[kind];
  const filter = [shelf.type === undefined ? undefined : `Type=="${shelf.type}"`, where].filter((part) => part !== undefined).join(' AND ');
  const { items, pagination, DateTimeUTC } = await ctx.call({
    path: shelf.path,
    query: {
      page: String(page),
      pageSize: String(PAGE_SIZE),
      order: `${shelf.id} ASC`,
      ...(filter === '' ? {} : { where: filter }),
      ...(shelf.type === undefined ? {} : FINE),
    },
    ...(since === undefined ? {} : { headers: { 'if-modified-since': since.slice(0, 19) } }),
    reply: shelf.reply,
  });
  const isLast = pagination ? page >= pagination.pageCount : items.length < PAGE_SIZE;
  return { items, more: !isLast, at: DateTimeUTC ?? ctx.now() };
}

/** Undefined where Xero has no such entry. */
export async function readEntry(ctx: XeroCtx, kind: Kind, id: string): Promise<schemas.Entry | undefined> {
  const shelf = SHELVES[kind];
  const answer = await ctx.tryCall({
    path: `${shelf.path}${path`/${id}`}`,
    ...(shelf.type === undefined ? {} : { query: FINE }),
    reply: shelf.reply,
  });
  if (!('failed' in answer)) return answer.value.items[0];
  if (answer.failed.code === 'NOT_FOUND') return undefined;
  throw new CallError(answer.failed);
}

/** Those of the invoices that Xero has, supplier bills among them. */
export const readInvoices = async (ctx: XeroCtx, ids: readonly string[]): Promise<readonly schemas.Entry[]> =>
  (await ctx.call({ path: SHELVES.INVOICE.path, query: { IDs: ids.join(','), ...FINE, page: '1' }, reply: schemas.invoices })).items;

/** Fifty documents take Xero longer than a usual call. */
const WRITE_MS = 45_000;

/**
 * Only makes what is new: POST would overwrite an invoice that has the same number. `key`: at most 128 characters; Xero answers the same
 * request under the same key as the first time, for six minutes, refusals too. One answer for each body, in their order.
 */
export const create = (ctx: XeroCtx, kind: Kind, bodies: readonly JsonBody[], key: string) =>
  ctx.tryCall({
    method: 'PUT',
    path: SHELVES[kind].path,
    query: { summarizeErrors: 'false' },
    headers: { 'idempotency-key': key },
    json: { [SHELVES[kind].member]: bodies },
    reply: schemas.written.refine((elements) => elements.length === bodies.length, 'an answer for each document'),
    deadlineMs: WRITE_MS,
  });

export const getConnections = (ctx: XeroCtx) => ctx.call({ path: '/connections', reply: schemas.connections });

/** Of `tenant`, where the connection does not know its own yet. */
export async function getOrganisation(ctx: XeroCtx, tenant?: string) {
  const { Organisations } = await ctx.call({ path: `${BASE}/Organisation`, headers: tenantHeader(tenant), reply: schemas.organisations });
  const [organisation] = Organisations;
  if (!organisation) throw new CallError({ code: 'BAD_REPLY', message: 'Xero names no organisation.' });
  return organisation;
}

export const getAccounts = async (ctx: XeroCtx, tenant?: string) =>
  (await ctx.call({ path: `${BASE}/Accounts`, headers: tenantHeader(tenant), reply: schemas.accounts })).Accounts;

const tenantHeader = (tenant: string | undefined): Readonly<Record<string, string>> =>
  tenant === undefined ? {} : { 'xero-tenant-id': tenant };

export const getContacts = async (ctx: XeroCtx, ids: readonly string[]): Promise<readonly schemas.Contact[]> =>
  (await ctx.call({ path: `${BASE}/Contacts`, query: { IDs: ids.join(','), includeArchived: 'true' }, reply: schemas.contacts })).Contacts;

/** Manual journals have no currency of their own: they are in the organisation's. */
export const baseCurrency = async (ctx: XeroCtx): Promise<string> => {
  const currency = ctx.facts['baseCurrency'] ?? (await getOrganisation(ctx)).BaseCurrency;
  if (!currency) throw new CallError({ code: 'BAD_REPLY', message: "Xero does not tell the organisation's currency." });
  return currency;
};
