import type { Failure, HubCustomer, Job, Outcome, Plain, Ref, Verb } from '@valehub/connector-kit';
import { type Line, MOST, type Properties, patch, read, tried, type Written, write } from './batch.ts';
import { CONTACTS } from './client.ts';
import { writeConsent } from './consents.ts';
import { CUSTOMER_ID } from './properties.ts';
import type { CrmRecord } from './schemas.ts';
import type { HubSpotCtx, settings } from './settings.ts';

/** A value as HubSpot takes it: several choices are parted by semicolons, and an empty text clears. */
function asText(value: Plain): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map(asText).join(';');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** HubSpot has a name in two parts: what stands before the first space, and the rest. */
function nameOf(name: string): Properties {
  const [first = '', ...rest] = name.trim().split(/\s+/);
  return { ...(first === '' ? {} : { firstname: first }), ...(rest.length > 0 ? { lastname: rest.join(' ') } : {}) };
}

function propertiesOf({ settings: { contactKey, birthdayProperty } }: HubSpotCtx, customer: HubCustomer): Properties {
  const { name, email, phone, birthday, hubId, fields } = customer;
  return {
    ...Object.fromEntries(Object.entries(fields ?? {}).map(([field, value]) => [field, asText(value)])),
    ...(name === undefined ? {} : nameOf(name)),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(birthday === undefined || birthdayProperty === undefined ? {} : { [birthdayProperty]: birthday }),
    ...(hubId === undefined || contactKey === 'EMAIL' ? {} : { [CUSTOMER_ID]: hubId }),
  };
}

/** How a contact is found without HubSpot's own id; undefined where nothing tells it from others. */
function keyOf({ settings: { contactKey } }: HubSpotCtx, { hubId, email }: HubCustomer): Pick<Line, 'id' | 'idProperty'> | undefined {
  if (hubId !== undefined && contactKey === 'HUB_ID') return { id: hubId, idProperty: CUSTOMER_ID };
  return email === undefined ? undefined : { id: email.toLowerCase(), idProperty: 'email' };
}

function lineOf(ctx: HubSpotCtx, customer: HubCustomer): Line | undefined {
  const key = customer.externalId === undefined ? keyOf(ctx, customer) : { id: customer.externalId };
  return key && { ...key, properties: propertiesOf(ctx, customer) };
}

/** Whether a contact can be told from others by what is known. */
export const isFindable = (ctx: HubSpotCtx, customer: HubCustomer): boolean => lineOf(ctx, customer) !== undefined;

const NOBODY: Failure = {
  code: 'BAD_INPUT',
  path: 'email',
  message: 'HubSpot has nothing by which to find this customer again: an e-mail address is needed.',
};

const taken = (id: string): Failure => ({
  code: 'BAD_INPUT',
  path: 'email',
  message: `HubSpot's contact ${id} has this e-mail address and is another customer of the hub. Merge the two in the hub, or correct the contact.`,
});

export interface ContactOutcome {
  readonly contact?: CrmRecord;
  readonly failed?: Failure;
}

const outcomeOf = (written: Written): ContactOutcome => ('record' in written ? { contact: written.record } : { failed: written.failed });

/** A contact that is known by the e-mail address only; one that is another customer's already is left alone. */
async function adopted(ctx: HubSpotCtx, customer: HubCustomer, id: string): Promise<ContactOutcome> {
  const there = await tried(read(ctx, CONTACTS, [id], [CUSTOMER_ID]));
  if ('failed' in there) return there;
  const owner = there.value[0]?.properties[CUSTOMER_ID];
  if (owner && customer.hubId !== undefined && owner !== customer.hubId) return { failed: taken(id) };
  return outcomeOf(await patch(ctx, CONTACTS, id, propertiesOf(ctx, customer)));
}

/** A contact that has the e-mail address or the hub's id already is that customer; one that was merged or deleted is found by its key. */
async function mended(ctx: HubSpotCtx, customer: HubCustomer, written: Written): Promise<ContactOutcome> {
  if ('record' in written) return { contact: written.record };
  const { failed, existing } = written;
  if (existing !== undefined) return adopted(ctx, customer, existing);
  const key = failed.code === 'NOT_FOUND' && customer.externalId !== undefined ? keyOf(ctx, customer) : undefined;
  if (!key) return { failed };
  const { externalId: _gone, ...rest } = customer;
  return (await writeContacts(ctx, [rest]))[0] ?? { failed };
}

/** Lines that may go together: by the same property, and no record twice. What is said of one record later is written later. */
function rounds(lines: readonly (Line | undefined)[]): readonly (readonly number[])[] {
  const made: { readonly by: string; readonly ids: Set<string>; readonly members: number[] }[] = [];
  lines.forEach((line, index) => {
    if (!line) return;
    const by = line.idProperty ?? '';
    const room = made.findLast((round) => round.by === by);
    if (room && !room.ids.has(line.id) && room.members.length < MOST) {
      room.ids.add(line.id);
      room.members.push(index);
    } else made.push({ by, ids: new Set([line.id]), members: [index] });
  });
  return made.map(({ members }) => members);
}

/** Makes or changes contacts; one answer a customer, in order. */
export async function writeContacts(ctx: HubSpotCtx, customers: readonly HubCustomer[]): Promise<readonly ContactOutcome[]> {
  const lines = customers.map((customer) => lineOf(ctx, customer));
  const outcomes: ContactOutcome[] = customers.map(() => ({ failed: NOBODY }));
  for (const members of rounds(lines)) {
    const written = await write(
      ctx,
      CONTACTS,
      members.flatMap((index) => lines[index] ?? []),
    );
    for (const [at, index] of members.entries()) {
      const customer = customers[index];
      const one = written[at];
      if (customer && one) outcomes[index] = await mended(ctx, customer, one);
    }
  }
  return outcomes;
}

/** HubSpot's address of a record, where it gives one. */
export const refOf = ({ id, url }: CrmRecord): Ref => ({ id, ...(url && URL.canParse(url) ? { url } : {}) });

async function settle(ctx: HubSpotCtx, { id, input }: Job<HubCustomer>, { contact, failed }: ContactOutcome): Promise<Outcome<Ref>> {
  if (!contact) return { job: id, failed: failed ?? NOBODY };
  const consent = await tried(writeConsent(ctx, input));
  return 'failed' in consent ? { job: id, failed: consent.failed } : { job: id, done: refOf(contact) };
}

/** By a unique property, so that twice is once. */
export const upsert: Verb<HubCustomer, Ref, typeof settings> = {
  scopes: ['crm.objects.contacts.write'],
  batch: { max: MOST },
  repeat: 'safe',
  async run(ctx, jobs) {
    const written = await writeContacts(
      ctx,
      jobs.map(({ input }) => input),
    );
    const outcomes: Outcome<Ref>[] = [];
    for (const [index, job] of jobs.entries()) outcomes.push(await settle(ctx, job, written[index] ?? {}));
    return { outcomes };
  },
};
