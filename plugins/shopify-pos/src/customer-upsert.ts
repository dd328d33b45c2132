import { CallError, type HubCustomer, type Ref, type Verb, z } from '@valehub/connector-kit';
import { ask, operation } from './client.ts';
import { throwRefused } from './failure.ts';
import { gid, globalId, numberOf } from './ids.ts';
import { userErrors } from './schemas.ts';
import type { ShopCtx, settings } from './settings.ts';

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
