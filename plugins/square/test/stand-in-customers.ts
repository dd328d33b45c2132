import type { Plain } from '@valehub/connector-kit';
import { type PlatformReply, type PlatformRequest, pageOf, type Route } from '@valehub/connector-kit/testing';
import { refused } from './stand-in-errors.ts';

type Json = { readonly [name: string]: Plain };
type Filter = Readonly<Record<string, { readonly exact?: string; readonly start_at?: string; readonly end_at?: string }>>;

/** A seller's customers, with versions. */
export function customersOf(nextId: (kind: string) => string, now: () => number, pageSize: number) {
  const customers = new Map<string, Json>();
  const keys = new Map<string, string>();

  function write(id: string, fields: Json, version: number): PlatformReply {
    const { idempotency_key: _key, ...rest } = fields;
    customers.set(id, { ...customers.get(id), ...rest, id, version, updated_at: new Date(now()).toISOString() });
    return { body: { customer: customers.get(id) ?? {} } };
  }

  function create(request: PlatformRequest): PlatformReply {
    const fields = request.json() as Json;
    const key = String(fields['idempotency_key']);
    const before = customers.get(keys.get(key) ?? '');
    if (before) return { body: { customer: before } };
    const id = nextId('CUSTOMER');
    keys.set(key, id);
    return write(id, fields, 0);
  }

  function update(request: PlatformRequest): PlatformReply {
    const id = request.params['id'] ?? '';
    const there = customers.get(id);
    const fields = request.json() as Json;
    if (!there) return refused(404, 'NOT_FOUND');
    if (fields['version'] !== undefined && fields['version'] !== there['version']) return refused(409, 'CONFLICT', 'Another version.');
    return write(id, fields, Number(there['version']) + 1);
  }

  function search(request: PlatformRequest): PlatformReply {
    const { query, cursor } = request.json() as unknown as { readonly query: { readonly filter: Filter }; readonly cursor?: string };
    const fits = (customer: Json): boolean =>
      Object.entries(query.filter).every(([field, { exact, start_at: from = '', end_at: to = '9' }]) => {
        const value = String(customer[field] ?? '');
        return exact === undefined ? value >= from && value < to : value === exact;
      });
    const { items, next } = pageOf([...customers.values()].filter(fits), cursor, pageSize);
    return { body: { customers: [...items], ...(next === undefined ? {} : { cursor: next }) } };
  }

  const routes: readonly Route[] = [
    { at: 'POST /v2/customers/search', handle: search },
    { at: 'POST /v2/customers', handle: create },
    { at: 'PUT /v2/customers/:id', handle: update },
    {
      at: 'GET /v2/customers/:id',
      handle: ({ params }) => {
        const customer = customers.get(params['id'] ?? '');
        return customer ? { body: { customer } } : refused(404, 'NOT_FOUND');
      },
    },
  ];
  function add(fields: Json): string {
    const id = nextId('CUSTOMER');
    write(id, fields, 0);
    return id;
  }
  return { routes, customers, add };
}
