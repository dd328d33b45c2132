import type { Plain } from '@valehub/connector-kit';
import type { PlatformRequest, Route } from '@valehub/connector-kit/testing';

export interface StoredContact {
  readonly id: string;
  readonly values: { readonly [name: string]: Plain };
  readonly lists: readonly string[];
}

/** Marketing contacts as SendGrid keeps them: taken into a queue, worked later, by their address in lower case. */
export interface Marketing {
  readonly contacts: Map<string, StoredContact>;
  /** Addresses that want no mail: by the group, or `global`. */
  readonly suppressed: Map<string, Set<string>>;
  readonly imports: { readonly id: string; left: number; readonly status: () => string }[];
}

export function marketing(
  questions: number,
): Marketing & { take(body: { list_ids?: string[]; contacts: { [name: string]: Plain }[] }): string } {
  const contacts = new Map<string, StoredContact>();
  const imports: Marketing['imports'] = [];
  let count = 0;
  return {
    contacts,
    suppressed: new Map(),
    imports,
    take({ list_ids: lists = [], contacts: taken }) {
      let errored = 0;
      for (const values of taken) {
        const email = String(values['email']).toLowerCase();
        // A domain that SendGrid refuses only when it works the queue.
        if (email.endsWith('@refused.example')) errored += 1;
        else {
          count += 1;
          const before = contacts.get(email);
          contacts.set(email, {
            id: before?.id ?? `contact-${count}`,
            values: { ...before?.values, ...values },
            lists: [...new Set([...(before?.lists ?? []), ...lists])],
          });
        }
      }
      const id = `import-${imports.length + 1}`;
      imports.push({ id, left: questions, status: () => (errored === 0 ? 'completed' : errored === taken.length ? 'failed' : 'errored') });
      return id;
    },
  };
}

const NAMED = [
  { id: 'd-1', name: 'Voucher' },
  { id: 'd-2', name: 'Reminder' },
  { id: 'd-3', name: 'Thanks' },
];

/** Two to a page. */
function page({ query }: PlatformRequest, path: string): { [name: string]: Plain } {
  const from = Number(query.get('page_token') ?? '0');
  const next = from + 2 < NAMED.length ? { next: `https://api.sendgrid.com${path}?page_size=2&page_token=${from + 2}` } : {};
  return { result: NAMED.slice(from, from + 2), _metadata: { count: NAMED.length, ...next } };
}

export function contactRoutes(store: ReturnType<typeof marketing>): readonly Route[] {
  const suppress = (group: string, request: PlatformRequest) => {
    const { recipient_emails: emails } = request.json() as unknown as { recipient_emails: string[] };
    store.suppressed.set(group, new Set([...(store.suppressed.get(group) ?? []), ...emails]));
    return { status: 201, body: { recipient_emails: emails } };
  };
  return [
    { at: 'GET /v3/templates', handle: (request) => ({ body: page(request, '/v3/templates') }) },
    { at: 'GET /v3/marketing/lists', handle: (request) => ({ body: page(request, '/v3/marketing/lists') }) },
    {
      at: 'GET /v3/asm/groups',
      handle: () => ({ body: [{ id: 77, name: 'Offers', description: 'Vouchers', is_default: true, unsubscribes: 0 }] }),
    },
    { at: 'POST /v3/asm/suppressions/global', handle: (request) => suppress('global', request) },
    { at: 'POST /v3/asm/groups/:group/suppressions', handle: (request) => suppress(request.params['group'] ?? '', request) },
    {
      at: 'DELETE /v3/asm/groups/:group/suppressions/:email',
      handle: ({ params }) => ({ status: store.suppressed.get(params['group'] ?? '')?.delete(params['email'] ?? '') ? 204 : 404 }),
    },
    {
      at: 'PUT /v3/marketing/contacts',
      handle: (request) => ({ status: 202, body: { job_id: store.take(request.json() as unknown as Parameters<typeof store.take>[0]) } }),
    },
    {
      at: 'GET /v3/marketing/contacts/imports/:id',
      handle: ({ params }) => {
        const found = store.imports.find(({ id }) => id === params['id']);
        if (!found) return { status: 404, body: { errors: [{ message: 'not found' }] } };
        found.left -= 1;
        return { body: { id: found.id, status: found.left >= 0 ? 'pending' : found.status(), job_type: 'upsert_contacts', results: {} } };
      },
    },
    {
      at: 'POST /v3/marketing/contacts/search/emails',
      handle: (request) => {
        const { emails } = request.json() as unknown as { emails: string[] };
        if (!emails.some((email) => store.contacts.has(email)))
          return { status: 404, body: { errors: [{ message: 'no contacts found' }] } };
        const result = emails.map((email) => {
          const contact = store.contacts.get(email);
          return [email, contact ? { contact: { id: contact.id, email } } : { error: 'contact not found' }] as const;
        });
        return { body: { result: Object.fromEntries(result) } };
      },
    },
  ];
}
