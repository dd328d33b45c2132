import { type Fact, type Feed, instantText, z } from '@valehub/connector-kit';
import { ask, feedPage, operation } from './client.ts';
import { gid, numberId } from './ids.ts';
import { quoted } from './orders.ts';
import { pageOf, text } from './schemas.ts';
import type { ShopCtx, settings } from './settings.ts';
import { grantedScopes } from './shop.ts';

const CUSTOMER = `id updatedAt firstName lastName tags
    defaultEmailAddress { emailAddress marketingState }
    defaultPhoneNumber { phoneNumber marketingState }`;

const customer = z.object({
  id: numberId,
  updatedAt: instantText(),
  firstName: text,
  lastName: text,
  tags: z.array(z.string()),
  defaultEmailAddress: z.object({ emailAddress: z.string(), marketingState: text }).nullish(),
  defaultPhoneNumber: z.object({ phoneNumber: z.string(), marketingState: text }).nullish(),
});
type Customer = z.output<typeof customer>;

const customerQuery = operation(5, `query Customer($id: ID!) { customer(id: $id) { ${CUSTOMER} } }`, { customer: customer.nullable() });
const changedQuery = operation(
  50,
  `query ChangedCustomers($query: String!, $after: String) {
  customers(first: 50, after: $after, query: $query, sortKey: UPDATED_AT) { pageInfo { hasNextPage endCursor } nodes { ${CUSTOMER} } }
}`,
  { customers: pageOf(customer) },
);

/** Nobody said no: that is not yet a yes, and not a no either. */
const consent = (state: string | null | undefined): boolean | undefined =>
  state === 'SUBSCRIBED' ? true : state === 'UNSUBSCRIBED' ? false : undefined;

function fact(told: Customer): Fact {
  const name = [told.firstName, told.lastName].filter((part) => part?.trim()).join(' ');
  const email = consent(told.defaultEmailAddress?.marketingState);
  const sms = consent(told.defaultPhoneNumber?.marketingState);
  return {
    kind: 'customer',
    customer: {
      externalId: told.id,
      revision: { at: told.updatedAt },
      ...(name ? { name } : {}),
      ...(told.defaultPhoneNumber ? { phone: told.defaultPhoneNumber.phoneNumber } : {}),
      ...(told.defaultEmailAddress ? { email: told.defaultEmailAddress.emailAddress } : {}),
      ...(told.tags.length > 0 ? { groups: told.tags } : {}),
      ...(email === undefined && sms === undefined
        ? {}
        : { consents: { ...(email === undefined ? {} : { email }), ...(sms === undefined ? {} : { sms }) } }),
    },
  };
}

export async function readCustomers(ctx: ShopCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) {
    const { customer: told } = await ask(ctx, customerQuery, { id: gid('Customer', id) });
    facts.push(told ? fact(told) : { kind: 'gone', resource: 'customer', id });
  }
  return facts;
}

export const customerSweep: Feed<typeof settings> = {
  by: 'time',
  every: 'PT1H',
  gives: ['customer'],
  overlap: 'PT15M',
  longest: 'P7D',
  complete: false,
  async read(ctx, { from, to, page }) {
    // A shop that keeps its customers to itself is told so by `narrow`, not every hour.
    if (page === undefined && !(await grantedScopes(ctx)).has('read_customers')) return { facts: [], more: false };
    const query = `updated_at:>=${quoted(from)} AND updated_at:<${quoted(to)}`;
    const { customers } = await ask(ctx, changedQuery, { query, after: page ?? null });
    return feedPage(customers.nodes.map(fact), customers);
  },
};
