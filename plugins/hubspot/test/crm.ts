import type { Plain } from '@valehub/connector-kit';

/** Contacts and deals as HubSpot keeps them: unique values, properties that must be known, records of which one remains after a merge. */

export type Kind = 'contacts' | 'deals';
export type Values = Readonly<Record<string, string>>;

export interface StoredRecord {
  readonly id: string;
  readonly kind: Kind;
  properties: Record<string, string>;
  updatedAt: number;
  archived: boolean;
}

interface KnownProperty {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly hasUniqueValue: boolean;
}

/** What HubSpot says of one input that it refuses. */
export interface Refusal {
  readonly status: number;
  readonly category: string;
  readonly message: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

const OWN: Readonly<Record<Kind, readonly string[]>> = {
  contacts: [
    'email',
    'firstname',
    'lastname',
    'phone',
    'mobilephone',
    'hs_email_optout',
    'hs_calculated_phone_number',
    'hs_calculated_mobile_number',
    'hs_object_id',
    'lastmodifieddate',
    'date_of_birth_text',
  ],
  deals: ['dealname', 'pipeline', 'dealstage', 'amount', 'closedate', 'deal_currency_code', 'hs_object_id'],
};

const invalid = (name: string, error: string, message: string): Refusal => ({
  status: 400,
  category: 'VALIDATION_ERROR',
  message: `Property values were not valid: ${JSON.stringify([{ isValid: false, message, error, name }])}`,
});

export interface Input {
  readonly id: string;
  readonly idProperty?: string;
  readonly properties: Values;
}

export type Stored = { readonly record: StoredRecord; readonly made: boolean } | { readonly refused: Refusal };

export function crm(now: () => number) {
  const records: StoredRecord[] = [];
  const properties: Record<Kind, KnownProperty[]> = {
    contacts: OWN.contacts.map((name) => ({ name, label: name, type: 'string', hasUniqueValue: name === 'email' })),
    deals: OWN.deals.map((name) => ({ name, label: name, type: 'string', hasUniqueValue: false })),
  };
  let count = 1000;

  const isUnique = (kind: Kind, name: string): boolean =>
    properties[kind].some((property) => property.name === name && property.hasUniqueValue);
  const by = (kind: Kind, name: string, value: string): StoredRecord | undefined =>
    records.find((record) => record.kind === kind && !record.archived && record.properties[name]?.toLowerCase() === value.toLowerCase());
  const get = (kind: Kind, id: string): StoredRecord | undefined =>
    records.find((record) => record.kind === kind && record.id === id && !record.archived);

  function refusalOf(kind: Kind, values: Values, self: StoredRecord | undefined): Refusal | undefined {
    for (const [name, value] of Object.entries(values)) {
      if (!properties[kind].some((property) => property.name === name))
        return invalid(name, 'PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
      if (name === 'email' && !/^[^@\s]+@[^@\s]+\.[a-z]{2,}$/i.test(value))
        return invalid('email', 'INVALID_EMAIL', `Email address ${value} is invalid`);
      const other = isUnique(kind, name) ? by(kind, name, value) : undefined;
      if (other && other !== self)
        return {
          status: 409,
          category: 'CONFLICT',
          message: `${kind === 'contacts' ? 'Contact' : 'Deal'} already exists. Existing ID: ${other.id}`,
          context: { existingId: [other.id] },
        };
    }
    return undefined;
  }

  function store(kind: Kind, values: Values, self: StoredRecord | undefined): Stored {
    const refused = refusalOf(kind, values, self);
    if (refused) return { refused };
    count += 1;
    const record = self ?? { id: String(count), kind, properties: {}, updatedAt: 0, archived: false };
    if (!self) records.push(record);
    record.properties = { ...record.properties, ...values, hs_object_id: record.id, lastmodifieddate: new Date(now()).toISOString() };
    record.updatedAt = now();
    return { record, made: !self };
  }

  return {
    records,
    properties,
    get,
    isUnique,
    find: by,
    /** By a unique property, or by HubSpot's id where none is named. */
    upsert: (kind: Kind, { id, idProperty, properties: values }: Input): Stored =>
      idProperty === undefined
        ? get(kind, id)
          ? store(kind, values, get(kind, id))
          : { refused: { status: 404, category: 'OBJECT_NOT_FOUND', message: 'resource not found' } }
        : store(kind, { ...values, [idProperty]: id }, by(kind, idProperty, id)),
    make: (kind: Kind, values: Values): StoredRecord => {
      const stored = store(kind, values, undefined);
      if ('refused' in stored) throw new Error(stored.refused.message);
      return stored.record;
    },
    archive(kind: Kind, id: string): void {
      const record = get(kind, id);
      if (record) record.archived = true;
    },
  };
}
export type Crm = ReturnType<typeof crm>;

export const shown = (record: StoredRecord): { [member: string]: Plain } => ({
  id: record.id,
  properties: { ...record.properties },
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: new Date(record.updatedAt).toISOString(),
  archived: record.archived,
  url: `https://app.hubspot.com/contacts/1/record/${record.kind === 'deals' ? '0-3' : '0-1'}/${record.id}`,
});
