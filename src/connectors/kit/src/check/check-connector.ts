import { z } from 'zod';
import type { AuthChoice, Placing } from '../auth/auth.ts';
import type { Signing } from '../auth/signing.ts';
import type { Connector } from '../connector.ts';
import { TEMPLATE_NAME } from '../http/template.ts';
import { allSecretNames, kitSettingsShape, settingsSchema } from '../settings.ts';
import type { Key, Part, Place, Verification, VerificationChoice } from '../verification.ts';
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
  for (const [at, schema] of [
    ['settings', connector.settings],
    ['app', connector.app],
  ] as const) {
    if (schema && (schema._zod.def.catchall as z.ZodType | undefined)?._zod.def.type !== 'never')
      yield `SETTINGS_NOT_STRICT ${at}: made by z.object, it would pass over what it does not know; use z.strictObject.`;
  }
  for (const name of Object.keys(connector.app?.shape ?? {})) {
    if (Object.hasOwn(connector.settings.shape, name))
      yield `SETTING_TWICE settings.${name}: what \`app\` has is added to the settings by the kit.`;
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
  const secret = new Set(allSecretNames(connector));
  const all = [...Object.keys(connector.settings.shape), ...Object.keys(connector.app?.shape ?? {}), ...Object.keys(kitSettingsShape)];
  return { secret, open: new Set(all.filter((name) => !secret.has(name))) };
}

function* templateFaults(names: Names, at: string, template: string): Generator<string> {
  for (const [, , group, key = ''] of template.matchAll(TEMPLATE_NAME)) {
    if (group === 'secrets' && !names.secret.has(key)) yield `TEMPLATE_UNKNOWN_NAME ${at}: there is no secret setting ${key}.`;
    if (group === 'settings' && !names.open.has(key)) yield `TEMPLATE_UNKNOWN_NAME ${at}: there is no open setting ${key}.`;
  }
  if (/[{}]/.test(template.replace(TEMPLATE_NAME, ''))) {
    yield `TEMPLATE_MALFORMED ${at}: only {version}, {account}, {location}, {settings.x}, {secrets.x}, {facts.x} and {credential.x} are filled.`;
  }
}

function* signingFaults(names: Names, at: string, { keys, signed, headers }: Signing): Generator<string> {
  for (const { secret } of keys) if (!names.secret.has(secret)) yield `SIGN_KEY_NOT_SECRET ${at}: there is no secret setting ${secret}.`;
  for (const [name, template] of Object.entries(headers))
    yield* templateFaults(names, `${at}.headers.${name}`, template.replace(/\{(time|signatures)\}/g, ''));
  const told = Object.values(headers).join();
  if (!told.includes('{signatures}')) yield `SIGN_NOT_SENT ${at}: no header carries {signatures}.`;
  if (signed.includes('time') && !told.includes('{time}')) yield `SIGN_TIME_NOT_SENT ${at}: what nobody is told nobody can check.`;
}

function* placingFaults(names: Names, at: string, { headers = {}, query = {}, sign }: Placing): Generator<string> {
  for (const [name, template] of Object.entries(headers)) yield* templateFaults(names, `${at}.headers.${name}`, template);
  for (const [name, template] of Object.entries(query)) yield* templateFaults(names, `${at}.query.${name}`, template);
  if (sign) yield* signingFaults(names, `${at}.sign`, sign);
}

function* placingsFaults(connector: Connector, names: Names, at: string, auth: AuthChoice): Generator<string> {
  yield* placingFaults(names, `${at}.place`, auth.place);
  if (auth.placeAsApp) yield* placingFaults(names, `${at}.placeAsApp`, auth.placeAsApp);
  for (const [host, placing] of Object.entries(auth.placeAt ?? {})) {
    yield* placingFaults(names, `${at}.placeAt.${host}`, placing);
    if (!Object.hasOwn(connector.hosts, host)) yield `HOST_UNKNOWN ${at}.placeAt: ${host} is not declared.`;
  }
}

function* authFaults(connector: Connector): Generator<string> {
  const names = namesOf(connector);
  const isList = 'length' in connector.auth;
  const choices: readonly AuthChoice[] = 'length' in connector.auth ? connector.auth : [connector.auth];
  for (const [index, auth] of choices.entries()) {
    const at = isList ? `auth[${index}]` : 'auth';
    yield* placingsFaults(connector, names, at, auth);
    if (auth.by === 'token' && !auth.obtain) yield `AUTH_INCOMPLETE ${at}: a token needs \`obtain\`.`;
    if (auth.authorize && !auth.accept) yield `AUTH_INCOMPLETE ${at}: what a person agrees to needs \`accept\`.`;
    if (auth.by !== 'token' && (auth.obtain || auth.authorize)) yield `AUTH_INCOMPLETE ${at}: only tokens are obtained.`;
    if (auth.authorize && !Object.hasOwn(connector.hosts, auth.authorize.host))
      yield `HOST_UNKNOWN ${at}.authorize.host: ${auth.authorize.host} is not declared.`;
    if (auth.whenSet !== undefined && !names.secret.has(auth.whenSet) && !names.open.has(auth.whenSet))
      yield `AUTH_CHOICE_WITHOUT_SETTING ${at}: whenSet names no setting.`;
    if (auth.whenSet === undefined && isList && index < choices.length - 1)
      yield `AUTH_UNREACHABLE ${at}: what stands after it is never used.`;
  }
}

function* headerFaults(connector: Connector): Generator<string> {
  const names = namesOf(connector);
  for (const [name, template] of Object.entries(connector.headers ?? {})) {
    yield* templateFaults(names, `headers.${name}`, template);
    if (/\{(secrets|credential)\./.test(template)) yield `SECRET_MISPLACED headers.${name}: secrets go into auth.place.`;
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

function keysOf(scheme: Verification): readonly Key[] {
  if (scheme.by === 'basic') return [scheme.user, scheme.password];
  return 'jwks' in scheme.key ? [] : [scheme.key];
}

function* schemeFaults(connector: Connector, scheme: Verification, at: string): Generator<string> {
  // A key may also come with a subscription, which the platform makes.
  const subscriptions = connector.webhooks?.subscriptions;
  const fromSubscription = subscriptions !== undefined && 'ensure' in subscriptions;
  const secrets = new Set(allSecretNames(connector));
  for (const key of keysOf(scheme)) {
    if (!secrets.has(key.secret) && !fromSubscription) yield `VERIFY_KEY_NOT_SECRET ${at}: there is no secret setting ${key.secret}.`;
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

function* verifyFaults(connector: Connector, verify: Verification | readonly VerificationChoice[], place: string): Generator<string> {
  const secrets = new Set(allSecretNames(connector));
  if (!('length' in verify)) {
    yield* schemeFaults(connector, verify, place);
    if ('whenSet' in verify) yield `VERIFY_CHOICE_OF_ONE ${place}: whenSet stands in a list of schemes.`;
    return;
  }
  for (const [index, scheme] of verify.entries()) {
    const at = `${place}[${index}]`;
    yield* schemeFaults(connector, scheme, at);
    if (!secrets.has(scheme.whenSet ?? '')) yield `VERIFY_CHOICE_WITHOUT_SETTING ${at}: whenSet names no secret setting.`;
  }
}

function* webhookFaults(connector: Connector): Generator<string> {
  const { webhooks } = connector;
  if (!webhooks) return;
  yield* verifyFaults(connector, webhooks.verify, 'webhooks.verify');
  const schemes = 'length' in webhooks.verify ? webhooks.verify : [webhooks.verify];
  const isHint = schemes.some(({ by }) => by === 'token' || by === 'basic' || by === 'urlSecret');
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

/** Whether every scheme of the webhooks proves what stands in the body. */
function provesBodies({ webhooks }: Connector): boolean {
  if (!webhooks) return false;
  const schemes = 'length' in webhooks.verify ? webhooks.verify : [webhooks.verify];
  return schemes.every((scheme) => 'signed' in scheme || (scheme.by === 'jwt' && scheme.token === 'body'));
}

function* sourceFaults(connector: Connector): Generator<string> {
  const { roles } = connector;
  for (const [role, resource] of [
    ['orders.source', 'order'],
    ['customers.source', 'customer'],
  ] as const) {
    const source = roles[role];
    if (!source) continue;
    if (!source.webhooks && source.feed === undefined) yield `ROLE_INCOMPLETE roles.${role}: it comes by webhooks, by a feed, or by both.`;
    if (source.webhooks && !connector.webhooks) yield `ROLE_INCOMPLETE roles.${role}: the connector takes no webhooks.`;
    if (source.whole && (source.feed !== undefined || !provesBodies(connector)))
      yield `ROLE_NOT_WHOLE roles.${role}: only the body of a signed webhook may be booked as it stands.`;
    if (!source.whole && !connector.fetch?.[resource]) yield `ROLE_INCOMPLETE roles.${role}: it needs fetch.${resource}.`;
  }
}

function* feedFaults(connector: Connector): Generator<string> {
  const { roles } = connector;
  for (const role of ['orders.source', 'customers.source', 'documents.list'] as const) {
    const feed = roles[role]?.feed;
    if (feed !== undefined && !connector.feeds?.[feed]) yield `ROLE_INCOMPLETE roles.${role}: there is no feed ${feed}.`;
  }
  for (const [name, feed] of Object.entries(connector.feeds ?? {})) {
    if (feed.by !== 'cursor' && feed.complete && !feed.gives.some((resource) => connector.fetch?.[resource]))
      yield `FEED_INCOMPLETE feeds.${name}: what a complete window lacks is fetched once more, and there is no fetch.`;
  }
}

function* roleFaults(connector: Connector): Generator<string> {
  if (connector.roles['vouchers.publish'] && !connector.publishing)
    yield 'ROLE_INCOMPLETE roles.vouchers.publish: it needs the bounds in `publishing`.';
  if (Object.keys(connector.roles).length === 0 && Object.keys(connector.actions ?? {}).length === 0)
    yield 'ROLE_MISSING roles: the connector does nothing.';
  for (const limit of connector.limits) {
    if (limit.unit !== 'concurrent' && limit.every === undefined)
      yield `LIMIT_WITHOUT_SPAN limits.${limit.name}: an amount of requests or points needs \`every\`.`;
  }
  if (new Set(connector.limits.map((limit) => limit.name)).size !== connector.limits.length)
    yield 'LIMIT_TWICE limits: a name stands twice.';
}

function* questionFaults(connector: Connector): Generator<string> {
  for (const [name, question] of Object.entries(connector.questions ?? {}))
    yield* verifyFaults(connector, question.verify, `questions.${name}.verify`);
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
    ...authFaults(connector),
    ...headerFaults(connector),
    ...webhookFaults(connector),
    ...questionFaults(connector),
    ...sourceFaults(connector),
    ...feedFaults(connector),
    ...roleFaults(connector),
  ];
}
