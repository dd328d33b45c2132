import type { HubCustomer } from '@valehub/connector-kit';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Actor } from '../../domain/access/roles.ts';
import type { CustomerService } from '../../domain/customer/customer.service.ts';
import type { CustomerDraft, CustomerRecord } from '../../domain/customer/customer.types.ts';
import type { FactIntake } from './fact-intake.ts';

export const CONNECTORS: Actor = { id: 'connectors', role: 'CONNECTOR', storeIds: null, connectionId: null, partnerId: null };

/** Numbers that a platform writes without their country are read as of here: where the restaurants are. */
const HOME = 'ES';

/** Undefined where it is no number that could be called. */
const e164 = (phone: string | undefined): string | undefined => {
  const parsed = phone === undefined ? undefined : parsePhoneNumberFromString(phone, HOME);
  return parsed?.isPossible() ? parsed.number : undefined;
};

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const email = (text: string | undefined): string | undefined =>
  text !== undefined && EMAIL.test(text.trim()) ? text.trim().toLowerCase() : undefined;

/** A year is part of a birthday only where the platform tells it. */
const birthday = (text: string | undefined): string | undefined => (text !== undefined && !text.startsWith('--') ? text : undefined);

/** What the platform knows more than the hub: the hub's own name, phone and the like stay, groups are added. */
function news(
  known: CustomerRecord | null,
  given: HubCustomer,
  phone: string | undefined,
  address: string | undefined,
): CustomerDraft | null {
  const groups = [...new Set([...(known?.groups ?? []), ...(given.groups ?? [])])];
  const draft: CustomerDraft = {
    ...(known === null ? {} : { id: known.id }),
    ...(phone !== undefined && known?.phone == null ? { phone } : {}),
    ...(address !== undefined && known?.email == null ? { email: address } : {}),
    ...(given.name !== undefined && known?.name == null ? { name: given.name } : {}),
    ...(birthday(given.birthday) !== undefined && known?.birthday == null ? { birthday: birthday(given.birthday) } : {}),
    ...(groups.length > (known?.groups.length ?? 0) ? { groups } : {}),
  };
  return known !== null && Object.keys(draft).length === 1 ? null : draft;
}

/** Customers of platforms as the hub's own. They are known by phone or e-mail, never by a name. */
export function customerIntake(customers: Pick<CustomerService, 'find' | 'upsert'>): Pick<FactIntake, 'customer' | 'customerOf'> {
  async function knownBy(phone: string | undefined, address: string | undefined): Promise<CustomerRecord | null> {
    const byEmail = address === undefined ? null : await customers.find({ email: address });
    return byEmail ?? (phone === undefined ? null : customers.find({ phone }));
  }
  return {
    async customer(given) {
      const phone = e164(given.phone);
      const address = email(given.email);
      if (phone === undefined && address === undefined) return null;
      const known = await knownBy(phone, address);
      const draft = news(known, given, phone, address);
      if (draft === null) return known;
      return { id: (await customers.upsert(CONNECTORS, draft)).id };
    },
    async customerOf(identity) {
      return (await knownBy(e164(identity), email(identity)))?.id ?? null;
    },
  };
}
