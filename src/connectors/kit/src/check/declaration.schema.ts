import { z } from 'zod';
import { CAPABILITY_KEYS } from '../capabilities.ts';
import { RESOURCES } from '../notices.ts';
import { durationMs } from '../time.ts';

const text = z.string().min(1);
const fn = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', 'a function');
const duration = z.string().refine((value) => {
  try {
    return durationMs(value) > 0;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}, 'an ISO 8601 duration such as PT5M');
const templates = z.record(text, text);

const place = z.union([
  z.strictObject({ header: text, after: text.optional() }),
  z.strictObject({ headerField: text, name: text }),
  z.strictObject({ query: text }),
  z.strictObject({ field: text }),
]);
const part = z.union([z.enum(['method', 'url', 'urlDecoded', 'body', 'key']), place, z.strictObject({ text })]);
const key = z.strictObject({ secret: text, decode: z.enum(['base64', 'spki']).optional() });
const hash = z.enum(['sha1', 'sha256', 'sha512']);
const choice = { whenSet: text.optional() };
const signed = {
  ...choice,
  key,
  signed: z.array(part).min(1),
  signature: place,
  encoding: z.enum(['hex', 'base64', 'hexOrBase64']),
  time: z.strictObject({ at: place, unit: z.enum(['s', 'ms', 'iso']), window: duration }).optional(),
};
const scheme = z.discriminatedUnion('by', [
  z.strictObject({ by: z.enum(['hmac', 'hash']), hash, ...signed }),
  z.strictObject({ by: z.literal('ecdsa'), hash, form: z.enum(['der', 'p1363']).optional(), ...signed }),
  z.strictObject({ by: z.literal('ed25519'), ...signed }),
  z.strictObject({ by: z.literal('token'), at: place, key, ...choice }),
  z.strictObject({ by: z.literal('basic'), user: key, password: key, ...choice }),
  z.strictObject({ by: z.literal('urlSecret'), query: text, key, ...choice }),
]);
const sign = z.union([place, z.strictObject({ at: place, is: z.string() })]);
const handshake = z.strictObject({
  method: z.enum(['GET', 'POST']),
  when: z.array(sign).min(1),
  unless: z.array(sign).optional(),
  signed: z.boolean(),
  echo: place.optional(),
  noteForPerson: place.optional(),
});
const webhooks = z.strictObject({
  body: z.array(z.union([z.enum(['json', 'form']), z.strictObject({ formField: text })])).min(1),
  maxBytes: z.int().positive().max(10_000_000).optional(),
  verify: z.union([scheme, z.array(scheme).min(1)]),
  topics: z.array(text),
  handshakes: z.array(handshake).optional(),
  split: fn,
  read: fn,
  subscriptions: z.strictObject({ manual: text }),
});
const repeat = z.union([
  z.enum(['safe', 'mayDouble', 'never']),
  z.strictObject({ key: z.strictObject({ max: z.int().min(16), lives: duration.optional() }).optional(), find: fn.optional() }),
]);
const verb = {
  scopes: z.array(text).optional(),
  batch: z.strictObject({ max: z.int().positive() }).optional(),
  oneAtATime: z.enum(['account', 'target']).optional(),
  repeat,
  run: fn,
};
const schemaValue = z.custom<z.ZodType>((value) => value instanceof z.ZodType, 'a schema made with the z of this kit');
const support = z.union([z.enum(['ENFORCED', 'BY_HUB', 'NOT_POSSIBLE']), z.strictObject({ approximated: text })]);

/** The form of a declaration. What it does not know is refused, so that nothing is accepted and then ignored. */
export const declarationSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
  title: text,
  docs: z.url({ protocol: /^https?$/ }),
  kit: text,
  versions: z.array(z.strictObject({ id: text, link: z.url(), until: z.iso.date().optional() })).min(1),
  settings: z.custom<z.ZodObject>((value) => value instanceof z.ZodObject, 'an object made with z.strictObject'),
  hosts: z.record(
    text,
    z.strictObject({ url: z.union([text, z.strictObject({ production: text, sandbox: text })]), allow: z.array(text).optional() }),
  ),
  auth: z.strictObject({
    by: z.enum(['secret', 'none']),
    place: z.strictObject({ headers: templates.optional(), query: templates.optional() }),
  }),
  headers: templates.optional(),
  identify: fn,
  locations: fn.optional(),
  limits: z.array(
    z.strictObject({
      name: text,
      per: z.enum(['account', 'location', 'target']),
      unit: z.enum(['request', 'point', 'concurrent']),
      amount: z.number().positive(),
      every: duration.optional(),
      burst: z.number().positive().optional(),
    }),
  ),
  pace: fn.optional(),
  failure: fn.optional(),
  webhooks: webhooks.optional(),
  fetch: z.partialRecord(z.enum(RESOURCES), z.strictObject({ max: z.int().positive(), read: fn })).optional(),
  roles: z.strictObject({
    'orders.source': z.strictObject({ from: z.literal('webhooks') }).optional(),
    'messages.send': z
      .strictObject({ channels: z.array(z.enum(['EMAIL', 'SMS', 'PUSH', 'CHAT'])).min(1), send: z.strictObject(verb) })
      .optional(),
    'alerts.send': z.strictObject({ send: z.strictObject(verb) }).optional(),
  }),
  actions: z
    .record(z.string().regex(/^[a-z][A-Za-z0-9.]*$/), z.strictObject({ ...verb, title: text, input: schemaValue, output: schemaValue }))
    .optional(),
  capabilities: z.partialRecord(z.enum(CAPABILITY_KEYS), support),
});
