import { hubCustomerSchema, hubOrderSchema, instantText, z } from '@valehub/connector-kit';

const id = z.string().min(1).max(255);

/** What every event has. More members at the top are passed over, so that senders may keep their own there. */
export const envelope = z.object({
  /** Parts with full stops between them: `order.paid`. */
  type: z.string().min(1).max(255),
  /** When it happened, with an offset. */
  timestamp: instantText(),
  /** The sender's location, where its data has none; the connection's `locations` say which store that is. */
  location: id.optional(),
  data: z.json(),
});

const gone = z.strictObject({ externalId: id });

/** What `data` is, by topic: the type, or the family that it belongs to. Within `data` a member that is not known is refused, for it may be a slip of the pen. */
export const DATA = {
  'order.deleted': gone,
  order: hubOrderSchema,
  'customer.deleted': gone,
  customer: hubCustomerSchema.refine(
    ({ externalId, phone, email }) => (externalId ?? phone ?? email) !== undefined,
    'an externalId, a phone or an email',
  ),
  'message.status': z.strictObject({
    /** `data.id` of the `message.requested` that it is about. */
    message: id,
    state: z.enum(['QUEUED', 'DELIVERED', 'OPENED', 'CLICKED', 'BOUNCED', 'REFUSED']),
    /** Why it bounced or was refused; nothing personal. */
    reason: z.string().max(500).optional(),
  }),
  /** A person gave leave to be written to, or took it back (STOP). */
  'consent.changed': z.strictObject({
    /** The e-mail address or phone number. */
    identity: id,
    channel: z.enum(['EMAIL', 'SMS', 'PUSH', 'CHAT']),
    given: z.boolean(),
  }),
  'alert.pressed': z.strictObject({
    /** `data.id` of the `alert.raised`, and the button's id. */
    alert: id,
    button: id,
    /** The person's id at the sender; the setting `approvers` says who that is at the hub. */
    by: id,
    /** Where the sender wants to hear what became of it. */
    replyTo: z.string().max(2000).optional(),
  }),
  /** An event for workflows; nothing personal. */
  custom: z.record(z.string(), z.json()),
} as const;
export type Topic = keyof typeof DATA;
export const TOPICS = Object.keys(DATA) as Topic[];

/** Any type that begins so has the same data; what happened is in the data itself. */
const FAMILIES = ['order', 'customer', 'custom'] as const satisfies readonly Topic[];

/** The name that workflows wait for: what follows `custom.`, in at least two parts. */
export const customName = z
  .string()
  .regex(/^[a-z0-9]+(\.[a-z0-9_]+)+$/, 'custom. and a name of two parts or more, such as custom.table.booked');

/** Which of them a type is of; undefined for what the hub does not know. */
export function topicOf(type: string): Topic | undefined {
  return TOPICS.find((topic) => topic === type) ?? FAMILIES.find((family) => type.startsWith(`${family}.`));
}
