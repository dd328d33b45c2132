import { moneyKit, type Plain } from '@valehub/connector-kit';
import type { PlatformReply, PlatformRequest } from '@valehub/connector-kit/testing';

type Json = { readonly [name: string]: Plain };
export interface Entry {
  readonly id: string;
  /** As Xero shows it. */
  body: { [name: string]: Plain };
  changedAt: number;
}

export interface Shelf {
  readonly member: 'Invoices' | 'CreditNotes' | 'ManualJournals' | 'Contacts';
  readonly idName: string;
  readonly numberName?: string;
  readonly category?: 'INVOICE' | 'CREDITNOTE' | 'CONTACT';
  readonly entries: Map<string, Entry>;
}

export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly accounts: readonly string[];
}

const isJson = (value: Plain | undefined): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: Plain | undefined): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const listOf = (value: Plain | undefined): readonly Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

const slash = (at: number): string => `/Date(${at}+0000)/`;
const dayAt = (day: string): number => Date.parse(`${day}T00:00:00Z`);

let made = 0;
function newId(): string {
  made += 1;
  return `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
}

/** The shelves of one organisation. `tell` hears of each change. */
export function openBooks(tenant: Tenant, now: () => number, tell: (shelf: Shelf, id: string, type: 'CREATE' | 'UPDATE') => void) {
  const shelf = (member: Shelf['member'], idName: string, more: Partial<Shelf> = {}): Shelf => ({
    member,
    idName,
    entries: new Map(),
    ...more,
  });
  const shelves = {
    Invoices: shelf('Invoices', 'InvoiceID', { numberName: 'InvoiceNumber', category: 'INVOICE' }),
    CreditNotes: shelf('CreditNotes', 'CreditNoteID', { numberName: 'CreditNoteNumber', category: 'CREDITNOTE' }),
    ManualJournals: shelf('ManualJournals', 'ManualJournalID'),
    Contacts: shelf('Contacts', 'ContactID', { category: 'CONTACT' }),
  };
  const minor = (value: Plain | undefined, currency: string): number => moneyKit.fromMajor(text(value) || '0', currency).minor;
  const major = (units: number, currency: string): number => Number(moneyKit.toMajor({ minor: units, currency }));

  function put(at: Shelf, body: Json, id = newId()): Entry {
    const before = at.entries.get(id);
    const entry: Entry = { id, changedAt: now(), body: { ...before?.body, ...body, [at.idName]: id, UpdatedDateUTC: slash(now()) } };
    at.entries.set(id, entry);
    tell(at, id, before ? 'UPDATE' : 'CREATE');
    return entry;
  }

  function contactOf(given: Plain | undefined): Json | undefined {
    if (!isJson(given)) return undefined;
    const all = [...shelves.Contacts.entries.values()];
    const found = all.find(({ id, body }) => (given['ContactID'] ? id === given['ContactID'] : body['Name'] === given['Name']));
    if (found) return { ContactID: found.id, Name: text(found.body['Name']) };
    if (!given['Name']) return undefined;
    const { id } = put(shelves.Contacts, { Name: text(given['Name']), ContactStatus: 'ACTIVE', Phones: [], ContactGroups: [] });
    return { ContactID: id, Name: text(given['Name']) };
  }

  function lineFaults(line: Json): readonly Json[] {
    const account = text(line['AccountCode']);
    return tenant.accounts.includes(account) ? [] : [{ Message: `Account code '${account}' is not a valid code for this document.` }];
  }

  /** What Xero answers to one sale: made, or refused. No tax is reckoned. */
  function sale(at: Shelf, draft: Json): Json {
    const currency = text(draft['CurrencyCode']) || tenant.currency;
    const items = listOf(draft['LineItems']).map((line): Json => {
      const gross = moneyKit.times(moneyKit.fromMajor(text(line['UnitAmount']), currency), text(line['Quantity'])).minor;
      const amount = gross - minor(line['DiscountAmount'], currency);
      return { ...line, LineAmount: major(amount, currency), LineItemID: newId(), ValidationErrors: lineFaults(line) };
    });
    const total = items.reduce((sum, line) => sum + minor(line['LineAmount'], currency), 0);
    const name = at.numberName ?? '';
    const number = text(draft[name]) || `${at.member === 'Invoices' ? 'INV' : 'CN'}-${String(at.entries.size + 1).padStart(4, '0')}`;
    const contact = contactOf(draft['Contact']);
    const own = [
      ...(contact ? [] : [{ Message: 'The Contact must contain at least 1 of the following elements: Name, ContactID, ContactNumber' }]),
      ...([...at.entries.values()].some(({ body }) => body[name] === number)
        ? [{ Message: `${name === 'InvoiceNumber' ? 'Invoice' : 'Credit note'} # must be unique.` }]
        : []),
      ...(total < 0 ? [{ Message: 'The total for this document must be greater than or equal to zero.' }] : []),
    ];
    const body: Json = {
      ...draft,
      CurrencyCode: currency,
      [name]: number,
      Contact: contact ?? {},
      Date: slash(dayAt(text(draft['Date']))),
      ...(draft['DueDate'] ? { DueDate: slash(dayAt(text(draft['DueDate']))) } : {}),
      LineItems: items,
      Total: major(total, currency),
    };
    return finished(at, body, [...own, ...items.flatMap((line) => listOf(line['ValidationErrors']))], own);
  }

  function journal(at: Shelf, draft: Json): Json {
    const lines = listOf(draft['JournalLines']).map((line): Json => ({ ...line, ValidationErrors: lineFaults(line) }));
    const sum = lines.reduce((total, line) => total + minor(line['LineAmount'], tenant.currency), 0);
    const own = sum === 0 ? [] : [{ Message: 'The total debits must equal total credits.' }];
    const body: Json = { ...draft, Date: slash(dayAt(text(draft['Date']))), JournalLines: lines };
    return finished(at, body, [...own, ...lines.flatMap((line) => listOf(line['ValidationErrors']))], own);
  }

  function finished(at: Shelf, body: Json, all: readonly Json[], own: readonly Json[]): Json {
    if (all.length > 0)
      return {
        ...body,
        [at.idName]: '00000000-0000-0000-0000-000000000000',
        StatusAttributeString: 'ERROR',
        HasErrors: true,
        ValidationErrors: own,
      };
    return { ...put(at, body).body, StatusAttributeString: 'OK', HasErrors: false };
  }

  function envelope(rest: Json): PlatformReply {
    return { body: { Id: newId(), Status: 'OK', ProviderName: 'Stand-in', DateTimeUTC: `/Date(${now()})/`, ...rest } };
  }

  return {
    shelves,
    put,
    create(at: Shelf, request: PlatformRequest): PlatformReply {
      const given = request.json();
      const drafts = isJson(given) ? listOf(given[at.member]) : [];
      return envelope({ [at.member]: drafts.map((draft) => (at.member === 'ManualJournals' ? journal(at, draft) : sale(at, draft))) });
    },
    one(at: Shelf, id: string): PlatformReply {
      const found = at.entries.get(id) ?? [...at.entries.values()].find(({ body }) => at.numberName && body[at.numberName] === id);
      if (!found) return { status: 404, body: "The resource you're looking for cannot be found" };
      return envelope({ [at.member]: [found.body] });
    },
    list(at: Shelf, { query, headers }: PlatformRequest, pageSize: number): PlatformReply {
      const since = headers['if-modified-since'] === undefined ? 0 : Date.parse(`${headers['if-modified-since']}Z`);
      const ids = query.get('IDs')?.split(',');
      const conditions = (query.get('where') ?? '').split(' AND ').flatMap((part) => {
        const match = /^(\w+)=="(.*)"$/.exec(part);
        return match ? [[match[1] ?? '', match[2] ?? ''] as const] : [];
      });
      const all = [...at.entries.values()]
        .filter(({ id, changedAt, body }) => {
          const fits = conditions.every(([name, value]) => body[name] === value);
          return fits && changedAt >= since && (ids === undefined || ids.includes(id));
        })
        // In the order of changes where nothing else is asked for, as Xero does.
        .sort((a, b) => (query.get('order') === `${at.idName} ASC` ? 0 : a.changedAt - b.changedAt) || a.id.localeCompare(b.id));
      const page = Number(query.get('page') ?? '1');
      const items = all.slice((page - 1) * pageSize, page * pageSize).map(({ body }) => body);
      const pagination = { page, pageSize, pageCount: Math.ceil(all.length / pageSize), itemCount: all.length };
      return envelope({ pagination, [at.member]: items });
    },
  };
}

export type Books = ReturnType<typeof openBooks>;
