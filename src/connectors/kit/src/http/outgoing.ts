import type { Auth, Placing } from '../auth/auth.ts';
import type { Connector } from '../connector.ts';
import type { Call } from '../context.ts';
import { CallError } from '../failure.ts';
import { jsonText } from '../json.ts';
import { HOST_FAULTS, type HostLeave, leadsTo, resolveHost } from './hosts.ts';
import { signCall } from './sign.ts';
import { fillTemplate, type TemplateValues } from './template.ts';

/** A call as it leaves the house. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

type Templates = Readonly<Record<string, string>> | undefined;

function filled(templates: Templates, values: TemplateValues): Record<string, string> {
  const entries = Object.entries(templates ?? {}).map(([name, template]) => [name.toLowerCase(), fillTemplate(template, values)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/** A call without its credential would only earn a 401, and may tell a stranger what we wanted. */
function credential(templates: Templates, values: TemplateValues): Record<string, string> {
  const entries = filled(templates, values);
  if (Object.keys(entries).length === Object.keys(templates ?? {}).length) return entries;
  throw new CallError({ code: 'BAD_CREDENTIALS', message: 'The credential has not been entered.' });
}

/** Whose credential goes along; `null` = none, as while logging in. */
export type CallAuth = Pick<Auth, 'place' | 'placeAsApp' | 'placeAt'> | null;

function placingOf(auth: CallAuth, call: Call): Placing {
  if (auth === null || call.as === 'nobody') return {};
  if (call.as !== 'app') return auth.placeAt?.[call.host ?? 'api'] ?? auth.place;
  if (!auth.placeAsApp) throw new CallError({ code: 'NOT_SUPPORTED', message: 'The connector has no way to call in the name of its app.' });
  return auth.placeAsApp;
}

/** The address that a path of one of the hosts has; also of a link, where it leads there. */
export function addressOf(connector: Connector, at: Pick<Call, 'host' | 'path'>, values: TemplateValues, leave: HostLeave): URL {
  const name = at.host ?? 'api';
  const host = resolveHost(connector, name, values, leave);
  if (!host.ok)
    throw new CallError({ code: host.fault === 'HOST_UNKNOWN' ? 'NOT_SUPPORTED' : 'BAD_CREDENTIALS', message: HOST_FAULTS[host.fault] });
  if (/^https?:/i.test(at.path)) {
    const rule = connector.hosts[name];
    if (rule && leadsTo(at.path, host.base, rule)) return new URL(at.path);
    throw new CallError({
      code: 'BAD_REPLY',
      message: 'A link of the platform leads to a host that the connector has not declared; it is not followed.',
    });
  }
  if (at.path !== '' && !/^\/(?!\/)/.test(at.path))
    throw new CallError({ code: 'NOT_SUPPORTED', message: 'A path begins with one slash.' });
  const url = new URL(host.base);
  const [pathname = '', search = ''] = at.path.split('?', 2);
  if (pathname !== '') url.pathname = `${url.pathname.replace(/\/+$/, '')}${pathname}`;
  for (const [key, value] of new URLSearchParams(search)) url.searchParams.append(key, value);
  return url;
}

function withQuery(url: URL, call: Call, placing: Placing, values: TemplateValues): URL {
  for (const [name, value] of Object.entries({ ...call.query, ...credential(placing.query, values) })) url.searchParams.set(name, value);
  return url;
}

function bodyOf(call: Call): { readonly bytes: Uint8Array; readonly type: string } | undefined {
  if (call.json !== undefined) return { bytes: Buffer.from(jsonText(call.json)), type: 'application/json' };
  if (call.form === undefined) return undefined;
  return { bytes: Buffer.from(new URLSearchParams(call.form).toString()), type: 'application/x-www-form-urlencoded' };
}

export const methodOf = (call: Call): string => call.method ?? (call.json === undefined && call.form === undefined ? 'GET' : 'POST');

/** Address, headers, credential and body of a call. Throws `CallError` where something is missing or not allowed. */
export function outgoing(
  connector: Connector,
  call: Call,
  auth: CallAuth,
  values: TemplateValues,
  leave: HostLeave,
  nowMs: number,
): Outgoing {
  const body = bodyOf(call);
  const at: TemplateValues = call.location === undefined ? values : { ...values, location: call.location };
  const placing = placingOf(auth, call);
  const own = Object.fromEntries(Object.entries(call.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const headers = {
    accept: call.read === 'text' ? '*/*' : 'application/json',
    'accept-encoding': 'identity',
    'user-agent': `Valehub (${connector.id})`,
    ...(body ? { 'content-type': body.type } : {}),
    ...filled(connector.headers, at),
    ...own,
    ...(body ? { 'content-length': String(body.bytes.length) } : {}),
    ...credential(placing.headers, at),
  };
  const url = withQuery(addressOf(connector, call, at, leave), call, placing, at);
  const whole = { method: methodOf(call), url, headers, ...(body ? { body: body.bytes } : {}) };
  return placing.sign ? signCall(whole, placing.sign, at, nowMs) : whole;
}
