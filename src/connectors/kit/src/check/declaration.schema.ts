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
  z.strictObject({ header: text, or: text.optional(), after: text.optional() }),
  z.strictObject({ headerField: text, name: text }),
  z.strictObject({ query: text }),
  z.strictObject({ field: text }),
]);
const part = z.union([z.enum(['method', 'url', 'urlDecoded', 'body', 'key']), place, z.strictObject({ text })]);
const key = z.strictObject({
  secret: text,
  decode: z.enum(['base64', 'spki']).optional(),
  prefix: text.optional(),
  id: z.strictObject({ at: place, secret: text }).optional(),
});
const hash = z.enum(['sha1', 'sha256', 'sha512']);
const choice = { whenSet: text.optional() };
const signed = {
  ...choice,
  key,
  signed: z.array(part).min(1),
  signature: z.union([place, z.strictObject({ headerList: text, after: text })]),
  encoding: z.enum(['hex', 'base64', 'hexOrBase64']),
  time: z.strictObject({ at: place, unit: z.enum(['s', 'ms', 'iso']), window: duration }).optional(),
};
const scheme = z.discriminatedUnion('by', [
  z.strictObject({ by: z.enum(['hmac', 'hash']), hash, ...signed }),
  z.strictObject({ by: z.literal('ecdsa'), hash, form: z.enum(['der', 'p1363']).optional(), ...signed }),
  z.strictObject({ by: z.literal('ed25519'), ...signed }),
  z.strictObject({
    by: z.literal('jwt'),
    token: z.union([place, z.literal('body')]),
    algorithms: z.array(z.enum(['HS256', 'RS256', 'ES256'])).min(1),
    key: z.union([key, z.strictObject({ jwks: z.strictObject({ host: text, path: text, pem: text.optional() }) })]),
    issuer: text.optional(),
    audience: text.optional(),
    ...choice,
  }),
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
const bodies = z.array(z.union([z.enum(['json', 'form']), z.strictObject({ formField: text })])).min(1);
const webhooks = z.strictObject({
  body: bodies,
  maxBytes: z.int().positive().max(10_000_000).optional(),
  verify: z.union([scheme, z.array(scheme).min(1)]),
  topics: z.array(text),
  handshakes: z.array(handshake).optional(),
  split: fn,
  read: fn,
  subscriptions: z.union([
    z.strictObject({ manual: text }),
    z.strictObject({ by: z.enum(['connection', 'app']), ensure: fn, remove: fn, manual: text.optional(), whenSet: text.optional() }),
  ]),
});
const repeat = z.union([
  z.enum(['safe', 'mayDouble', 'never']),
  z.strictObject({ key: z.strictObject({ max: z.int().min(16), lives: duration.optional() }).optional(), find: fn.optional() }),
]);
const verb = {
  scopes: z.array(text).optional(),
  batch: z.strictObject({ max: z.int().positive(), maxBytes: z.int().positive().optional() }).optional(),
  oneAtATime: z.enum(['account', 'target']).optional(),
  repeat,
  run: fn,
};
const schemaValue = z.custom<z.ZodType>((value) => value instanceof z.ZodType, 'a schema made with the z of this kit');
const support = z.union([z.enum(['ENFORCED', 'BY_HUB', 'NOT_POSSIBLE']), z.strictObject({ approximated: text })]);

const verbs = z.strictObject(verb);
const signing = z.strictObject({
  by: z.literal('hmac'),
  hash,
  keys: z.array(z.strictObject({ secret: text, decode: z.literal('base64').optional(), prefix: text.optional() })).min(1),
  signed: z
    .array(
      z.union([z.enum(['method', 'url', 'path', 'body', 'time']), z.strictObject({ header: text }), z.strictObject({ text: z.string() })]),
    )
    .min(1),
  encoding: z.enum(['hex', 'base64']),
  time: z.enum(['s', 'ms', 'iso']).optional(),
  form: z.strictObject({ each: z.string().includes('{signature}'), between: text }).optional(),
  headers: templates,
});
const placing = z.strictObject({ headers: templates.optional(), query: templates.optional(), sign: signing.optional() });
const authChoice = {
  by: z.enum(['secret', 'none', 'token']),
  place: placing,
  placeAsApp: placing.optional(),
  placeAt: z.record(text, placing).optional(),
  shared: z.enum(['connection', 'grant', 'app']).optional(),
  authorize: z
    .strictObject({
      host: text,
      path: z.string().startsWith('/'),
      scopes: z.array(text),
      scopeSeparator: z.enum([' ', ',']).optional(),
      clientId: text.optional(),
      pkce: z.boolean(),
      query: templates.optional(),
      callback: scheme.optional(),
    })
    .optional(),
  idleLife: duration.optional(),
  accept: fn.optional(),
  obtain: fn.optional(),
  revoke: fn.optional(),
};
const windows = { overlap: duration, longest: duration.optional(), reach: duration.optional(), complete: z.boolean(), read: fn };
const anyFeed = { every: duration, gives: z.array(z.enum(RESOURCES)).min(1), partition: z.literal('location').optional() };
const feed = z.discriminatedUnion('by', [
  z.strictObject({ by: z.enum(['time', 'businessDay']), ...anyFeed, ...windows }),
  z.strictObject({ by: z.literal('cursor'), ...anyFeed, first: fn, read: fn }),
]);
const question = z.strictObject({
  title: text,
  verify: z.union([scheme, z.array(scheme).min(1)]),
  body: z.array(z.union([z.enum(['json', 'form', 'empty']), z.strictObject({ formField: text })])).min(1),
  within: duration,
  input: z.custom<z.ZodType>((value) => value instanceof z.ZodType, 'a schema made with the z of this kit'),
  output: z.custom<z.ZodType>((value) => value instanceof z.ZodType, 'a schema made with the z of this kit'),
  statusMember: text.optional(),
  about: fn,
  answer: fn,
  otherwise: z.strictObject({ status: z.int().min(200).max(599), body: z.json() }).optional(),
});
const source = z.strictObject({ webhooks: z.literal(true).optional(), whole: z.literal(true).optional(), feed: text.optional() });

/** The form of a declaration. What it does not know is refused, so that nothing is accepted and then ignored. */
export const declarationSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
  title: text,
  docs: z.url({ protocol: /^https?$/ }),
  kit: text,
  versions: z.array(z.strictObject({ id: text, link: z.url(), until: z.iso.date().optional() })).min(1),
  app: z.custom<z.ZodObject>((value) => value instanceof z.ZodObject, 'an object made with z.strictObject').optional(),
  settings: z.custom<z.ZodObject>((value) => value instanceof z.ZodObject, 'an object made with z.strictObject'),
  hosts: z.record(
    text,
    z.strictObject({ url: z.union([text, z.strictObject({ production: text, sandbox: text })]), allow: z.array(text).optional() }),
  ),
  auth: z.union([z.strictObject(authChoice), z.array(z.strictObject({ ...authChoice, whenSet: text.optional() })).min(1)]),
  headers: templates.optional(),
  identify: fn,
  choices: z.record(text, fn).optional(),
  locations: fn.optional(),
  limits: z.array(
    z.strictObject({
      name: text,
      per: z.enum(['app', 'grant', 'account', 'location', 'target']),
      unit: z.enum(['request', 'point', 'concurrent']),
      amount: z.union([z.number().positive(), z.strictObject({ fact: text, otherwise: z.number().positive() })]),
      every: duration.optional(),
      burst: z.number().positive().optional(),
    }),
  ),
  pace: fn.optional(),
  failure: fn.optional(),
  webhooks: webhooks.optional(),
  questions: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), question).optional(),
  feeds: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), feed).optional(),
  fetch: z.partialRecord(z.enum(RESOURCES), z.strictObject({ max: z.int().positive(), read: fn })).optional(),
  roles: z.strictObject({
    'orders.source': source.optional(),
    'orders.apply': z.strictObject({ apply: verbs, remove: verbs }).optional(),
    'vouchers.publish': z.strictObject({ publish: verbs, update: verbs, withdraw: verbs, addCodes: verbs.optional() }).optional(),
    'customers.source': source.optional(),
    'customers.sink': z.strictObject({ upsert: verbs }).optional(),
    'messages.send': z.strictObject({ channels: z.array(z.enum(['EMAIL', 'SMS', 'PUSH', 'CHAT'])).min(1), send: verbs }).optional(),
    'events.push': z.strictObject({ push: verbs }).optional(),
    'documents.post': z.strictObject({ post: verbs }).optional(),
    'documents.list': z.strictObject({ feed: text }).optional(),
    'journal.post': z.strictObject({ post: verbs }).optional(),
    'rows.append': z.strictObject({ append: verbs }).optional(),
    'alerts.send': z.strictObject({ send: verbs }).optional(),
  }),
  actions: z
    .record(z.string().regex(/^[a-z][A-Za-z0-9.]*$/), z.strictObject({ ...verb, title: text, input: schemaValue, output: schemaValue }))
    .optional(),
  capabilities: z.partialRecord(z.enum(CAPABILITY_KEYS), support),
  publishing: z
    .strictObject({
      nameLength: z.int().positive().optional(),
      code: z.strictObject({ length: z.int().positive(), form: text.optional() }).optional(),
      codes: z.strictObject({ max: z.int().nonnegative(), perCall: z.int().positive() }).optional(),
      percentDecimals: z.int().nonnegative().optional(),
      dates: z.enum(['INSTANT', 'DAY', 'NONE']).optional(),
    })
    .optional(),
  narrow: fn.optional(),
});
