import { CallError, type Fact, type Feed, type HubCustomer, instantText, type Ref, type Verb, z } from '@valehub/connector-kit';
import { ask, feedPage, operation } from './client.ts';
import { throwRefused } from './failure.ts';
import { gid, globalId, numberId, numberOf } from './ids.ts';
import { quoted } from './orders.ts';
import { pageOf, text, userErrors } from './schemas.ts';
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

const setMutation = operation(
  10,
  `mutation CustomerSet($identifier: CustomerSetIdentifiers, $input: CustomerSetInput!) {
  customerSet(identifier: $identifier, input: $input) { customer { id } userErrors { field message code } }
}`,
  { customerSet: z.object({ customer: z.object({ id: globalId }).nullish(), userErrors }) },
);

const errors = z.object({ userErrors }).nullish();
/** What `customerSet` has no field for, or would overwrite: tags are added to those that the shop has given. */
const detailsMutation = operation(
  40,
  `mutation CustomerDetails(
  $id: ID!, $tags: [String!]!, $metafields: [MetafieldsSetInput!]!, $mail: CustomerEmailMarketingState!, $sms: CustomerSmsMarketingState!,
  $withTags: Boolean!, $withHubId: Boolean!, $withMail: Boolean!, $withSms: Boolean!
) {
  tagsAdd(id: $id, tags: $tags) @include(if: $withTags) { userErrors { field message } }
  metafieldsSet(metafields: $metafields) @include(if: $withHubId) { userErrors { field message } }
  customerEmailMarketingConsentUpdate(input: { customerId: $id, emailMarketingConsent: { marketingState: $mail } })
    @include(if: $withMail) { userErrors { field message } }
  customerSmsMarketingConsentUpdate(input: { customerId: $id, smsMarketingConsent: { marketingState: $sms } })
    @include(if: $withSms) { userErrors { field message } }
}`,
  { tagsAdd: errors, metafieldsSet: errors, customerEmailMarketingConsentUpdate: errors, customerSmsMarketingConsentUpdate: errors },
);

/** By Shopify's id, else by what is unique in a shop. */
function identifier({ externalId, email, phone }: HubCustomer) {
  if (externalId !== undefined) return { id: gid('Customer', externalId) };
  if (email !== undefined) return { email };
  if (phone !== undefined) return { phone };
  throw new CallError({
    code: 'BAD_INPUT',
    message: 'A customer at Shopify is known by id, e-mail address or phone number.',
    path: 'email',
  });
}

function names(name: string | undefined): { readonly firstName?: string; readonly lastName?: string } {
  if (name === undefined) return {};
  const [firstName = '', ...rest] = name.trim().split(/\s+/);
  return { firstName, ...(rest.length > 0 ? { lastName: rest.join(' ') } : {}) };
}

const state = (given: boolean | undefined): string => (given ? 'SUBSCRIBED' : 'UNSUBSCRIBED');

async function addDetails(ctx: ShopCtx, id: string, { groups, hubId, consents }: HubCustomer): Promise<void> {
  const wanted = {
    withTags: (groups ?? []).length > 0,
    withHubId: hubId !== undefined,
    withMail: consents?.email !== undefined,
    withSms: consents?.sms !== undefined,
  };
  if (!Object.values(wanted).includes(true)) return;
  const told = await ask(ctx, detailsMutation, {
    id,
    tags: groups ?? [],
    // In the app's own namespace: no other app can write there.
    metafields:
      hubId === undefined ? [] : [{ ownerId: id, namespace: '$app', key: 'hub_id', type: 'single_line_text_field', value: hubId }],
    mail: state(consents?.email),
    sms: state(consents?.sms),
    ...wanted,
  });
  for (const part of Object.values(told)) throwRefused(part?.userErrors ?? []);
}

export const upsert: Verb<HubCustomer, Ref, typeof settings> = {
  scopes: ['write_customers'],
  repeat: 'safe',
  async run(ctx, [job]) {
    if (!job) return { outcomes: [] };
    const { email, phone, name } = job.input;
    const input = { ...(email ? { email } : {}), ...(phone ? { phone } : {}), ...names(name) };
    const { customerSet } = await ask(ctx, setMutation, { identifier: identifier(job.input), input });
    throwRefused(customerSet.userErrors);
    const id = customerSet.customer?.id;
    if (!id) throw new CallError({ code: 'BAD_REPLY', message: 'Shopify says nothing of the customer that it was given.', unknown: true });
    await addDetails(ctx, id, job.input);
    return { outcomes: [{ job: job.id, done: { id: numberOf(id), url: `https://${ctx.settings.shop}/admin/customers/${numberOf(id)}` } }] };
  },
};
