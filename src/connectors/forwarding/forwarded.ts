import type { Alert, HubCustomer, HubEvent, Money, Plain, Row } from '@valehub/connector-kit';
import { moneyKit } from '@valehub/connector-kit';
import { z } from 'zod';
import type { CustomerRecord } from '../../domain/customer/customer.types.ts';
import type { LedgerEventRecord } from '../../domain/ledger/ledger.types.ts';

/** An event with what is known of it now. */
export interface ForwardedEvent {
  readonly event: LedgerEventRecord;
  readonly store: { readonly id: string; readonly name: string } | null;
  readonly campaign: { readonly id: string; readonly name: string } | null;
  readonly customer: CustomerRecord | null;
  /** The platform's id of the customer, where it has told it. */
  readonly customerAtPlatform: string | null;
}

/** How one verb is given events: what has to be said besides, and what it gets of each. */
interface Carrier {
  readonly settings: z.ZodType;
  /** Null = this event is nothing for the verb. */
  input(forwarded: ForwardedEvent, settings: Plain): Plain | null;
}

const amountOf = ({ amount, currency }: LedgerEventRecord): Money | null =>
  amount === null || currency === null ? null : { minor: amount, currency };

function customerOf({ customer, customerAtPlatform }: ForwardedEvent): HubCustomer | null {
  if (customer === null) return null;
  return {
    hubId: customer.id,
    ...(customerAtPlatform === null ? {} : { externalId: customerAtPlatform }),
    ...(customer.name === null ? {} : { name: customer.name }),
    ...(customer.phone === null ? {} : { phone: customer.phone }),
    ...(customer.email === null ? {} : { email: customer.email }),
    ...(customer.birthday === null ? {} : { birthday: customer.birthday }),
    ...(customer.groups.length === 0 ? {} : { groups: [...customer.groups] }),
  };
}

function eventOf(forwarded: ForwardedEvent): HubEvent {
  const { event, store, campaign } = forwarded;
  const amount = amountOf(event);
  const customer = customerOf(forwarded);
  return {
    id: `evt_${event.position}`,
    type: event.type === 'CUSTOM' ? (event.name ?? 'CUSTOM') : event.type,
    at: event.at,
    position: event.position,
    ...(event.businessDay === null ? {} : { businessDay: event.businessDay }),
    ...(event.code === null ? {} : { code: event.code }),
    ...(amount === null ? {} : { amount }),
    ...(store === null ? {} : { store: { id: store.id, name: store.name } }),
    ...(campaign === null ? {} : { campaign: { id: campaign.id, name: campaign.name } }),
    ...(event.redemptionId === null ? {} : { redemptionId: event.redemptionId }),
    ...(event.orderSource === null || event.orderExternalId === null
      ? {}
      : { order: { source: event.orderSource, externalId: event.orderExternalId } }),
    ...(customer === null ? {} : { customer }),
    data: event.data as HubEvent['data'],
  };
}

/** The columns that a row may have; nothing in them is personal. */
const COLUMNS: Readonly<Record<string, (forwarded: ForwardedEvent) => Row['values'][number]>> = {
  event: ({ event }) => `evt_${event.position}`,
  position: ({ event }) => event.position,
  at: ({ event }) => event.at,
  businessDay: ({ event }) => event.businessDay,
  type: ({ event }) => (event.type === 'CUSTOM' ? event.name : event.type),
  store: ({ store }) => store?.name ?? null,
  storeId: ({ store }) => store?.id ?? null,
  campaign: ({ campaign }) => campaign?.name ?? null,
  campaignId: ({ campaign }) => campaign?.id ?? null,
  code: ({ event }) => event.code,
  amount: ({ event }) => {
    const amount = amountOf(event);
    return amount === null ? null : moneyKit.toMajor(amount);
  },
  currency: ({ event }) => event.currency,
  redemptionId: ({ event }) => event.redemptionId,
  orderSource: ({ event }) => event.orderSource,
  order: ({ event }) => event.orderExternalId,
  customerId: ({ event }) => event.customerId,
  reason: ({ event }) => (typeof event.data['reason'] === 'string' ? event.data['reason'] : null),
};
const columnNames = Object.keys(COLUMNS) as [string, ...string[]];
const USUAL = ['event', 'at', 'businessDay', 'type', 'store', 'campaign', 'code', 'amount', 'currency', 'order', 'redemptionId'];

const rowSettings = z.strictObject({
  /** The sheet or table. */
  table: z.string().min(1).max(1000),
  /** `event` comes first always: a row is known again by it. */
  columns: z
    .array(z.enum(columnNames))
    .min(1)
    .max(columnNames.length)
    .default(USUAL)
    .transform((names) => ['event', ...names.filter((name) => name !== 'event')]),
});

const alertSettings = z.strictObject({
  severity: z.enum(['INFO', 'WARNING', 'CRITICAL']).default('WARNING'),
  /** Left out: the type of the event and the store. */
  title: z.string().min(1).max(1000).optional(),
  buttons: z
    .array(
      z.strictObject({ id: z.string().min(1).max(255), label: z.string().min(1).max(75), style: z.enum(['PRIMARY', 'DANGER']).optional() }),
    )
    .max(5)
    .optional(),
});

const SHOWN = 4;
/** A code in a chat is a code that anybody there can use: its last characters are enough to find it by. */
const masked = (code: string): string => (code.length <= SHOWN ? code : `…${code.slice(-SHOWN)}`);

function alertOf(forwarded: ForwardedEvent, settings: z.output<typeof alertSettings>): Alert {
  const { event, store, campaign } = forwarded;
  const amount = amountOf(event);
  const reason = event.data['reason'];
  const facts = [
    campaign?.name,
    event.code === null ? undefined : masked(event.code),
    amount === null ? undefined : `${moneyKit.toMajor(amount)} ${amount.currency}`,
    typeof reason === 'string' ? reason : undefined,
    event.orderExternalId ?? undefined,
    event.at,
  ];
  return {
    id: `evt_${event.position}`,
    severity: settings.severity,
    title: settings.title ?? [event.type === 'CUSTOM' ? event.name : event.type, store?.name].filter((part) => part).join(': '),
    text: facts.filter((fact) => fact !== undefined && fact !== '').join(' · '),
    ...(settings.buttons === undefined
      ? {}
      : { buttons: settings.buttons.map(({ style, ...button }) => ({ ...button, ...(style === undefined ? {} : { style }) })) }),
  };
}

const nothing = z.strictObject({});

/** The verbs that can be given events, by their names in the table of verbs. */
export const CARRIERS = {
  'events.push': { settings: nothing, input: (forwarded) => eventOf(forwarded) as Plain },
  'rows.append': {
    settings: rowSettings,
    input(forwarded, settings) {
      const { table, columns } = settings as z.output<typeof rowSettings>;
      return { table, columns, values: columns.map((name) => COLUMNS[name]?.(forwarded) ?? null) };
    },
  },
  'alerts.send': {
    settings: alertSettings,
    input: (forwarded, settings) => alertOf(forwarded, settings as z.output<typeof alertSettings>) as Plain,
  },
  'customers.upsert': { settings: nothing, input: (forwarded) => customerOf(forwarded) as Plain },
} as const satisfies Readonly<Record<string, Carrier>>;
export type CarrierName = keyof typeof CARRIERS;

export const isCarrier = (verb: string): verb is CarrierName => Object.hasOwn(CARRIERS, verb);
