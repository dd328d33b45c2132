import { z } from 'zod';
import type { Connector } from '../connector.ts';
import { TEMPLATE_NAME } from '../http/template.ts';
import { kitSettingsShape, secretNames, settingsSchema } from '../settings.ts';
import { inRange, kitVersion } from '../version.ts';
import type { Key, Part, Place, Verification } from '../verification.ts';
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

function* templateFaults(connector: Connector): Generator<string> {
  const secrets = new Set(secretNames(connector.settings));
  const names = new Set([...Object.keys(connector.settings.shape), ...Object.keys(kitSettingsShape)]);
  const check = function* (at: string, template: string): Generator<string> {
    for (const [, , group, key] of template.matchAll(TEMPLATE_NAME)) {
      if (group === 'secrets' && !secrets.has(key ?? '')) yield `TEMPLATE_UNKNOWN_NAME ${at}: there is no secret setting ${key}.`;
      if (group === 'settings' && (!names.has(key ?? '') || secrets.has(key ?? ''))) yield `TEMPLATE_UNKNOWN_NAME ${at}: there is no open setting ${key}.`;
    }
    if (/[{}]/.test(template.replace(TEMPLATE_NAME, ''))) yield `TEMPLATE_MALFORMED ${at}: only {version}, {settings.x}, {secrets.x} and {facts.x} are filled.`;
  };
  for (const [name, template] of Object.entries(connector.auth.place.headers ?? {})) yield* check(`auth.place.headers.${name}`, template);
  for (const [name, template] of Object.entries(connector.auth.place.query ?? {})) yield* check(`auth.place.query.${name}`, template);
  for (const [name, template] of Object.entries(connector.headers ?? {})) {
    yield* check(`headers.${name}`, template);
    if (template.includes('{secrets.')) yield `SECRET_MISPLACED headers.${name}: secrets go into auth.place.`;
  }
  for (const [name, rule] of Object.entries(connector.hosts)) {
    for (const url of typeof rule.url === 'string' ? [rule.url] : Object.values(rule.url)) {
      yield* check(`hosts.${name}.url`, url);
      if (url.includes('{') && (rule.allow ?? []).length === 0) yield `HOST_WITHOUT_LIST hosts.${name}: an address made of settings needs \`allow\`.`;
      if (!url.includes('{') && !(URL.canParse(url) && new URL(url).protocol === 'https:')) yield `HOST_NOT_HTTPS hosts.${name}: not an https address.`;
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
  if (scheme.by === 'hash' && !scheme.signed.includes('key')) yield `VERIFY_KEY_NOT_SIGNED ${at}: a plain hash proves nothing without the key among its parts.`;
  if (scheme.by !== 'hash' && scheme.signed.includes('key')) yield `VERIFY_KEY_AS_PART ${at}: the key is a part of plain hashes only.`;
  const { time } = scheme;
  if (time && !scheme.signed.some((part) => same(part, time.at))) yield `VERIFY_TIME_NOT_SIGNED ${at}: a time that is not signed can be changed.`;
  const asymmetric = scheme.by === 'ecdsa' || scheme.by === 'ed25519';
  if (asymmetric !== (scheme.key.decode === 'spki')) yield `VERIFY_KEY_FORM ${at}: spki is the form of public keys, and of them only.`;
}

function* webhookFaults(connector: Connector): Generator<string> {
  const { webhooks } = connector;
  if (!webhooks) return;
  const { verify } = webhooks;
  const schemes: readonly (Verification & { readonly whenSet?: string })[] = 'length' in verify ? verify : [verify];
  const secrets = new Set(secretNames(connector.settings));
  for (const [index, scheme] of schemes.entries()) {
    const at = `webhooks.verify${'length' in verify ? `[${index}]` : ''}`;
    yield* schemeFaults(connector, scheme, at);
    if ('length' in verify && !secrets.has(scheme.whenSet ?? '')) yield `VERIFY_CHOICE_WITHOUT_SETTING ${at}: whenSet names no secret setting.`;
    if (!('length' in verify) && scheme.whenSet !== undefined) yield `VERIFY_CHOICE_OF_ONE ${at}: whenSet stands in a list of schemes.`;
    if (!('signed' in scheme) && webhooks.topics.length > 0 && !connector.fetch) yield `VERIFY_HINT_WITHOUT_FETCH ${at}: without a signature the facts are fetched, and there is no fetch.`;
  }
  if (new Set(webhooks.topics).size !== webhooks.topics.length) yield 'TOPIC_TWICE webhooks.topics: a topic stands twice.';
  for (const [index, handshake] of (webhooks.handshakes ?? []).entries()) {
    if (!handshake.signed && handshake.noteForPerson && handshake.echo) yield `HANDSHAKE_UNSIGNED webhooks.handshakes[${index}]: an unsigned one either echoes or notes.`;
  }
}

function* roleFaults(connector: Connector): Generator<string> {
  if (connector.roles['orders.source'] && !(connector.webhooks && connector.fetch?.order)) {
    yield 'ROLE_INCOMPLETE roles.orders.source: it needs webhooks and fetch.order.';
  }
  if (Object.keys(connector.roles).length === 0 && Object.keys(connector.actions ?? {}).length === 0) yield 'ROLE_MISSING roles: the connector does nothing.';
  for (const limit of connector.limits) {
    if (limit.unit !== 'concurrent' && limit.every === undefined) yield `LIMIT_WITHOUT_SPAN limits.${limit.name}: an amount of requests or points needs \`every\`.`;
  }
  if (new Set(connector.limits.map((limit) => limit.name)).size !== connector.limits.length) yield 'LIMIT_TWICE limits: a name stands twice.';
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
  const api = Object.hasOwn(connector.hosts, 'api') ? [] : ['HOST_MISSING hosts.api: the host that is called where a call names none.'];
  return [
    ...api,
    ...kitFaults(connector),
    ...settingsFaults(connector),
    ...templateFaults(connector),
    ...webhookFaults(connector),
    ...roleFaults(connector),
  ];
}
