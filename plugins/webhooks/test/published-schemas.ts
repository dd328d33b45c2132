import { alertSchema, hubCustomerSchema, hubEventSchema, hubOrderSchema, messageSchema, z } from '@valehub/connector-kit';
import { DATA, type Topic } from '../src/schemas.ts';

const names = z.registry<{ readonly id?: string; readonly title?: string }>();
names.add(hubOrderSchema, { id: 'Order' });
names.add(hubCustomerSchema, { id: 'Customer' });
names.add(hubEventSchema, { id: 'HubEvent' });
names.add(messageSchema, { id: 'Message' });
names.add(alertSchema, { id: 'Alert' });

const FAMILIES: Readonly<Partial<Record<Topic, string>>> = {
  order: '^order(\\.(?!deleted$).+)?$',
  customer: '^customer(\\.(?!deleted$).+)?$',
  custom: '^custom\\.[a-z0-9]+(\\.[a-z0-9_]+)+$',
};

const timestamp = z.iso.datetime({ offset: true });
const event = (type: z.ZodType, data: z.ZodType) => z.looseObject({ type, timestamp, data });

const incoming = z.union(
  Object.entries(DATA).map(([topic, data]) => {
    const family = FAMILIES[topic as Topic];
    const type = family === undefined ? z.literal(topic) : z.string().regex(new RegExp(family));
    const schema = event(type, topic === 'customer' ? hubCustomerSchema : data).extend({ location: z.string().min(1).max(255).optional() });
    names.add(schema, { title: family === undefined ? topic : `${topic}.*` });
    return schema;
  }),
);
names.add(incoming, { title: 'Events that Valehub takes in. One of another type is kept, and nothing follows from it.' });

const outgoing = z.union([
  event(z.literal('message.requested'), messageSchema.extend({ id: z.string() })),
  event(z.literal('alert.raised'), alertSchema),
  event(
    z.literal('alert.updated'),
    z.strictObject({ replyTo: z.string().optional(), message: z.string().optional(), alert: alertSchema.optional(), text: z.string() }),
  ),
  event(z.literal('hub.ping'), z.strictObject({})),
  event(z.string().regex(/^(?!(message\.requested|alert\.raised|alert\.updated|hub\.ping)$).+$/), hubEventSchema),
]);
names.add(outgoing, { title: 'Events that Valehub sends. New types and new members may come at any time.' });

/** The files in `schemas/`, by name. */
export const publishedSchemas = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    Object.entries({ incoming, outgoing }).map(([name, schema]) => [
      `${name}.json`,
      z.toJSONSchema(schema, {
        target: 'draft-2020-12',
        io: 'input',
        metadata: names,
        override({ jsonSchema }) {
          // The format says it; the pattern behind it is for machines that know no formats.
          if (jsonSchema.format === 'date-time' || jsonSchema.format === 'date') delete jsonSchema.pattern;
          // A receiver that refused what is new would break with the next version of the hub.
          if (name === 'outgoing' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        },
      }),
    ]),
  );
