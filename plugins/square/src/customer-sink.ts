import { doInTurn, type HubCustomer, type Job, path, type Ref, type Verb } from '@valehub/connector-kit';
import { type Customer, customerReply, getCustomer, nameOf, searchCustomers } from './customers.ts';
import type { SquareCtx, settings } from './settings.ts';

/** By Square's own id, by the hub's, then by what only one customer has. Several with one number or address are left alone. */
async function known(ctx: SquareCtx, { externalId, hubId, phone, email }: HubCustomer): Promise<Customer | undefined> {
  if (externalId !== undefined) {
    const own = await getCustomer(ctx, externalId);
    if (own) return own;
  }
  const ways = { reference_id: hubId, phone_number: phone, email_address: email };
  for (const [field, exact] of Object.entries(ways)) {
    const { customers } = exact === undefined ? { customers: [] } : await searchCustomers(ctx, { [field]: { exact } });
    const [only, ...others] = customers;
    if (only && others.length === 0) return only;
  }
  return undefined;
}

/** Square has two fields for a name: the first word, and the rest. */
function fieldsOf({ hubId, name, phone, email, birthday }: HubCustomer): Readonly<Record<string, string>> {
  const [given = '', ...family] = name?.trim().split(/\s+/) ?? [];
  const fields = {
    given_name: given,
    family_name: family.join(' '),
    phone_number: phone,
    email_address: email,
    birthday: birthday?.replace(/^--/, ''),
    reference_id: hubId,
  };
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''));
}

function changesOf(customer: HubCustomer, there: Customer): Readonly<Record<string, string>> {
  const { given_name: given, family_name: family, reference_id: reference, ...rest } = fieldsOf(customer);
  const isNamed = customer.name === undefined || nameOf(there) === customer.name.trim().replaceAll(/\s+/g, ' ');
  const wanted = {
    ...rest,
    ...(isNamed ? {} : { ...(given ? { given_name: given } : {}), family_name: family ?? '' }),
    // Another program's reference stays.
    ...(reference && !there.reference_id ? { reference_id: reference } : {}),
  };
  const has: Readonly<Record<string, unknown>> = { ...there, birthday: there.birthday?.replace(/^0000-/, '') };
  return Object.fromEntries(Object.entries(wanted).filter(([field, value]) => has[field] !== value));
}

async function upsertOne(ctx: SquareCtx, { key, input }: Job<HubCustomer>): Promise<Ref> {
  const there = await known(ctx, input);
  if (!there) {
    const json = { idempotency_key: key, ...fieldsOf(input) };
    return { id: (await ctx.call({ path: '/v2/customers', json, reply: customerReply })).customer.id };
  }
  const changes = changesOf(input, there);
  if (Object.keys(changes).length > 0) {
    const json = { ...changes, ...(there.version ? { version: there.version } : {}) };
    await ctx.call({ method: 'PUT', path: path`/v2/customers/${there.id}`, json, reply: customerReply });
  }
  return { id: there.id };
}

export const upsert: Verb<HubCustomer, Ref, typeof settings> = {
  scopes: ['CUSTOMERS_READ', 'CUSTOMERS_WRITE'],
  repeat: { key: { max: 45 } },
  run: (ctx, jobs) => doInTurn(jobs, (job) => upsertOne(ctx, job)),
};
