import { z } from 'zod';
import type { Connector } from '../connector.ts';
import { TEMPLATE_NAME } from '../http/template.ts';
import { kitSettingsShape, secretNames, settingsSchema } from '../settings.ts';
import type { Key, Part, Place, Verification } from '../verification.ts';
import { inRange, kitVersion } from '../version.ts';
import { declarationSchema } from './declaration.schema.ts';

const same = (a: Part | Place, b: Part | Place): boolean => JSON.stringify(a) === JSON.stringify(b);

function* kitFaults(connector: Connector): Generator<string> {
  const fits = inRange(kitVersion(), connector.kit);
  if (fits === undefined) yield `KIT_RANGE_UNREADABLE kit: "${connector.kit}" is none of ^1.2.3, ~1.2.3, >=1.2.3, 1.2.3.`;
  if (fits === false) yield `KIT_TOO_OLD_OR_NEW kit: the connector wants ${connector.kit}, this is ${kitVersion()}.`;
}

function* settingsFaults(connector: Connector): Generator<string> {
  for (const name of Object.keys(kitSettingsShape)) {
    if (Object.hasOwn(connector.settings.shape, name)) yield `SETTING_RESERVED settings.${name}: the kit adds this one to every connector.`;
  }
  if ((connector.settings._zod.def.catchall as z.ZodType | undefined)?._zod.def.type !== 'never') {
    yield 'SETTINGS_NOT_STRICT settings: made by z.object, it would pass over what it does not know; use z.strictObject.';
  }
  try {
    settingsSchema(connector);
  } catch (cause) {
    yield `SETTINGS_WITHOUT_SCHEMA settings: no JSON Schema can be made of them (${cause instanceof Error ? cause.message : 'unknown'}).`;
  }
}

interface Names {
  readonly open: ReadonlySet<string>;
  readonly secret: ReadonlySet<string>;
}

function namesOf(connector: Connector): Names {
  const secret = new Set(secretNames(connector.settings));
  const all = [...Object.keys(connector.settings.shape), ...Object.keys(kitSettingsShape)];
  return { secret, open: new Set(all.filter((name) => !secret.has(name))) };
}

function* templateFaults(names: Names, at: string, template: string): Generator<string> {
  for (const [, , group, key = ''] of template.matchAll(TEMPLATE_NAME)) {
    if (group === 'secrets' && !names.secret.has(key)) yield `TEMPLATE_UNKNOWN_NAME ${at}: there is no secret setting ${key}.`;
    if (group === 'settings' && !names.open.has(key)) yield `TEMPLATE_UNKNOWN_NAME ${at}: there is no open setting ${key}.`;
  }
  if (/[{}]/.test(template.replace(TEMPLATE_NAME, ''))) {
    yield `TEMPLATE_MALFORMED ${at}: only {version}, {settings.x}, {secrets.x} and {facts.x} are filled.`;
  }
}

function* headerFaults(connector: Connector): Generator<string> {
  const names = namesOf(connector);
  const { headers = {}, query = {} } = connector.auth.place;
  for (const [name, template] of Object.entries(headers)) yield* templateFaults(names, `auth.place.headers.${name}`, template);
  for (const [name, template] of Object.entries(query)) yield* templateFaults(names, `auth.place.query.${name}`, template);
  for (const [name, template] of Object.entries(connector.headers ?? {})) {
    yield* templateFaults(names, `headers.${name}`, template);
    if (template.includes('{secrets.')) yield `SECRET_MISPLACED headers.${name}: secrets go into auth.place.`;
  }
}

function* hostFaults(connector: Connector): Generator<string> {
  const names = namesOf(connector);
  if (!Object.hasOwn(connector.hosts, 'api')) yield 'HOST_MISSING hosts.api: the host that is called where a call names none.';
  for (const [name, rule] of Object.entries(connector.hosts)) {
    const at = `hosts.${name}`;
    for (const url of typeof rule.url === 'string' ? [rule.url] : Object.values(rule.url)) {
      yield* templateFaults(names, `${at}.url`, url);
      const isTemplate = url.includes('{');
      if (isTemplate && !rule.allow?.length) yield `HOST_WITHOUT_LIST ${at}: an address made of settings needs \`allow\`.`;
      if (!isTemplate && !/^https:\/\/[^/]/.test(url)) yield `HOST_NOT_HTTPS ${at}: not an https address.`;
    }
  }
}

function* schemeFaults(connector: Connector, scheme: Verification, at: string): Generator<string> {
  const secrets = new Set(secretNames(connector.settings));
  const keys: readonly Key[] = scheme.by === 'basic' ? [scheme.user, scheme.password] : [scheme.key];
  for (const key of keys) {
    if (!secrets.has(key.secret)) yield `VERIFY_KEY_NOT_SECRET ${at}: there is no secret setting ${key.secret}.`;
  }
  if (!('signed' in scheme)) return;
  if (!scheme.signed.includes('body')) yield `VERIFY_BODY_NOT_SIGNED ${at}: the body is not among the signed parts.`;
  if (scheme.by === 'hash' && !scheme.signed.includes('key'))
    yield `VERIFY_KEY_NOT_SIGNED ${at}: a plain hash proves nothing without the key among its parts.`;
  if (scheme.by !== 'hash' && scheme.signed.includes('key')) yield `VERIFY_KEY_AS_PART ${at}: the key is a part of plain hashes only.`;
  const { time } = scheme;
  if (time && !scheme.signed.some((part) => same(part, time.at)))
    yield `VERIFY_TIME_NOT_SIGNED ${at}: a time that is not signed can be changed.`;
  const asymmetric = scheme.by === 'ecdsa' || scheme.by === 'ed25519';
  if (asymmetric !== (scheme.key.decode === 'spki')) yield `VERIFY_KEY_FORM ${at}: spki is the form of public keys, and of them only.`;
}

function* verifyFaults(connector: Connector, webhooks: NonNullable<Connector['webhooks']>): Generator<string> {
  const { verify } = webhooks;
  const secrets = new Set(secretNames(connector.settings));
  if (!('length' in verify)) {
    yield* schemeFaults(connector, verify, 'webhooks.verify');
    if ('whenSet' in verify) yield 'VERIFY_CHOICE_OF_ONE webhooks.verify: whenSet stands in a list of schemes.';
    return;
  }
  for (const [index, scheme] of verify.entries()) {
    const at = `webhooks.verify[${index}]`;
    yield* schemeFaults(connector, scheme, at);
    if (!secrets.has(scheme.whenSet ?? '')) yield `VERIFY_CHOICE_WITHOUT_SETTING ${at}: whenSet names no secret setting.`;
  }
}

function* webhookFaults(connector: Connector): Generator<string> {
  const { webhooks } = connector;
  if (!webhooks) return;
  yield* verifyFaults(connector, webhooks);
  const schemes = 'length' in webhooks.verify ? webhooks.verify : [webhooks.verify];
  const isHint = schemes.some((scheme) => !('signed' in scheme));
  if (isHint && webhooks.topics.length > 0 && !connector.fetch) {
    yield 'VERIFY_HINT_WITHOUT_FETCH webhooks.verify: without a signature the facts are fetched, and there is no fetch.';
  }
  if (new Set(webhooks.topics).size !== webhooks.topics.length) yield 'TOPIC_TWICE webhooks.topics: a topic stands twice.';
  for (const [index, handshake] of (webhooks.handshakes ?? []).entries()) {
    if (!handshake.signed && handshake.noteForPerson && handshake.echo) {
      yield `HANDSHAKE_UNSIGNED webhooks.handshakes[${index}]: an unsigned one either echoes or notes.`;
    }
  }
}

function* roleFaults(connector: Connector): Generator<string> {
  if (connector.roles['orders.source'] && !(connector.webhooks && connector.fetch?.order)) {
    yield 'ROLE_INCOMPLETE roles.orders.source: it needs webhooks and fetch.order.';
  }
  if (Object.keys(connector.roles).length === 0 && Object.keys(connector.actions ?? {}).length === 0)
    yield 'ROLE_MISSING roles: the connector does nothing.';
  for (const limit of connector.limits) {
    if (limit.unit !== 'concurrent' && limit.every === undefined)
      yield `LIMIT_WITHOUT_SPAN limits.${limit.name}: an amount of requests or points needs \`every\`.`;
  }
  if (new Set(connector.limits.map((limit) => limit.name)).size !== connector.limits.length)
    yield 'LIMIT_TWICE limits: a name stands twice.';
}

/** All faults of a declaration, each beginning with its code and its place; none = it may be loaded. Never throws for what it is given. */
export function checkConnector(value: unknown): string[] {
  const form = declarationSchema.safeParse(value);
  if (!form.success) {
    return form.error.issues.map((issue) => {
      const code = issue.code === 'unrecognized_keys' ? 'MEMBER_UNKNOWN' : 'MEMBER_MALFORMED';
      return `${code} ${issue.path.map(String).join('.') || '(the connector)'}: ${issue.message}`;
    });
  }
  const connector = value as Connector;
  return [
    ...kitFaults(connector),
    ...settingsFaults(connector),
    ...hostFaults(connector),
    ...headerFaults(connector),
    ...webhookFaults(connector),
    ...roleFaults(connector),
  ];
}
