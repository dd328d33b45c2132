import type { Plain } from '@valehub/connector-kit';
import {
  deliver,
  forgerFor,
  type Platform,
  type PlatformReply,
  type PlatformRequest,
  type Route,
  startPlatform,
  tokenDesk,
} from '@valehub/connector-kit/testing';
import connector from '../src/index.ts';
import { type Books, type Entry, openBooks, type Shelf, type Tenant } from './stand-in-books.ts';

export const TENANT: Tenant = {
  id: '11111111-1111-4111-8111-111111111111',
  name: 'Casa Pepa SL',
  currency: 'EUR',
  accounts: ['200', '210', '835', '090'],
};
export const OTHER_TENANT: Tenant = { id: '22222222-2222-4222-8222-222222222222', name: 'Bar Lola SL', currency: 'EUR', accounts: ['200'] };

export interface XeroOptions {
  readonly port?: number;
  readonly tenants?: readonly Tenant[];
  readonly now?: () => number;
  /** 30 minutes where left out. */
  readonly tokenLifeMs?: number;
  readonly pageSize?: number;
  /** Calls of an organisation a day. */
  readonly callsPerDay?: number;
}

interface Event {
  readonly [name: string]: Plain;
}

export interface XeroStandIn extends Platform {
  /** What a connection to it enters. */
  readonly settings: { readonly clientId: string; readonly clientSecret: string; readonly webhookKey: string; readonly apiBaseUrl: string };
  /** What comes back from the browser when a person has agreed. */
  agree(): { readonly code: string };
  books(tenant?: string): Books;
  /** A person's invoice, made in Xero itself. */
  addInvoice(draft: { readonly [name: string]: Plain }, tenant?: string): Entry;
  /** Changes an invoice; `{ Status: 'VOIDED' }` voids it. */
  editInvoice(id: string, patch: { readonly [name: string]: Plain }, tenant?: string): void;
  addContact(contact: { readonly [name: string]: Plain }, tenant?: string): Entry;
  /** The organisation throws the app out. */
  disconnect(tenant: string): void;
  revokeTokens(): void;
  /** Sends what has happened since, many events in one body; gives the status. `to`: where the hub listens, where that is not the registered address. */
  deliver(url: string, to?: string): Promise<number>;
  /** As Xero tries an address: one empty delivery rightly signed, one wrongly. Gives both statuses. */
  shakeHands(url: string, to?: string): Promise<readonly [number, number]>;
}

const KEY_LIVES_MS = 6 * 60_000;
const API = '/api.xro/2.0';

/** Xero on this machine: log-in, organisations, sales, journals and contacts, with keys that are forgotten and signed events. */
export async function startXero(options: XeroOptions = {}): Promise<XeroStandIn> {
  const now = options.now ?? Date.now;
  const tenants = options.tenants ?? [TENANT];
  const client = {
    clientId: 'xero-client-of-the-stand-in',
    clientSecret: 'xero-secret-of-the-stand-in',
    webhookKey: 'xero-webhook-key-of-the-stand-in',
  };
  const desk = tokenDesk({ lifeMs: options.tokenLifeMs ?? 30 * 60_000, now, name: 'xero' });
  const codes = new Set<string>();
  const connected = new Set(tenants.map(({ id }) => id));
  const events: Event[] = [];
  const keys = new Map<string, { readonly request: string; readonly reply: PlatformReply; readonly at: number }>();
  let calls = 0;
  let sequence = 0;

  const told = (tenant: string) => (shelf: Shelf, id: string, type: 'CREATE' | 'UPDATE') => {
    if (!shelf.category) return;
    events.push({
      resourceUrl: `https://api.xero.com${API}/${shelf.member}/${id}`,
      resourceId: id,
      eventDateUtc: new Date(now() + events.length).toISOString().replace('Z', ''),
      eventType: type,
      eventCategory: shelf.category,
      tenantId: tenant,
      tenantType: 'ORGANISATION',
    });
  };
  const all = new Map(tenants.map((tenant) => [tenant.id, openBooks(tenant, now, told(tenant.id))]));
  const booksOf = (tenant = tenants[0]?.id ?? ''): Books => {
    const books = all.get(tenant);
    if (!books) throw new Error(`There is no organisation ${tenant}.`);
    return books;
  };

  const bearer = ({ headers }: PlatformRequest): string | undefined => headers['authorization']?.replace(/^Bearer /, '');
  const problem = (status: number, Title: string, Detail: string): PlatformReply => ({
    status,
    body: { Type: null, Title, Status: status, Detail, Instance: 'i', Extensions: {} },
  });

  /** Of the books: the organisation must be connected, and the day's calls not spent. */
  function inBooks(handle: (books: Books, request: PlatformRequest) => PlatformReply) {
    return (request: PlatformRequest): PlatformReply => {
      const tenant = request.headers['xero-tenant-id'] ?? '';
      if (!connected.has(tenant)) return problem(403, 'Forbidden', 'AuthenticationUnsuccessful');
      calls += 1;
      const left = (options.callsPerDay ?? 5000) - calls;
      if (left < 0)
        return {
          status: 429,
          headers: { 'x-rate-limit-problem': 'day', 'retry-after': '3600', 'x-daylimit-remaining': '0' },
          body: 'Rate limit exceeded',
        };
      const reply = handle(booksOf(tenant), request);
      return { ...reply, headers: { 'x-daylimit-remaining': String(left), 'x-minlimit-remaining': '59', ...reply.headers } };
    };
  }

  /** The same request under the same key is answered as the first time. */
  function once(request: PlatformRequest, run: () => PlatformReply): PlatformReply {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return run();
    const before = keys.get(key);
    const same = `${request.method} ${request.path} ${request.text}`;
    if (before && now() - before.at < KEY_LIVES_MS)
      return before.request === same
        ? before.reply
        : { status: 400, body: { Message: `Idempotency Key ${key} is used with a different request.` } };
    const reply = run();
    keys.set(key, { request: same, reply, at: now() });
    return reply;
  }

  const shelfRoutes = (name: keyof Books['shelves'], writes: boolean): Route[] => [
    { at: `GET ${API}/${name}`, handle: inBooks((books, request) => books.list(books.shelves[name], request, options.pageSize ?? 100)) },
    { at: `GET ${API}/${name}/:id`, handle: inBooks((books, { params }) => books.one(books.shelves[name], params['id'] ?? '')) },
    ...(writes
      ? [{ at: `PUT ${API}/${name}`, handle: inBooks((books, request) => once(request, () => books.create(books.shelves[name], request))) }]
      : []),
  ];

  function token(request: PlatformRequest): PlatformReply {
    const pair64 = request.headers['authorization']?.replace(/^Basic /, '') ?? '';
    const [id, secret] = Buffer.from(pair64, 'base64').toString().split(':').map(decodeURIComponent);
    if (id !== client.clientId || secret !== client.clientSecret) return { status: 400, body: { error: 'invalid_client' } };
    const form = request.form();
    const grant = form.get('grant_type');
    const pair =
      grant === 'authorization_code'
        ? codes.delete(form.get('code') ?? '') && form.get('code_verifier')
          ? desk.give()
          : undefined
        : grant === 'refresh_token'
          ? desk.renew(form.get('refresh_token') ?? '')
          : desk.give();
    if (!pair) return { status: 400, body: { error: 'invalid_grant' } };
    const refresh = grant === 'client_credentials' ? {} : { refresh_token: pair.refresh };
    const scope = 'offline_access accounting.invoices accounting.manualjournals accounting.contacts accounting.settings.read';
    return { body: { access_token: pair.access, expires_in: pair.seconds, token_type: 'Bearer', scope, ...refresh } };
  }

  const platform = await startPlatform(
    {
      now,
      authorised: (request) => desk.isGood(bearer(request)),
      refusal: problem(401, 'Unauthorized', 'TokenExpired: token expired'),
      routes: [
        { at: 'POST /connect/token', open: true, handle: token },
        {
          at: 'POST /connect/revocation',
          open: true,
          handle() {
            desk.revokeAll();
            return {};
          },
        },
        {
          at: 'GET /connections',
          handle: () => ({
            body: tenants
              .filter(({ id }) => connected.has(id))
              .map(({ id, name }) => ({ id: `connection-${id}`, tenantId: id, tenantName: name, tenantType: 'ORGANISATION' })),
          }),
        },
        {
          at: `GET ${API}/Organisation`,
          handle({ headers }) {
            const tenant = tenants.find(({ id }) => id === (headers['xero-tenant-id'] ?? tenants[0]?.id));
            if (!tenant || !connected.has(tenant.id)) return problem(403, 'Forbidden', 'AuthenticationUnsuccessful');
            return {
              body: {
                Organisations: [
                  { OrganisationID: tenant.id, Name: tenant.name, BaseCurrency: tenant.currency, CountryCode: 'ES', ShortCode: '!x1y2z' },
                ],
              },
            };
          },
        },
        {
          at: `GET ${API}/Accounts`,
          handle: inBooks((_books, { headers }) => ({
            body: {
              Accounts: (tenants.find(({ id }) => id === headers['xero-tenant-id'])?.accounts ?? []).map((Code) => ({
                Code,
                Name: `Account ${Code}`,
                Status: 'ACTIVE',
              })),
            },
          })),
        },
        ...shelfRoutes('Invoices', true),
        ...shelfRoutes('CreditNotes', true),
        ...shelfRoutes('ManualJournals', true),
        ...shelfRoutes('Contacts', false),
      ],
    },
    options.port,
  );
  const forger = forgerFor(connector, client);

  function send(body: string, url: string, to?: string): Promise<number> {
    return deliver(forger, { url, body, at: now(), ...(to === undefined ? {} : { to }) });
  }

  return {
    ...platform,
    settings: { ...client, apiBaseUrl: platform.url },
    agree() {
      const code = `code-${codes.size + 1}-${now()}`;
      codes.add(code);
      return { code };
    },
    books: booksOf,
    addInvoice(draft, tenant) {
      const books = booksOf(tenant);
      return books.put(books.shelves.Invoices, draft);
    },
    editInvoice(id, patch, tenant) {
      const books = booksOf(tenant);
      books.put(books.shelves.Invoices, patch, id);
    },
    addContact(contact, tenant) {
      const books = booksOf(tenant);
      return books.put(books.shelves.Contacts, { ContactStatus: 'ACTIVE', Phones: [], ContactGroups: [], ...contact });
    },
    disconnect: (tenant) => void connected.delete(tenant),
    revokeTokens: () => desk.revokeAll(),
    deliver(url, to) {
      const some = events.splice(0);
      const first = sequence + 1;
      sequence += some.length;
      return send(
        JSON.stringify({ events: some, firstEventSequence: first, lastEventSequence: sequence, entropy: `e${sequence}` }),
        url,
        to,
      );
    },
    async shakeHands(url, to) {
      const body = JSON.stringify({ events: [], firstEventSequence: 0, lastEventSequence: 0, entropy: 'trying' });
      const good = await send(body, url, to);
      const wrong = await deliver(forgerFor(connector), { url, body, at: now(), ...(to === undefined ? {} : { to }) });
      return [good, wrong];
    },
  };
}
