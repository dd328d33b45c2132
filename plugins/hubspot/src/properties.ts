import { type Action, CallError, z } from '@valehub/connector-kit';
import { API_VERSION, ask, CONTACTS, DEALS, type Kind } from './client.ts';
import * as schemas from './schemas.ts';
import type { HubSpotCtx, settings } from './settings.ts';

/** By which contacts and deals are found again. Both must be unique: on that rests that nothing is there twice. */
export const CUSTOMER_ID = 'valehub_customer_id';
export const REDEMPTION_ID = 'voucher_redemption_id';

interface Property {
  readonly name: string;
  readonly label: string;
  readonly type: 'string' | 'number';
  readonly unique?: true;
}

/** Few, as an account without a paid plan may have ten of its own for each kind. */
const WANTED: Readonly<Record<Kind['name'], readonly Property[]>> = {
  contacts: [{ name: CUSTOMER_ID, label: 'Valehub customer', type: 'string', unique: true }],
  deals: [
    { name: REDEMPTION_ID, label: 'Voucher redemption', type: 'string', unique: true },
    { name: 'voucher_code', label: 'Voucher code', type: 'string' },
    { name: 'voucher_campaign', label: 'Voucher campaign', type: 'string' },
    { name: 'voucher_store', label: 'Voucher store', type: 'string' },
    { name: 'voucher_status', label: 'Voucher status', type: 'string' },
    { name: 'voucher_given', label: 'Voucher amount given', type: 'number' },
    { name: 'voucher_reversals', label: 'Voucher amounts taken back', type: 'string' },
  ],
};
const GROUPS = { contacts: 'contactinformation', deals: 'dealinformation' } as const;

/** Where contacts are known by their e-mail alone, they get no property. */
const wantedOf = ({ settings: { contactKey } }: HubSpotCtx, kind: Kind): readonly Property[] =>
  kind === CONTACTS && contactKey === 'EMAIL' ? [] : WANTED[kind.name];

const pathOf = (kind: Kind): string => `/crm/properties/${API_VERSION}/${kind.name}`;

const notUnique = (kind: Kind, name: string): CallError =>
  new CallError({
    code: 'TARGET_GONE',
    message: `The property ${name} of ${kind.name} is there, but its values need not be unique: HubSpot cannot change that. Delete the property, and the hub makes it anew.`,
  });

async function make(ctx: HubSpotCtx, kind: Kind, { name, label, type, unique }: Property): Promise<void> {
  const answer = await ask(ctx, {
    path: pathOf(kind),
    json: {
      name,
      label,
      type,
      fieldType: type === 'number' ? 'number' : 'text',
      groupName: GROUPS[kind.name],
      ...(unique ? { hasUniqueValue: true } : {}),
    },
    reply: z.object({ name: z.string() }),
  });
  // Somebody else has made it meanwhile.
  if ('failed' in answer && answer.failed.code !== 'CONFLICT')
    throw new CallError({ ...answer.failed, message: `The property ${name} of ${kind.name} could not be made. ${answer.failed.message}` });
}

/** Makes the hub's properties that are not there, and gives their names. Looks first: a person may have made them. */
export async function prepare(ctx: HubSpotCtx, kind: Kind): Promise<readonly string[]> {
  const wanted = wantedOf(ctx, kind);
  if (wanted.length === 0) return [];
  const { results } = await ctx.call({ path: pathOf(kind), reply: schemas.properties, cost: 0 });
  const there = new Map(results.map((property) => [property.name, property]));
  for (const { name, unique } of wanted) {
    if (unique && there.has(name) && there.get(name)?.hasUniqueValue !== true) throw notUnique(kind, name);
  }
  const missing = wanted.filter(({ name }) => !there.has(name));
  for (const property of missing) await make(ctx, kind, property);
  return missing.map(({ name }) => name);
}

const output = z.strictObject({ made: z.array(z.string()) });

/** The hub does so itself when it first writes; a person may want to see it done before. */
export const prepareProperties: Action<typeof settings> = {
  title: "Make the hub's properties of contacts and deals",
  input: z.strictObject({}),
  output,
  scopes: ['crm.schemas.contacts.write', 'crm.schemas.deals.write'],
  repeat: 'safe',
  async run(ctx, jobs) {
    const made: string[] = [];
    for (const kind of [CONTACTS, DEALS]) made.push(...(await prepare(ctx, kind)).map((name) => `${kind.name}.${name}`));
    return { outcomes: jobs.map(({ id }) => ({ job: id, done: { made } })) };
  },
};
