import { exactId, type Fact, type Feed, type HubCustomer, path, type TimeWindow, z } from '@valehub/connector-kit';
import { found } from './client.ts';
import { list } from './schemas.ts';
import type { SquareCtx, settings } from './settings.ts';

const text = z.string().nullish();

const customer = z.object({
  id: exactId(),
  version: z.int().nonnegative().nullish(),
  given_name: text,
  family_name: text,
  email_address: text,
  phone_number: text,
  /** `1998-09-21`, or `0000-09-21` without a year. */
  birthday: text,
  reference_id: text,
  group_ids: list(z.string()),
  preferences: z.object({ email_unsubscribed: z.boolean().nullish() }).nullish(),
});
export type Customer = z.output<typeof customer>;

const page = z.object({ customers: list(customer), cursor: text });
export const customerReply = z.object({ customer });

export const nameOf = ({ given_name: given, family_name: family }: Customer): string =>
  [given, family].filter((part) => part !== null && part !== undefined && part.trim() !== '').join(' ');

function hubCustomer(told: Customer): HubCustomer {
  const name = nameOf(told);
  const birthday = told.birthday?.replace(/^0000/, '-');
  return {
    externalId: told.id,
    ...(told.version === null || told.version === undefined ? {} : { revision: { version: told.version } }),
    ...(name === '' ? {} : { name }),
    ...(told.phone_number ? { phone: told.phone_number } : {}),
    ...(told.email_address ? { email: told.email_address } : {}),
    ...(birthday && /^(\d{4}|-)-\d{2}-\d{2}$/.test(birthday) ? { birthday } : {}),
    ...(told.group_ids.length > 0 ? { groups: told.group_ids } : {}),
    // That somebody has not unsubscribed says nothing of leave.
    ...(told.preferences?.email_unsubscribed === true ? { consents: { email: false } } : {}),
  };
}

const factOf = (told: Customer): Fact => ({ kind: 'customer', customer: hubCustomer(told) });

export const getCustomer = async (ctx: SquareCtx, id: string): Promise<Customer | undefined> =>
  (await found(ctx, path`/v2/customers/${id}`, customerReply))?.customer;

export const searchCustomers = (ctx: SquareCtx, filter: Readonly<Record<string, Readonly<Record<string, string>>>>, cursor?: string) =>
  ctx.call({
    path: '/v2/customers/search',
    json: { query: { filter, sort: { field: 'CREATED_AT', order: 'ASC' } }, limit: 100, ...(cursor ? { cursor } : {}) },
    reply: page,
  });

/** One that was deleted or merged into another is no more. */
export async function readCustomers(ctx: SquareCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) {
    const told = await getCustomer(ctx, id);
    facts.push(told ? factOf(told) : { kind: 'gone', resource: 'customer', id });
  }
  return facts;
}

async function readWindow(ctx: SquareCtx, { from, to, page: cursor }: TimeWindow) {
  const told = await searchCustomers(ctx, { updated_at: { start_at: from, end_at: to } }, cursor);
  const facts = told.customers.map(factOf);
  return told.cursor ? { facts, more: true, next: told.cursor } : { facts, more: false };
}

export const customers: Feed<typeof settings> = {
  by: 'time',
  every: 'PT6H',
  gives: ['customer'],
  overlap: 'PT1H',
  complete: false,
  read: readWindow,
};
