import type { Fact, HubCustomer } from '@valehub/connector-kit';
import { getContacts } from './client.ts';
import type { Contact } from './schemas.ts';
import type { XeroCtx } from './settings.ts';

const given = (text: string | null | undefined): string | undefined => text?.trim() || undefined;

/** In E.164, where Xero has the country; without it the number could be anybody's. */
function phoneOf({ Phones }: Contact): string | undefined {
  const known = Phones.find(({ PhoneNumber, PhoneCountryCode }) => given(PhoneNumber) && given(PhoneCountryCode));
  if (!known) return undefined;
  const area = (known.PhoneAreaCode ?? '').replace(/^0+/, '');
  return `+${`${known.PhoneCountryCode}${area}${known.PhoneNumber}`.replace(/\D/g, '')}`;
}

function customer(contact: Contact): HubCustomer {
  const name = given(contact.Name);
  const email = given(contact.EmailAddress);
  const phone = phoneOf(contact);
  const groups = contact.ContactGroups.flatMap(({ Name }) => given(Name) ?? []);
  return {
    externalId: contact.ContactID,
    revision: { at: contact.UpdatedDateUTC },
    ...(name === undefined ? {} : { name }),
    ...(phone === undefined ? {} : { phone }),
    ...(email === undefined ? {} : { email }),
    ...(groups.length === 0 ? {} : { groups }),
  };
}

/** Xero marks a contact whose erasure was asked for. One that has only ever sent bills is no guest. */
function factOf(contact: Contact): Fact | undefined {
  if (contact.ContactStatus !== 'GDPRREQUEST')
    return contact.IsSupplier && !contact.IsCustomer ? undefined : { kind: 'customer', customer: customer(contact) };
  const identity = given(contact.EmailAddress) ?? phoneOf(contact) ?? given(contact.Name) ?? contact.ContactID;
  return { kind: 'privacy', ask: 'ERASE', identity, key: contact.ContactID };
}

export async function readContacts(ctx: XeroCtx, ids: readonly string[]): Promise<readonly Fact[]> {
  const contacts = await getContacts(ctx, ids);
  const known = new Set(contacts.map(({ ContactID }) => ContactID));
  const gone = ids.filter((id) => !known.has(id)).map((id): Fact => ({ kind: 'gone', resource: 'customer', id }));
  return [...contacts.flatMap((contact) => factOf(contact) ?? []), ...gone];
}
