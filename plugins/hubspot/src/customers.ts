import type { Fact, Feed, Fetch, HubCustomer, TimeWindow } from '@valehub/connector-kit';
import { MOST, read } from './batch.ts';
import { CONTACTS } from './client.ts';
import { CUSTOMER_ID } from './properties.ts';
import * as schemas from './schemas.ts';
import type { HubSpotCtx, settings } from './settings.ts';

/** The first that is written in E.164 is the customer's: HubSpot itself makes one of what people type, with the country it knows. */
const PHONES = ['hs_calculated_phone_number', 'phone', 'hs_calculated_mobile_number', 'mobilephone'] as const;
export const WATCHED = ['email', 'firstname', 'lastname', 'phone', 'mobilephone', 'hs_email_optout'] as const;

/** Properties that an account lacks are passed over by HubSpot. */
const propertiesOf = ({ settings: { birthdayProperty } }: HubSpotCtx): readonly string[] => [
  ...new Set([...WATCHED, ...PHONES, CUSTOMER_ID, ...(birthdayProperty === undefined ? [] : [birthdayProperty])]),
];

const text = (value: string | null | undefined): string | undefined => value?.trim() || undefined;

function phoneOf({ properties }: schemas.CrmRecord): string | undefined {
  const written = PHONES.map((name) => properties[name]?.replace(/[\s().-]/g, ''));
  return written.find((phone) => phone !== undefined && /^\+[1-9]\d{6,14}$/.test(phone));
}

function hubCustomer(ctx: HubSpotCtx, contact: schemas.CrmRecord): HubCustomer {
  const { id, properties, updatedAt } = contact;
  const name = [properties['firstname'], properties['lastname']].flatMap((part) => text(part) ?? []).join(' ');
  const phone = phoneOf(contact);
  const email = text(properties['email'])?.toLowerCase();
  const hubId = text(properties[CUSTOMER_ID]);
  const birthday = text(properties[ctx.settings.birthdayProperty ?? '']);
  return {
    externalId: id,
    ...(hubId === undefined ? {} : { hubId }),
    ...(updatedAt === undefined ? {} : { revision: { at: updatedAt } }),
    ...(name === '' ? {} : { name }),
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
    ...(birthday !== undefined && /^(\d{4}|-)-\d{2}-\d{2}$/.test(birthday) ? { birthday } : {}),
    // Who has not unsubscribed from everything has not therefore agreed.
    ...(properties['hs_email_optout'] === 'true' ? { consents: { email: false } } : {}),
  };
}

const factOf = (ctx: HubSpotCtx, contact: schemas.CrmRecord): Fact => ({ kind: 'customer', customer: hubCustomer(ctx, contact) });

/** One that HubSpot does not have is deleted or merged into another. */
export async function readContacts(ctx: HubSpotCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const found = await read(ctx, CONTACTS, ids, propertiesOf(ctx));
  const byId = new Map(found.map((contact) => [contact.id, contact]));
  return ids.map((id): Fact => {
    const contact = byId.get(id);
    return contact && contact.archived !== true ? factOf(ctx, contact) : { kind: 'gone', resource: 'customer', id };
  });
}

export const fetchContacts: Fetch<typeof settings> = { max: MOST, read: readContacts };

const PAGE = 200;

/**
 * A search shows 10,000 records at most, however it is paged. So each page is a search of its own for those with a greater id: then a
 * window may hold any number, and one that is changed meanwhile leaves it for the next without moving the others.
 */
async function searched(ctx: HubSpotCtx, { from, to, page }: TimeWindow): Promise<readonly schemas.CrmRecord[]> {
  const changed = (operator: string, at: string) => ({ propertyName: 'lastmodifieddate', operator, value: String(Date.parse(at)) });
  const after = page === undefined ? [] : [{ propertyName: 'hs_object_id', operator: 'GT', value: page }];
  const { results } = await ctx.call({
    path: `${CONTACTS.path}/search`,
    json: {
      filterGroups: [{ filters: [changed('GTE', from), changed('LT', to), ...after] }],
      sorts: [{ propertyName: 'hs_object_id', direction: 'ASCENDING' }],
      properties: propertiesOf(ctx),
      limit: PAGE,
    },
    reply: schemas.found,
    cost: 1,
  });
  return results;
}

/** Beside the webhooks, which HubSpot repeats for a day only, and for accounts without an app. What was written just now is found some moments later. */
export const changedContacts: Feed<typeof settings> = {
  by: 'time',
  every: 'PT15M',
  gives: ['customer'],
  overlap: 'PT10M',
  // What was deleted is found by no search.
  complete: false,
  async read(ctx, window) {
    const found = await searched(ctx, window);
    const facts = found.map((contact) => factOf(ctx, contact));
    const last = found.at(-1);
    return found.length < PAGE || !last ? { facts, more: false } : { facts, more: true, next: last.id };
  },
};
